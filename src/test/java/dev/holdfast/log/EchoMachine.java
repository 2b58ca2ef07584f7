package dev.holdfast.log;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.CommandCodec;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventCodec;
import dev.holdfast.protocol.EventFrame;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Hash;
import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import dev.holdfast.protocol.Severity;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The smallest machine that keeps the contract: one event for each command, saying whose it was, and a pulse each second from
 * the first command on. A strategy named {@link #THROW}, {@link #HASH} or {@link #HALT} makes it do just that.
 */
public final class EchoMachine implements Machine {

    public static final String THROW = "throw";
    public static final String HASH = "hash";

    /** Halts the member whose number is the reason. */
    public static final String HALT = "halt";

    public static final String OFFERED = "offered";

    private static final long PULSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final CommandCodec commands = new CommandCodec();
    private final EventCodec events = new EventCodec();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[EventFrame.MAX_LENGTH]);
    private final Map<Long, Long> lastCorrelation = new TreeMap<>();
    private long sequence;
    private long chainHash = EventFrame.CHAIN_START;
    private long applied;

    @Override
    public void onCommand(
            long timestampNanos,
            long clientId,
            long correlationId,
            DirectBuffer buffer,
            int offset,
            int length,
            Output output) {
        Command command = commands.decode(buffer, offset, length);
        if (correlationId == 0) {
            emit(new Event.Alarm(Severity.INFO, OFFERED, ""), timestampNanos, output);
            return;
        }
        long last = lastCorrelation.getOrDefault(clientId, 0L);
        if (correlationId > last + 1) {
            output.reply(new Reply(clientId, correlationId, ReplyCode.GAP, 0, sequence, ""));
            return;
        }
        if (correlationId <= last) {
            long value = correlationId == last ? applied : 0;
            output.reply(new Reply(clientId, correlationId, ReplyCode.DUPLICATE, value, sequence, ""));
            return;
        }
        lastCorrelation.put(clientId, correlationId);
        if (command instanceof Command.ReportRenewal report) {
            emit(renewal(report), timestampNanos, output);
            output.reply(new Reply(clientId, correlationId, ReplyCode.OK, 0, sequence, ""));
            return;
        }
        boolean first = applied == 0;
        applied++;
        output.renewed(GrantKind.SENDER);
        emit(
                new Event.Alarm(Severity.INFO, Long.toString(clientId), Long.toString(correlationId)),
                timestampNanos,
                output);
        if (first) {
            output.scheduleTimer(timestampNanos + PULSE_NANOS);
        }
        switch (command) {
            case Command.ControlStrategy control -> obey(control, output);
            case Command.ReportStateHash report ->
                emit(
                        new Event.StateHashed(report.member(), report.sequence(), report.stateHash(), true),
                        timestampNanos,
                        output);
            default -> {}
        }
        output.reply(new Reply(clientId, correlationId, ReplyCode.OK, applied, sequence, ""));
    }

    /** A leader's report counts as no command, for elections come when they come. */
    private static Event renewal(Command.ReportRenewal report) {
        return new Event.OperatorActed("", "", "term " + report.leadershipTerm(), "", Long.toString(report.ageNanos()));
    }

    @Override
    public void onTimer(long timestampNanos, Output output) {
        emit(new Event.Pulse(true, timestampNanos, 0, 0, 0, 0, 0, 0, 0, ""), timestampNanos, output);
        output.scheduleTimer(timestampNanos + PULSE_NANOS);
    }

    @Override
    public void snapshot(SnapshotSink sink) {
        ExpandableArrayBuffer state = new ExpandableArrayBuffer();
        int length = encode(state);
        sink.write(state, 0, length);
        UnsafeBuffer seal = new UnsafeBuffer(new byte[Long.BYTES]);
        seal.putLong(0, Hash.bytes(Hash.START, state, 0, length));
        sink.write(seal, 0, Long.BYTES);
    }

    @Override
    public void restore(SnapshotSource source) {
        ExpandableArrayBuffer state = new ExpandableArrayBuffer(SnapshotSink.MAX_PIECE);
        int length = source.read(state);
        ExpandableArrayBuffer seal = new ExpandableArrayBuffer();
        if (length < 0
                || source.read(seal) != Long.BYTES
                || seal.getLong(0) != Hash.bytes(Hash.START, state, 0, length)
                || source.read(seal) != -1) {
            throw new CorruptSnapshot("the echo machine's snapshot is not whole");
        }
        sequence = state.getLong(0);
        chainHash = state.getLong(8);
        applied = state.getLong(16);
        for (int at = 24; at < length; at += 16) {
            lastCorrelation.put(state.getLong(at), state.getLong(at + 8));
        }
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public long stateHash() {
        ExpandableArrayBuffer state = new ExpandableArrayBuffer();
        return Hash.bytes(Hash.START, state, 0, encode(state));
    }

    private int encode(ExpandableArrayBuffer state) {
        state.putLong(0, sequence);
        state.putLong(8, chainHash);
        state.putLong(16, applied);
        int at = 24;
        for (Map.Entry<Long, Long> client : lastCorrelation.entrySet()) {
            state.putLong(at, client.getKey());
            state.putLong(at + 8, client.getValue());
            at += 16;
        }
        return at;
    }

    private void obey(Command.ControlStrategy control, Output output) {
        switch (control.name()) {
            case THROW -> throw new IllegalStateException("told to throw");
            case HASH -> output.stateHashed(sequence, stateHash());
            case HALT -> output.halt(Integer.parseInt(control.reason()), "told to halt");
            default -> {}
        }
    }

    private void emit(Event event, long timestampNanos, Output output) {
        int length = events.encode(event, frame, EventFrame.HEADER_LENGTH);
        sequence++;
        chainHash = EventFrame.seal(frame, length, sequence, chainHash, timestampNanos);
        output.event(sequence, frame, 0, EventFrame.HEADER_LENGTH + length);
    }
}
