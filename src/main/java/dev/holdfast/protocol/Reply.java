package dev.holdfast.protocol;

/**
 * The machine's answer to one command.
 *
 * @param value what the command's description says; 0 when nothing
 * @param sequence the last event the command caused, or the last event so far
 * @param text why not, or empty
 */
public record Reply(long clientId, long correlationId, ReplyCode code, long value, long sequence, String text) {

    /** Whether the command did what it asked. A duplicate repeats the first answer, so it counts as done. */
    public boolean accepted() {
        return code == ReplyCode.OK || code == ReplyCode.DUPLICATE;
    }
}
