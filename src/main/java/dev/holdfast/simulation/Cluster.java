package dev.holdfast.simulation;

import dev.holdfast.cluster.CommandFrame;
import dev.holdfast.engine.TradingEngine;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.CommandCodec;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventCodec;
import dev.holdfast.protocol.EventFrame;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The replicated log as its clients and its machine see it: commands in one order, stamped by the leader's clock; no leader for a
 * while, and then another with a clock of its own; members that restart from the last snapshot and the log behind it. What a
 * majority committed is never lost, so consensus itself needs no model.
 */
final class Cluster implements Machine.Output {

    static final int MEMBERS = 3;

    /** The client by which members tell what only they know. */
    private static final long MEMBERS_CLIENT = Long.MAX_VALUE;

    private final Scheduler scheduler;
    private final Supplier<? extends Machine> machines;
    private final Invariants invariants;
    private final Diary diary;
    private final long[] wallOffsets = new long[MEMBERS];
    private final EventCodec events = new EventCodec();
    private final CommandCodec commands = new CommandCodec();
    private final Map<Long, ClusterClient> clients = new HashMap<>();
    private final List<Runnable> subscribers = new ArrayList<>();

    /** What was put into the log since the last snapshot. */
    private final List<Consumer<Target>> entries = new ArrayList<>();

    private final ArrayDeque<Command> memberReports = new ArrayDeque<>();

    /** When each grant was last renewed, the world's time. */
    private final Map<GrantKind, Long> renewedNanos = new EnumMap<>(GrantKind.class);

    private List<byte[]> snapshot = List.of();
    private List<Recorded> recorded = new ArrayList<>();
    private Machine machine;
    private boolean led = true;
    private int leader;
    private long timerNanos;
    private long timerRequests;
    private long memberCommands;
    private long clientsOpened;
    private @Nullable Reply reply;
    private long logNanos;
    private long leadershipTerm;

    /**
     * One event, decoded once for all who read it.
     *
     * @param atNanos when it was recorded, the world's time
     */
    record Recorded(EventHeader header, Event event, long atNanos) {}

    /** What a log entry is applied to, the first time and again. */
    private record Target(Machine machine, Machine.Output output) {}

    Cluster(Scheduler scheduler, Supplier<? extends Machine> machines, Invariants invariants, Diary diary) {
        this.scheduler = scheduler;
        this.machines = machines;
        this.invariants = invariants;
        this.diary = diary;
        this.machine = machines.get();
    }

    long nextClientId() {
        return ++clientsOpened;
    }

    void connected(ClusterClient client) {
        clients.put(client.clientId(), client);
    }

    /** Runs after each input that caused events. */
    void subscribe(Runnable subscriber) {
        subscribers.add(subscriber);
    }

    boolean isLed() {
        return led;
    }

    long sequence() {
        return recorded.size();
    }

    Recorded event(long sequence) {
        return recorded.get((int) sequence - 1);
    }

    private long leaderNanos() {
        return World.WALL_NANOS + scheduler.nowNanos() + wallOffsets[leader];
    }

    void setWallOffset(int member, long nanos) {
        wallOffsets[member] = nanos;
        armTimer();
    }

    /** Log time: the newest stamp so far. */
    long logNanos() {
        return logNanos;
    }

    int leader() {
        return leader;
    }

    // What goes wrong

    /** No leader for a while; what arrives is lost before it is committed. */
    void loseLeader() {
        led = false;
    }

    /**
     * Another member leads; every client hears of it and sends again what was not answered.
     *
     * @param reportNanos after which the new leader's reports of the last renewals have come through
     */
    void elect(int member, long reportNanos) {
        leader = member;
        led = true;
        long stampNanos = leaderNanos();
        long term = ++leadershipTerm;
        List<Command> reports = new ArrayList<>();
        renewedNanos.forEach(
                (kind, atNanos) -> reports.add(new Command.ReportRenewal(term, kind, scheduler.nowNanos() - atNanos)));
        apply(target -> target.machine.onLeadershipTerm(stampNanos, term, member, target.output));
        armTimer();
        clients.values().forEach(ClusterClient::leaderChanged);
        scheduler.after(reportNanos, () -> {
            if (led) {
                memberReports.addAll(reports);
                submitReports();
                published();
            }
        });
    }

    /** A member that was restarted from its snapshot leads from now on, and takes the next one. */
    void restartMachine() {
        machine = replayed();
        keepSnapshot();
    }

    void takeSnapshot() {
        var _ = replayed();
        keepSnapshot();
    }

    private void keepSnapshot() {
        List<byte[]> pieces = new ArrayList<>();
        machine.snapshot((buffer, offset, length) -> {
            byte[] piece = new byte[length];
            buffer.getBytes(offset, piece);
            pieces.add(piece);
        });
        snapshot = pieces;
        entries.clear();
    }

    /** The log is gone with everything in it: a new one begins, and only those connected anew use it. */
    void loseEverything() {
        machine = machines.get();
        entries.clear();
        snapshot = List.of();
        recorded = new ArrayList<>();
        memberReports.clear();
        clients.clear();
        renewedNanos.clear();
        timerNanos = 0;
        timerRequests++;
    }

    /** ReplicasAgree: a member restored from the last snapshot that goes through the log behind it must be where the others are. */
    private Machine replayed() {
        Machine replica = machines.get();
        Target again = new Target(replica, new SameAgain());
        if (!snapshot.isEmpty()) {
            ArrayDeque<byte[]> pieces = new ArrayDeque<>(snapshot);
            replica.restore(target -> {
                byte[] piece = pieces.poll();
                if (piece == null) {
                    return -1;
                }
                target.putBytes(0, piece);
                return piece.length;
            });
        }
        entries.forEach(entry -> entry.accept(again));
        requireReplica(replica);
        return replica;
    }

    private void requireReplica(Machine replica) {
        if (replica.sequence() != machine.sequence() || replica.stateHash() != machine.stateHash()) {
            throw new Violation(
                    "ReplicasAgree",
                    "restored from the snapshot and replayed, a member is at event " + replica.sequence()
                            + " with hash "
                            + Long.toHexString(replica.stateHash()) + ", the leader at " + machine.sequence()
                            + " with " + Long.toHexString(machine.stateHash()));
        }
    }

    /** Each strategy's state in words. */
    Map<String, String> strategyStates() {
        return machine instanceof TradingEngine engine ? engine.strategyStates() : Map.of();
    }

    void requireReplicasAgree() {
        var _ = replayed();
    }

    // Inputs

    /** A frame arrives from a client. */
    void receive(DirectBuffer frame) {
        if (!led) {
            return;
        }
        UnsafeBuffer command =
                new UnsafeBuffer(frame, CommandFrame.HEADER_LENGTH, frame.capacity() - CommandFrame.HEADER_LENGTH);
        append(CommandFrame.clientId(frame, 0), CommandFrame.correlationId(frame, 0), command);
        Reply answer = reply;
        ClusterClient client = answer == null ? null : clients.get(answer.clientId());
        if (client != null) {
            client.replied(java.util.Objects.requireNonNull(answer));
        }
        submitReports();
        published();
    }

    private void append(long clientId, long correlationId, DirectBuffer command) {
        long stampNanos = leaderNanos();
        reply = null;
        input(
                stampNanos,
                target -> target.machine.onCommand(
                        stampNanos, clientId, correlationId, command, 0, command.capacity(), target.output));
    }

    private void input(long stampNanos, Consumer<Target> entry) {
        logNanos = Math.max(logNanos, stampNanos);
        apply(entry);
    }

    private void apply(Consumer<Target> entry) {
        entries.add(entry);
        try {
            entry.accept(new Target(machine, this));
            invariants.account().inputApplied();
        } catch (RuntimeException thrown) {
            throw new Violation(
                    "MembersAlive", "every member halts at this input, and again after each restart: " + thrown);
        }
    }

    private void submitReports() {
        Command report = memberReports.poll();
        while (report != null) {
            ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(64);
            int length = commands.encode(report, buffer, 0);
            append(MEMBERS_CLIENT, ++memberCommands, new UnsafeBuffer(buffer, 0, length));
            report = memberReports.poll();
        }
    }

    private void published() {
        for (int i = 0; i < subscribers.size(); i++) {
            subscribers.get(i).run();
        }
    }

    private void armTimer() {
        if (timerNanos == 0) {
            return;
        }
        long request = ++timerRequests;
        scheduler.after(timerNanos - leaderNanos(), () -> {
            if (request == timerRequests && led) {
                fireTimer();
            }
        });
    }

    private void fireTimer() {
        long stampNanos = Math.max(leaderNanos(), timerNanos);
        timerNanos = 0;
        input(stampNanos, target -> target.machine.onTimer(stampNanos, target.output));
        submitReports();
        published();
    }

    // What the machine causes

    @Override
    public void event(long sequence, DirectBuffer frame, int offset, int length) {
        EventHeader header = EventFrame.header(frame, offset);
        Event event = events.decode(frame, offset + EventFrame.HEADER_LENGTH, length - EventFrame.HEADER_LENGTH);
        if (header.sequence() != recorded.size() + 1) {
            throw new Violation("ReplicasAgree", "event " + header.sequence() + " follows event " + recorded.size());
        }
        recorded.add(new Recorded(header, event, scheduler.nowNanos()));
        if (!(event instanceof Event.TickApplied)) {
            diary.note(() -> "event " + header.sequence() + " " + event);
        }
        invariants.onEvent(header, event);
    }

    @Override
    public void reply(Reply answer) {
        reply = answer;
    }

    @Override
    public void scheduleTimer(long deadlineNanos) {
        timerNanos = deadlineNanos;
        armTimer();
    }

    @Override
    public void stateHashed(long sequence, long stateHash) {
        for (int member = 0; member < MEMBERS; member++) {
            memberReports.add(new Command.ReportStateHash(member, sequence, stateHash));
        }
    }

    @Override
    public void renewed(GrantKind kind) {
        renewedNanos.put(kind, scheduler.nowNanos());
    }

    @Override
    public void halt(int member, String reason) {
        throw new Violation("ReplicasAgree", "member " + member + " halts: " + reason);
    }

    /** The outputs of a machine that goes through the log again: they must be the same. */
    private final class SameAgain implements Machine.Output {

        @Override
        public void event(long sequence, DirectBuffer frame, int offset, int length) {
            Recorded first = recorded.get((int) sequence - 1);
            if (EventFrame.header(frame, offset).chainHash() != first.header.chainHash()) {
                throw new Violation(
                        "ReplicasAgree",
                        "event " + sequence + " was " + first.event + ", the replay of the log gives "
                                + events.decode(
                                        frame, offset + EventFrame.HEADER_LENGTH, length - EventFrame.HEADER_LENGTH));
            }
        }

        @Override
        public void reply(Reply answer) {}

        @Override
        public void scheduleTimer(long deadlineNanos) {}

        @Override
        public void stateHashed(long sequence, long stateHash) {}

        @Override
        public void halt(int member, String reason) {}
    }
}
