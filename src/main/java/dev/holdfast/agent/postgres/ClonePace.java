package dev.holdfast.agent.postgres;

/**
 * How much of the time a clone may read from its source: half as much after each time that the source's writes were slow, twice as much
 * after each while in which they were not. It is kept from one clone to the next, which has the same source to spare.
 */
final class ClonePace {

    /** While the source's writes are slow, and never less. */
    private static final int LEAST_PERCENT = 10;

    private static final long FASTER_NANOS = 5_000_000_000L;

    private int percent = 100;
    private boolean held;
    private long changedNanos;

    /** Another clone begins, at the pace at which the last one ended. */
    void begins(long nowNanos) {
        changedNanos = nowNanos;
    }

    /** A clone failed; its source may have ended it. */
    void failed() {
        percent = Math.max(LEAST_PERCENT, percent / 2);
    }

    /** @param heldNow whether the source's writes are slow */
    int percent(boolean heldNow, long nowNanos) {
        if (heldNow && !held) {
            percent = Math.max(LEAST_PERCENT, percent / 2);
        }
        if (heldNow || held) {
            changedNanos = nowNanos;
        } else if (nowNanos - changedNanos >= FASTER_NANOS) {
            percent = Math.min(100, 2 * percent);
            changedNanos = nowNanos;
        }
        held = heldNow;
        return held ? LEAST_PERCENT : percent;
    }
}
