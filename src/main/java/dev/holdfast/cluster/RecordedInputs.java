package dev.holdfast.cluster;

import dev.holdfast.protocol.Machine;
import io.aeron.cluster.client.AeronCluster;
import io.aeron.cluster.codecs.MessageHeaderDecoder;
import io.aeron.cluster.codecs.NewLeadershipTermEventDecoder;
import io.aeron.cluster.codecs.SessionMessageHeaderDecoder;
import io.aeron.cluster.codecs.TimerEventDecoder;
import org.agrona.DirectBuffer;

/**
 * The machine's inputs as the log holds them, commands, timers and leaders' terms, in order. What else the log holds (sessions,
 * snapshots) never reaches the machine.
 */
public final class RecordedInputs {

    private final RecordedMessages messages;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SessionMessageHeaderDecoder command = new SessionMessageHeaderDecoder();
    private final TimerEventDecoder timer = new TimerEventDecoder();
    private final NewLeadershipTermEventDecoder term = new NewLeadershipTermEventDecoder();
    private Kind kind = Kind.TIMER;
    private long timestampNanos;

    private enum Kind {
        COMMAND,
        TIMER,
        TERM
    }

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
                kind = Kind.COMMAND;
                timestampNanos =
                        command.wrapAndApplyHeader(buffer, offset, header).timestamp();
                return true;
            }
            if (header.templateId() == TimerEventDecoder.TEMPLATE_ID) {
                kind = Kind.TIMER;
                timestampNanos =
                        timer.wrapAndApplyHeader(buffer, offset, header).timestamp();
                return true;
            }
            if (header.templateId() == NewLeadershipTermEventDecoder.TEMPLATE_ID) {
                kind = Kind.TERM;
                timestampNanos = term.wrapAndApplyHeader(buffer, offset, header).timestamp();
                return true;
            }
        }
        return false;
    }

    public boolean isCommand() {
        return kind == Kind.COMMAND;
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
        switch (kind) {
            case COMMAND ->
                machine.onCommand(
                        timestampNanos,
                        clientId(),
                        CommandFrame.correlationId(messages.buffer(), frame()),
                        buffer(),
                        offset(),
                        length(),
                        output);
            case TIMER -> machine.onTimer(timestampNanos, output);
            case TERM ->
                machine.onLeadershipTerm(timestampNanos, term.leadershipTermId(), term.leaderMemberId(), output);
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
