package dev.holdfast.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.CloneOutcome;
import dev.holdfast.protocol.EventFrame;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryCommandCodec;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.RecoveryEventCodec;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A machine of three hosts with its timer, and the words of a test about it. */
final class Harness implements Machine.Output {

    static final long MILLI_NANOS = 1_000_000L;
    private static final long START_NANOS = 1_795_000_000_000_000_000L;

    RecoveryMachine machine = new RecoveryMachine();
    final List<RecoveryEvent> events = new ArrayList<>();
    private final RecoveryCommandCodec commands = new RecoveryCommandCodec();
    private final RecoveryEventCodec codec = new RecoveryEventCodec();
    private long now = START_NANOS;
    private long timer;
    private long client = 7;
    private long correlation;
    private long reports;
    private @Nullable Reply reply;

    /** Host a is primary under term 1 with b eligible; c follows. */
    static Harness guarded() {
        Harness h = single();
        h.standby("b", 1, 100);
        h.standby("c", 1, 100);
        h.primary("a", 1, 100, "b,c");
        h.advance(100);
        h.ok(new RecoveryCommand.ConfirmNames(
                "a", 1, h.last(RecoveryEvent.NamesOrdered.class).number(), 101));
        return h;
    }

    /** Host a is primary under term 1; b and c were cloned and follow nobody yet. */
    static Harness single() {
        Harness h = new Harness();
        h.configure();
        h.ok(new RecoveryCommand.RenewLease("a", 1, 0, 0));
        h.ok(new RecoveryCommand.ReportPromoted("a", 1, 2, 10));
        for (String host : List.of("b", "c")) {
            h.stopped(host);
            h.ok(new RecoveryCommand.ReportClone(
                    host, h.last(RecoveryEvent.ReplicaChanged.class).cloneNumber(), CloneOutcome.DONE, ""));
        }
        return h;
    }

    void configure() {
        configure(2_000);
    }

    void configure(int leaseMillis) {
        ok(new RecoveryCommand.Configure(
                "a,b,c", "a", leaseMillis, 400, 300, 30_000, 10_000, 1_000, 1_500, 10_000, 5_000, "op", "a test"));
    }

    // Agents

    void standby(String host, long followedTerm, long lsn) {
        report(host, InstanceRole.STANDBY, 0, followedTerm, lsn, "");
    }

    void primary(String host, long term, long lsn, String connected) {
        report(host, InstanceRole.PRIMARY, term, 0, lsn, connected);
    }

    /** Its agent is there, its server is not. */
    void stopped(String host) {
        report(host, InstanceRole.NONE, 0, 0, 0, "");
    }

    private void report(String host, InstanceRole role, long term, long followedTerm, long lsn, String connected) {
        ok(new RecoveryCommand.ReportInstance(
                host,
                1,
                ++reports,
                role,
                term,
                2,
                lsn,
                lsn,
                lsn,
                followedTerm,
                false,
                0,
                "",
                lsn,
                connected,
                role == InstanceRole.NONE,
                0,
                0));
    }

    Reply renew(String host, long term) {
        return send(new RecoveryCommand.RenewLease(host, term, 50, 100));
    }

    void down(String host, long term) {
        ok(new RecoveryCommand.ReportDown(host, term, "killed"));
    }

    // Log and time

    Reply send(RecoveryCommand command) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        int length = commands.encode(command, buffer, 0);
        reply = null;
        machine.onCommand(now, client, ++correlation, buffer, 0, length, this);
        return java.util.Objects.requireNonNull(reply);
    }

    void ok(RecoveryCommand command) {
        Reply answer = send(command);
        assertThat(answer.code()).as("%s: %s", command, answer.text()).isEqualTo(ReplyCode.OK);
    }

    /** Time passes, the timer fires. */
    void advance(long millis) {
        long end = now + millis * MILLI_NANOS;
        while (timer <= end) {
            now = Math.max(now, timer);
            machine.onTimer(now, this);
        }
        now = end;
    }

    /** The leader's clock is set, with nothing in between. */
    void setClock(long millis) {
        now += millis * MILLI_NANOS;
    }

    void newLeadershipTerm(long term) {
        machine.onLeadershipTerm(now, term, 1, this);
    }

    /** As after a restart from a snapshot. */
    void restart() {
        ArrayDeque<byte[]> pieces = new ArrayDeque<>();
        machine.snapshot((buffer, offset, length) -> {
            byte[] piece = new byte[length];
            buffer.getBytes(offset, piece);
            pieces.add(piece);
        });
        long hash = machine.stateHash();
        restore(pieces);
        assertThat(machine.stateHash()).isEqualTo(hash);
    }

    /** Another machine goes on from a snapshot. */
    void restore(ArrayDeque<byte[]> pieces) {
        client++; // it may know the one of before, and how far that had counted
        correlation = 0;
        machine = new RecoveryMachine();
        machine.restore(target -> {
            byte[] piece = pieces.poll();
            if (piece == null) {
                return -1;
            }
            target.putBytes(0, piece);
            return piece.length;
        });
    }

    // What came of it

    <E extends RecoveryEvent> E last(Class<E> type) {
        return events.reversed().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    <E extends RecoveryEvent> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void event(long sequence, DirectBuffer frame, int offset, int length) {
        events.add(codec.decode(
                new UnsafeBuffer(frame, offset, length), EventFrame.HEADER_LENGTH, length - EventFrame.HEADER_LENGTH));
    }

    @Override
    public void reply(Reply answer) {
        reply = answer;
    }

    @Override
    public void scheduleTimer(long deadlineNanos) {
        timer = deadlineNanos;
    }

    @Override
    public void stateHashed(long sequence, long stateHash) {}

    @Override
    public void halt(int member, String reason) {
        throw new AssertionError("member " + member + " halts: " + reason);
    }
}
