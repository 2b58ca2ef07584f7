package dev.holdfast.simulation.recovery;

import dev.holdfast.protocol.EventFrame;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryCommandCodec;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.RecoveryEventCodec;
import dev.holdfast.protocol.Reply;
import dev.holdfast.simulation.Diary;
import dev.holdfast.simulation.Dice;
import dev.holdfast.simulation.Scheduler;
import dev.holdfast.simulation.Violation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The recovery cluster as its clients and its machine see it: the hosts' agents vote; commands in one order, stamped by the
 * leader's wall clock; no leader while none has a majority, then a new term.
 */
final class RecoveryLog implements Machine.Output {

    /** Wall time at the beginning of every world. */
    private static final long WALL_NANOS = 1_795_000_000_000_000_000L;

    private static final long MEMBERS_CLIENT = Long.MAX_VALUE;
    private static final long CONSENSUS_NANOS = 50_000_000L;

    private final Scheduler scheduler;
    private final Dice dice;
    private final Diary diary;
    private final Links links;
    private final List<Host> hosts;
    private final Supplier<? extends Machine> machines;
    private final Witness witness;
    private final RecoveryEventCodec events = new RecoveryEventCodec();
    private final RecoveryCommandCodec commands = new RecoveryCommandCodec();

    private final List<Recorded> recorded = new ArrayList<>();
    private final List<Consumer<Replay>> entries = new ArrayList<>();
    private final ArrayDeque<RecoveryCommand> hashReports = new ArrayDeque<>();
    private List<byte[]> snapshot = List.of();
    private Machine machine;
    private int leader;
    private boolean led = true;
    private long leadershipTerm = 1;
    private long leaderlessNanos = -1;
    private long electionNanos;
    private long timerNanos;
    private long timerRequests;
    private long clients;
    private long memberCommands;
    private @Nullable Reply reply;

    /** One event and when it was recorded, the world's time. */
    record Recorded(EventHeader header, RecoveryEvent event, long atNanos) {}

    /** What a log entry is applied to again. */
    private record Replay(Machine machine, Machine.Output output) {}

    RecoveryLog(
            Scheduler scheduler,
            Dice dice,
            Diary diary,
            Links links,
            List<Host> hosts,
            Supplier<? extends Machine> machines,
            Witness witness) {
        this.scheduler = scheduler;
        this.dice = dice;
        this.diary = diary;
        this.links = links;
        this.hosts = hosts;
        this.machines = machines;
        this.witness = witness;
        this.machine = machines.get();
    }

    void begin() {
        consensus();
    }

    long nextClientId() {
        return ++clients;
    }

    List<Recorded> recorded() {
        return recorded;
    }

    String leader() {
        return hosts.get(leader).name;
    }

    /** How many events the host's own member has; it may be behind while commands and replies go to the leader and back. */
    int visibleTo(String host, int before) {
        if (!led || !links.passes(leader(), host)) {
            return before;
        }
        long latestNanos = scheduler.nowNanos() - links.eventLagNanos(host);
        int visible = before;
        while (visible < recorded.size() && recorded.get(visible).atNanos <= latestNanos) {
            visible++;
        }
        return visible;
    }

    // Consensus

    private void consensus() {
        scheduler.after(CONSENSUS_NANOS, this::consensus);
        if (hasMajority(leader)) {
            led = true;
            leaderlessNanos = -1;
            return;
        }
        led = false;
        if (leaderlessNanos < 0) {
            leaderlessNanos = scheduler.nowNanos();
            electionNanos = dice.millis(400, 1_200);
        }
        if (scheduler.nowNanos() - leaderlessNanos > electionNanos) {
            elect();
        }
    }

    /** Another member leads, if one has a majority. */
    void elect() {
        List<Integer> able = new ArrayList<>();
        for (int member = 0; member < hosts.size(); member++) {
            if (hasMajority(member)) {
                able.add(member);
            }
        }
        if (able.isEmpty()) {
            return;
        }
        leader = dice.any(able);
        led = true;
        leaderlessNanos = -1;
        long stamp = leaderNanos();
        long term = ++leadershipTerm;
        int member = leader;
        diary.note(() -> "host " + hosts.get(member).name + " leads the recovery log, term " + term);
        apply(replay -> replay.machine.onLeadershipTerm(stamp, term, member, replay.output));
        armTimer();
    }

    private boolean hasMajority(int member) {
        Host candidate = hosts.get(member);
        if (!candidate.votes()) {
            return false;
        }
        int votes = 0;
        for (Host voter : hosts) {
            if (voter.votes() && links.connects(candidate.name, voter.name)) {
                votes++;
            }
        }
        return votes > hosts.size() / 2;
    }

    private long leaderNanos() {
        return WALL_NANOS + scheduler.nowNanos() + hosts.get(leader).wallOffsetNanos;
    }

    // Inputs

    void send(
            String from,
            long clientId,
            long correlationId,
            RecoveryCommand command,
            @Nullable Consumer<Reply> answered) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(256);
        UnsafeBuffer bytes = new UnsafeBuffer(buffer, 0, commands.encode(command, buffer, 0));
        links.message(from, leader(), () -> {
            if (!led || !hasMajority(leader)) {
                return;
            }
            String answering = leader();
            if (command instanceof RecoveryCommand.WithdrawNames withdrawal) {
                witness.withdrawn(withdrawal.number());
            }
            Reply answer = append(clientId, correlationId, bytes);
            if (answered != null && answer != null) {
                links.message(answering, from, () -> answered.accept(answer));
            }
        });
    }

    private @Nullable Reply append(long clientId, long correlationId, DirectBuffer command) {
        long stamp = leaderNanos();
        reply = null;
        apply(replay -> replay.machine.onCommand(
                stamp, clientId, correlationId, command, 0, command.capacity(), replay.output));
        Reply answer = reply;
        for (RecoveryCommand report = hashReports.poll(); report != null; report = hashReports.poll()) {
            ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(64);
            append(MEMBERS_CLIENT, ++memberCommands, new UnsafeBuffer(buffer, 0, commands.encode(report, buffer, 0)));
        }
        return answer;
    }

    private void apply(Consumer<Replay> entry) {
        entries.add(entry);
        try {
            entry.accept(new Replay(machine, this));
        } catch (RuntimeException thrown) {
            throw new Violation("MembersAlive", "every member halts at this input: " + thrown);
        }
    }

    private void armTimer() {
        if (timerNanos == 0) {
            return;
        }
        long request = ++timerRequests;
        scheduler.after(timerNanos - leaderNanos(), () -> {
            if (request == timerRequests) {
                fireTimer();
            }
        });
    }

    private void fireTimer() {
        if (!led || !hasMajority(leader)) {
            scheduler.after(CONSENSUS_NANOS, this::armTimer);
            return;
        }
        if (leaderNanos() < timerNanos) {
            armTimer(); // the clock was set back
            return;
        }
        long stamp = leaderNanos();
        timerNanos = 0;
        apply(replay -> replay.machine.onTimer(stamp, replay.output));
    }

    /** The host's wall clock is set. */
    void setWallOffset(Host host, long nanos) {
        host.wallOffsetNanos = nanos;
        armTimer();
    }

    // What the machine causes

    @Override
    public void event(long sequence, DirectBuffer frame, int offset, int length) {
        EventHeader header = EventFrame.header(frame, offset);
        RecoveryEvent event =
                events.decode(frame, offset + EventFrame.HEADER_LENGTH, length - EventFrame.HEADER_LENGTH);
        recorded.add(new Recorded(header, event, scheduler.nowNanos()));
        if (!(event instanceof RecoveryEvent.LeaseRenewed) && !(event instanceof RecoveryEvent.InstanceSeen)) {
            diary.note(event::toString);
        }
        witness.decided(event);
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
        for (int member = 0; member < hosts.size(); member++) {
            hashReports.add(new RecoveryCommand.ReportStateHash(member, sequence, stateHash));
        }
    }

    @Override
    public void halt(int member, String reason) {
        throw new Violation("ReplicasAgree", "member " + member + " halts: " + reason);
    }

    // Replicas

    /** A member restored from the last snapshot that goes through the log behind it must be where the others are, and takes over. */
    void restartMachine() {
        Machine replica = machines.get();
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
        Machine.Output silent = new Silent();
        entries.forEach(entry -> entry.accept(new Replay(replica, silent)));
        if (replica.sequence() != machine.sequence() || replica.stateHash() != machine.stateHash()) {
            throw new Violation(
                    "ReplicasAgree",
                    "restored and replayed, a member is at event " + replica.sequence() + " with hash "
                            + Long.toHexString(replica.stateHash()) + ", the others at " + machine.sequence()
                            + " with " + Long.toHexString(machine.stateHash()));
        }
        machine = replica;
        List<byte[]> taken = new ArrayList<>();
        machine.snapshot((buffer, offset, length) -> {
            byte[] piece = new byte[length];
            buffer.getBytes(offset, piece);
            taken.add(piece);
        });
        snapshot = taken;
        entries.clear();
    }

    /** The outputs of a machine that goes through the log again: they must be the same. */
    private final class Silent implements Machine.Output {
        @Override
        public void event(long sequence, DirectBuffer frame, int offset, int length) {
            Recorded first = recorded.get((int) sequence - 1);
            if (EventFrame.header(frame, offset).chainHash() != first.header.chainHash()) {
                throw new Violation(
                        "ReplicasAgree", "event " + sequence + " was " + first.event + ", not in the replay");
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
