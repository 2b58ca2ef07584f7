package dev.holdfast.cluster;

import dev.holdfast.protocol.Machine;
import io.aeron.cluster.client.AeronCluster;
import io.aeron.cluster.codecs.MessageHeaderDecoder;
import io.aeron.cluster.codecs.SessionMessageHeaderDecoder;
import io.aeron.cluster.codecs.TimerEventDecoder;
import org.agrona.DirectBuffer;

/**
 * The machine's inputs as the log holds them, commands and timers, in order. What else the log holds (sessions, terms,
 * snapshots) never reaches the machine.
 */
public final class RecordedInputs {

    private final RecordedMessages messages;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SessionMessageHeaderDecoder command = new SessionMessageHeaderDecoder();
    private final TimerEventDecoder timer = new TimerEventDecoder();
    private boolean timerFired;
    private long timestampNanos;

    RecordedInputs(RecordedMessages messages) {
        this.messages = messages;
    }

    /** Goes to the next input; false where the log ends. */
    public boolean next() {
        while (messages.next()) {
            DirectBuffer buffer = messages.buffer();
            int offset = messages.offset();
            header.wrap(buffer, offset);
            if (header.templateId() == SessionMessageHeaderDecoder.TEMPLATE_ID
                    && messages.length() >= AeronCluster.SESSION_HEADER_LENGTH + CommandFrame.HEADER_LENGTH) {
                timerFired = false;
                timestampNanos =
                        command.wrapAndApplyHeader(buffer, offset, header).timestamp();
                return true;
            }
            if (header.templateId() == TimerEventDecoder.TEMPLATE_ID) {
                timerFired = true;
                timestampNanos =
                        timer.wrapAndApplyHeader(buffer, offset, header).timestamp();
                return true;
            }
        }
        return false;
    }

    /** Whether the input at hand is the machine's timer, and no command. */
    public boolean isTimer() {
        return timerFired;
    }

    /** The time the leader stamped it with, epoch nanoseconds. */
    public long timestampNanos() {
        return timestampNanos;
    }

    /** The encoded command at hand; valid until the next input. */
    public DirectBuffer buffer() {
        return messages.buffer();
    }

    public int offset() {
        return frame() + CommandFrame.HEADER_LENGTH;
    }

    public int length() {
        return messages.length() - AeronCluster.SESSION_HEADER_LENGTH - CommandFrame.HEADER_LENGTH;
    }

    public long clientId() {
        return CommandFrame.clientId(messages.buffer(), frame());
    }

    /** Gives the machine the input at hand, as the member did. */
    public void applyTo(Machine machine, Machine.Output output) {
        if (timerFired) {
            machine.onTimer(timestampNanos, output);
        } else {
            machine.onCommand(
                    timestampNanos,
                    clientId(),
                    CommandFrame.correlationId(messages.buffer(), frame()),
                    buffer(),
                    offset(),
                    length(),
                    output);
        }
    }

    /** Where reading stands, in bytes of the log. */
    public long position() {
        return messages.position();
    }

    /** Whether reading ended at a frame whose checksum is wrong. */
    public boolean damaged() {
        return messages.damaged();
    }

    private int frame() {
        return messages.offset() + AeronCluster.SESSION_HEADER_LENGTH;
    }
}
