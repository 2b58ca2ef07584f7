package dev.holdfast.agent;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether a process that is there does anything, from the answers it gave. Pure: time is an argument. A process that a debugger holds
 * is nobody's to replace: a person is at it.
 */
final class Liveness {

    /** So long a process may be stopped, use no processor, or have a loop that does not turn. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    /** So long one may be silent that works: a long collection of garbage, or a machine too busy for it. */
    static final Duration BUSY_LIMIT = Duration.ofMinutes(1);

    /** So long one may take to answer for the first time. */
    static final Duration START_LIMIT = Duration.ofMinutes(2);

    /** A process that waits wakes up now and then. */
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
     * What is seen of a process from outside.
     *
     * @param frozen stopped by a signal
     * @param traced held by a debugger
     * @param processorNanos used since its start
     */
    record Sight(long pid, boolean frozen, boolean traced, long processorNanos) {}

    /**
     * It answered.
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

    /** Who watches was away: nothing can be said of the time before. */
    synchronized void forget() {
        pid = 0;
    }

    /** Why it counts as dead; empty while it does not. */
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
