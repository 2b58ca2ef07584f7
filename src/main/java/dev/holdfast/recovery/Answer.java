package dev.holdfast.recovery;

import dev.holdfast.protocol.ReplyCode;

/** A handler's answer to its command. */
record Answer(ReplyCode code, long value, String text) {

    static final Answer OK = new Answer(ReplyCode.OK, 0, "");

    static Answer ok(long value) {
        return new Answer(ReplyCode.OK, value, "");
    }

    static Answer refused(String why) {
        return new Answer(ReplyCode.REFUSED, 0, why);
    }
}
