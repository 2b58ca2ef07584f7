package dev.holdfast.recovery;

/**
 * How far the machine's own time moves from one stamp to the next. Stamps are wall clocks: one that is set forward must not
 * end a lease that its holder still counts, one that is set back must not stop time. So a step counts for at most
 * {@link #MAX_STEP_NANOS}, which is less than the margin of a lease, and never for less than nothing. While the log takes
 * nothing, own time stands nearly still: leases last longer, which is always safe.
 */
final class MachineTime {

    static final long TIMER_NANOS = 100_000_000L;

    /** Twice the timer's interval. */
    static final long MAX_STEP_NANOS = 2 * TIMER_NANOS;

    private MachineTime() {}

    static long step(long previousStampNanos, long stampNanos) {
        return Math.clamp(stampNanos - previousStampNanos, 0, MAX_STEP_NANOS);
    }
}
