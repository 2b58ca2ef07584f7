package dev.holdfast.drill;

import dev.holdfast.audit.Witness.WitnessUnavailable;
import dev.holdfast.drill.EventTail.Sign;
import dev.holdfast.drill.RunningSystem.HostView;
import dev.holdfast.drill.RunningSystem.ProcessView;
import dev.holdfast.log.Log;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Watches the system from outside while faults are measured: ledger, database, log and agents, each in a thread of its own, because
 * each may be slow to answer. While nothing is measured it looks once a second.
 */
final class Observatory implements AutoCloseable {

    private static final long LEDGER_MILLIS = 50;
    private static final long DATABASE_MILLIS = 20;
    private static final long TERM_MILLIS = 5;
    private static final long AGENT_MILLIS = 40;
    private static final long IDLE_MILLIS = 1_000;
    private static final long UNHURRIED_NANOS = 300_000_000L;

    /** What nobody has noticed by then is not going to be. */
    private static final long DETECTION_LIMIT_NANOS = 15_000_000_000L;

    private final RunningSystem system;
    private final Log log;
    private final EventTail events;
    private final LedgerTail ledger;
    private final @Nullable RecoveryTail recovery;
    private final List<Watched> open = new CopyOnWriteArrayList<>();
    private final List<Thread> threads;
    private volatile long durableLogNanos;
    private volatile boolean closed;
    private long databaseLookedNanos = System.nanoTime() - UNHURRIED_NANOS;

    /**
     * @param pids of the processes that were struck, by host and name
     * @param term of the leadership before the fault
     */
    private record Watched(Measurement measurement, List<ProcessView> struck, Map<String, Long> pids, long term) {}

    /** @param recovery null where no database is decided about */
    Observatory(RunningSystem system, Log log, EventTail events, LedgerTail ledger, @Nullable RecoveryTail recovery) {
        this.system = system;
        this.log = log;
        this.events = events;
        this.ledger = ledger;
        this.recovery = recovery;
        this.threads = List.of(
                thread("drill-ledger", this::lookAtLedger, LEDGER_MILLIS),
                thread("drill-database", this::lookAtDatabase, DATABASE_MILLIS),
                thread("drill-term", this::lookAtLog, TERM_MILLIS),
                thread("drill-agents", this::lookAtAgents, AGENT_MILLIS));
    }

    void start() {
        ledger.skipToEnd();
        threads.forEach(Thread::start);
    }

    /** @param struck what was met: their agents are asked whether they have noticed */
    void measure(Measurement measurement, List<ProcessView> struck, long term) {
        Map<String, Long> pids = new java.util.HashMap<>();
        struck.forEach(process -> pids.put(process.label(), process.pid()));
        open.add(new Watched(measurement, List.copyOf(struck), Map.copyOf(pids), term));
        threads.forEach(java.util.concurrent.locks.LockSupport::unpark);
    }

    /** Ends the measuring of what is open. */
    void rest() {
        open.clear();
    }

    /** Whether each open measurement has its next order and its next durable row. */
    boolean complete() {
        return open.stream().allMatch(each -> each.measurement.isOrdered() && each.measurement.isDurable());
    }

    /** Log time of the newest event seen in the primary database, 0 before the first look. */
    long durableLogNanos() {
        return durableLogNanos;
    }

    private void lookAtLedger() {
        try {
            ledger.poll();
        } catch (WitnessUnavailable silent) {
            return; // the steady state tells of an exchange that stays away
        }
        for (Watched each : open) {
            ledger.firstWishedAfter(each.measurement.madeNanos(), events).ifPresent(each.measurement::ordered);
        }
    }

    private void lookAtDatabase() {
        boolean awaited = open.stream().anyMatch(each -> !each.measurement.isDurable());
        if (!awaited && System.nanoTime() - databaseLookedNanos < UNHURRIED_NANOS) {
            return;
        }
        databaseLookedNanos = System.nanoTime();
        try {
            durableLogNanos = system.durableLogTimeNanos();
        } catch (Exception away) { // whatever the driver throws: a database that is away is what is being measured
            return;
        }
        long seen = Wall.nanos();
        open.forEach(each -> each.measurement.durable(seen, durableLogNanos));
    }

    private void lookAtLog() {
        for (Watched each : open) {
            Measurement measurement = each.measurement;
            switch (measurement.kind().aim) {
                case LEADER, TWO_TRADERS -> {
                    long term = log.status().term();
                    if (!measurement.isDetected() && term > each.term) {
                        measurement.detected(Wall.nanos(), "leadership term " + term);
                    }
                }
                case SENDER -> sign(measurement, Sign.Kind.SENDER_CHANGED);
                case EXCHANGE -> sign(measurement, Sign.Kind.ORDER_IN_DOUBT);
                case PRIMARY, STANDBY, HOST -> decided(measurement);
                case RECOVERY_LEADER -> elected(measurement);
                case FOLLOWER, STANDBY_GATEWAY, AGENT, DASHBOARD, REDIS -> {}
            }
        }
    }

    private void sign(Measurement measurement, Sign.Kind kind) {
        Optional<Sign> sign = events.firstSign(kind, measurement.faultNanos());
        sign.ifPresent(first -> measurement.detected(first.atNanos(), first.text()));
    }

    /** Where no recovery machine decides, nothing does. */
    private void decided(Measurement measurement) {
        RecoveryTail tail = recovery;
        if (tail != null && !measurement.isDetected()) {
            tail.moments().stream()
                    .filter(moment -> moment.atNanos() > measurement.faultNanos())
                    .findFirst()
                    .ifPresent(first -> measurement.detected(first.atNanos(), "the database is " + first.phase()));
        }
    }

    private void elected(Measurement measurement) {
        RecoveryTail tail = recovery;
        if (tail != null && !measurement.isDetected()) {
            tail.elections().stream()
                    .filter(election -> election.atNanos() > measurement.faultNanos())
                    .findFirst()
                    .ifPresent(first -> measurement.detected(
                            first.atNanos(), "voter " + first.member() + " leads the recovery machine"));
        }
    }

    /** A killed process is missed by its agent. A frozen one lives, as far as an agent can tell. */
    private void lookAtAgents() throws InterruptedException {
        for (Watched each : open) {
            Measurement measurement = each.measurement;
            boolean worth = measurement.kind().deed == FaultKind.Deed.KILL
                    && !measurement.kind().killsAgent()
                    && !measurement.isDetected()
                    && Wall.nanos() - measurement.faultNanos() < DETECTION_LIMIT_NANOS;
            if (worth) {
                for (ProcessView process : each.struck) {
                    lookAtAgent(each, process);
                }
            }
        }
    }

    private void lookAtAgent(Watched watched, ProcessView process) throws InterruptedException {
        HostView host = system.look(process.host());
        long seen = Wall.nanos();
        host.processes().stream()
                .filter(now -> host.answers() && now.name().equals(process.name()))
                .filter(now -> !now.runs() || now.pid() != watched.pids.getOrDefault(process.label(), 0L))
                .findFirst()
                .ifPresent(now -> watched.measurement.detected(seen, "agent of " + now.host() + ": " + now.state()));
    }

    /** One look; what it waits for is somebody else's answer. */
    @FunctionalInterface
    private interface Look {
        void look() throws InterruptedException;
    }

    private Thread thread(String name, Look look, long busyMillis) {
        return Thread.ofPlatform().daemon().name(name).unstarted(() -> {
            try {
                while (!closed) {
                    look.look();
                    java.util.concurrent.locks.LockSupport.parkNanos(
                            (open.isEmpty() ? IDLE_MILLIS : busyMillis) * 1_000_000);
                }
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(java.util.concurrent.locks.LockSupport::unpark);
    }
}
