package dev.holdfast.agent;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether a process that is there does anything, from the answers it gave. Pure: time is an argument. A process that a debugger holds
 * is nobody's to replace: a person is at it.
 */
final class Liveness {

    /**
     * A process counts as dead after this time stopped by a signal, without processor time, or with a loop that does not turn.
     */
    static final Duration LIMIT = Duration.ofSeconds(10);

    /** A working process may be silent for this long: it may collect garbage, or the machine may be too busy for it. */
    static final Duration BUSY_LIMIT = Duration.ofMinutes(1);

    /** A process may take this long to its first answer after its start. */
    static final Duration START_LIMIT = Duration.ofMinutes(2);

    /**
     * A silent process counts as idle below one part in this many of a processor. A process that waits wakes up now and then.
     */
    private static final int IDLE_SHARE = 100;

    private final Duration limit;
    private long pid;
    private boolean answered;
    private String problem = "";
    private long sinceNanos;
    private long processorNanos;

    Liveness() {
        this(LIMIT);
    }

    /** @param limit in the place of {@link #LIMIT} */
    Liveness(Duration limit) {
        this.limit = limit;
    }

    /**
     * One look at a process from outside, without asking it.
     *
     * @param frozen whether a signal has stopped it
     * @param traced whether a debugger holds it
     * @param processorNanos processor time that it has used since its start
     */
    record Sight(long pid, boolean frozen, boolean traced, long processorNanos) {}

    /**
     * Notes that the process has answered.
     *
     * @param problem why it does not work; empty when it does
     */
    synchronized void answered(Sight sight, String problem, long nowNanos) {
        meet(sight, nowNanos);
        answered = true;
        this.problem = problem;
        if (problem.isEmpty()) {
            count(sight, nowNanos);
        }
    }

    /** Begins anew after the watcher itself was away: nothing is known of the process in the time between. */
    synchronized void forget() {
        pid = 0;
    }

    /** Why the process counts as dead; empty while it does not. */
    synchronized Optional<String> dead(Sight sight, long nowNanos) {
        meet(sight, nowNanos);
        long silent = nowNanos - sinceNanos;
        if (sight.traced || silent < limit(sight, silent).toNanos()) {
            return Optional.empty();
        }
        String why = sight.frozen ? "it is stopped" : problem.isEmpty() ? "it does not answer" : problem;
        return Optional.of(why + ", since " + silent / 1_000_000_000 + " s");
    }

    private Duration limit(Sight sight, long silentNanos) {
        if (sight.frozen || !problem.isEmpty()) {
            return limit;
        }
        if (!answered) {
            return START_LIMIT;
        }
        return sight.processorNanos - processorNanos < silentNanos / IDLE_SHARE ? limit : BUSY_LIMIT;
    }

    private void meet(Sight sight, long nowNanos) {
        if (pid != sight.pid) {
            pid = sight.pid;
            answered = false;
            problem = "";
            count(sight, nowNanos);
        }
    }

    private void count(Sight sight, long nowNanos) {
        sinceNanos = nowNanos;
        processorNanos = sight.processorNanos;
    }
}
