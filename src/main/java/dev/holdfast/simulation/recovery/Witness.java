package dev.holdfast.simulation.recovery;

import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.PromotionMode;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.simulation.Scheduler;
import dev.holdfast.simulation.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Knows what was acknowledged, where and under which term, and checks the invariants as things happen. */
final class Witness {

    /** From the thaw of a whole host to the end of what its fencer kills. */
    private static final long FENCED_WITHIN_NANOS = 20_000_000L;

    /** From a change of what is in force until the keeper has seen it and commits wait again. */
    private static final long LOOK_NANOS = 200_000_000L;

    private final Scheduler scheduler;
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private final TreeMap<Long, PromotionMode> modes = new TreeMap<>();
    private final TreeMap<String, Integer> happened = new TreeMap<>();
    private List<Host> hosts = List.of();
    private Consumer<RecoveryEvent> listener = _ -> {};
    private @Nullable ModelInstance newest;
    private long serials;
    private long term;
    private String holder = "";
    private long rows;
    private long synchronousRows;
    private long lostByDecision;
    private DatabasePhase phase = DatabasePhase.EMPTY;
    private boolean incident;
    private boolean repeating;

    /** Names orders that were withdrawn, by their number. */
    private final TreeSet<Long> withdrawn = new TreeSet<>();

    /** The same when somebody was last appointed. */
    private TreeSet<Long> withdrawnBefore = new TreeSet<>();

    /** @param exposedUnder the order that somebody had just changed behind the keeper's back, 0 when nobody had */
    private record Acknowledged(
            ModelInstance.WalRecord wal, int lsn, String host, long term, boolean synchronous, long exposedUnder) {}

    Witness(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Who else hears of each decision. */
    void listen(Consumer<RecoveryEvent> other) {
        listener = other;
    }

    void watch(List<Host> all) {
        hosts = all;
    }

    long nextSerial() {
        return ++serials;
    }

    /** The newest term. */
    long term() {
        return term;
    }

    /** Whose it is. */
    String holder() {
        return holder;
    }

    long rows() {
        return rows;
    }

    long synchronousRows() {
        return synchronousRows;
    }

    long lostByDecision() {
        return lostByDecision;
    }

    Map<String, Integer> happened() {
        return happened;
    }

    /** Whether a primary with all its redundancy stands. */
    boolean redundant() {
        return phase == DatabasePhase.GUARDED && !incident;
    }

    /** The primary tells a client that its row is committed. */
    void acknowledged(ModelInstance instance, ModelInstance.WalRecord wal, int lsn) {
        rows++;
        boolean synchronous = instance.synchronous();
        if (synchronous) {
            synchronousRows++;
        }
        ModelInstance latest = newest;
        boolean elsewhere = latest != null && latest.term > instance.term && !latest.has(wal, lsn);
        boolean waitsForNobody = lossySince(instance.term) || instance.exposed();
        if (elsewhere && latest != null && waitsForNobody && justThawed(instance)) {
            // Only its fencer stops it, which was thawed at the same moment; a loss was decided on.
            count("row acknowledged by a primary just thawed");
            lostByDecision++;
            return;
        }
        if (elsewhere && latest != null && lossySince(instance.term) && nobodyCanFence(instance.host)) {
            // Agent and fencer stand still together: two faults, and a loss was decided on.
            count("row acknowledged while neither agent nor fencer of its host ran");
            lostByDecision++;
            return;
        }
        if (elsewhere && latest != null) {
            throw new Violation(
                    "OnePrimary",
                    instance.host + " acknowledges row " + wal.row() + " at " + lsn + " under term " + instance.term
                            + (synchronous ? ", waiting for " + instance.names : ", alone") + ", while "
                            + latest.host + " can acknowledge under term " + latest.term + " and has not that row");
        }
        acknowledged.add(new Acknowledged(
                wal,
                lsn,
                instance.host,
                instance.term,
                synchronous,
                instance.exposed() && notYetSeen(instance) ? instance.namesNumber : 0));
    }

    /** From here on this instance can acknowledge. */
    void writable(ModelInstance instance) {
        ModelInstance before = newest;
        if (before != null && before.term > instance.term) {
            if (justThawed(instance)) {
                count("promotion ended by a primary just thawed");
                return;
            }
            throw new Violation(
                    "OnePrimary",
                    instance.host + " becomes primary of term " + instance.term + " after " + before.host
                            + " became one of term " + before.term);
        }
        newest = instance;
        PromotionMode mode = modes.getOrDefault(instance.term, PromotionMode.SAFE);
        List<Acknowledged> missing = new ArrayList<>();
        for (Acknowledged row : acknowledged) {
            if (!instance.has(row.wal, row.lsn)) {
                missing.add(row);
            }
        }
        missing.removeIf(row -> {
            // Nobody had looked yet, and nobody could tell afterwards.
            boolean unseen = row.exposedUnder != 0 && !withdrawnBefore.contains(row.exposedUnder);
            if (unseen) {
                count("row lost between a change of settings and the next look");
                acknowledged.remove(row);
                lostByDecision++;
            }
            return unseen;
        });
        if (missing.isEmpty()) {
            return;
        }
        if (mode.complete()) {
            Acknowledged first = missing.getFirst();
            throw new Violation(
                    "NoRowLost",
                    instance.host + " becomes primary of term " + instance.term + " as " + mode + " without "
                            + missing.size() + " acknowledged rows, the first of them " + first.wal.row() + " at "
                            + first.lsn + ", acknowledged by " + first.host + " under term " + first.term
                            + (first.synchronous ? " waiting for a standby" : " alone"));
        }
        lostByDecision += missing.size();
        count("rows lost by a decision that said so");
        acknowledged.removeAll(missing);
    }

    /** Whether somebody was appointed in spite of what he lacked after this term. */
    private boolean lossySince(long ofTerm) {
        return modes.tailMap(ofTerm, false).values().stream().anyMatch(mode -> !mode.complete());
    }

    /** Whether the keeper has not had the time for a look since somebody changed the names; it must see what lasts longer. */
    private boolean notYetSeen(ModelInstance instance) {
        return instance.tamperedForNanos() < LOOK_NANOS
                || instance.postmaster.pausedWithin(LOOK_NANOS)
                || hosts.stream()
                        .anyMatch(host -> host.instance == instance && host.agentProcess.pausedWithin(LOOK_NANOS));
    }

    private boolean nobodyCanFence(String name) {
        return hosts.stream()
                .anyMatch(host -> host.name.equals(name) && !host.agentProcess.runs() && !host.fencer.process.runs());
    }

    private static boolean justThawed(ModelInstance instance) {
        return instance.backends.thawedForNanos() < FENCED_WITHIN_NANOS;
    }

    /** The machine was told that what was confirmed under this order holds no longer. */
    void withdrawn(long number) {
        withdrawn.add(number);
        count("names withdrawn");
    }

    /** Some host extended its own lease. */
    void leaseExtended() {
        requireOneHolder();
    }

    void decided(RecoveryEvent event) {
        boolean repeats = repeating;
        repeating = event instanceof RecoveryEvent.CheckpointStarted
                || (repeating && !(event instanceof RecoveryEvent.CheckpointEnded));
        if (repeats || repeating) {
            return; // a checkpoint decides nothing
        }
        switch (event) {
            case RecoveryEvent.LeaseGranted e -> {
                if (e.term() <= term) {
                    throw new Violation("TermGrows", "term " + e.term() + " is granted after term " + term);
                }
                term = e.term();
                holder = e.host();
                requireOneHolder(e.host());
            }
            case RecoveryEvent.PromotionDecided e -> {
                modes.put(e.term(), e.mode());
                withdrawnBefore = new TreeSet<>(withdrawn);
                count("promotion " + e.mode());
            }
            case RecoveryEvent.PhaseChanged e -> {
                phase = e.phase();
                count(e.previous() + " " + e.input() + " " + e.phase());
            }
            case RecoveryEvent.ReplicaChanged e -> count("copy " + e.previous() + " " + e.input() + " " + e.state());
            case RecoveryEvent.IncidentOpened e -> incident = true;
            case RecoveryEvent.IncidentClosed e -> incident = false;
            case RecoveryEvent.CommandQuarantined e ->
                throw new Violation("MembersAlive", "a command or timer was quarantined: " + e);
            default -> {} // of no concern here
        }
        listener.accept(event);
    }

    private void requireOneHolder() {
        String holder = "";
        for (Host host : hosts) {
            if (host.leaseRuns(scheduler.nowNanos())) {
                if (!holder.isEmpty()) {
                    throw new Violation("OnePrimary", holder + " and " + host.name + " both hold a lease that runs");
                }
                holder = host.name;
            }
        }
    }

    /** Nobody else's lease may still run when a new one is granted. */
    private void requireOneHolder(String granted) {
        for (Host host : hosts) {
            if (!host.name.equals(granted) && host.leaseRuns(scheduler.nowNanos())) {
                throw new Violation(
                        "OnePrimary",
                        granted + " is granted term " + term + " while " + host.name + " counts its lease for another "
                                + (host.fencer.deadlineNanos - scheduler.nowNanos()) / 1_000_000 + " ms");
            }
        }
    }

    private void count(String what) {
        happened.merge(what, 1, Integer::sum);
    }
}
