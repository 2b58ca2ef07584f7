package dev.holdfast.broker;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The gateway's own view of one grant: it holds an epoch for a while after the renewal that the engine answered. The time is
 * counted on this process's monotonic clock from before the renewal was submitted, so it ends before the engine's does.
 * Thread-safe.
 */
final class Lease {

    static final Duration LENGTH = Duration.ofMillis(800);
    static final Duration MARGIN = Duration.ofMillis(100);

    private final LongSupplier monotonicNanos;
    private Runnable changed = () -> {};
    private long epoch;
    private long endNanos;

    /** @param monotonicNanos never goes back; its zero is arbitrary */
    Lease(LongSupplier monotonicNanos) {
        this.monotonicNanos = monotonicNanos;
        this.endNanos = monotonicNanos.getAsLong();
    }

    /** To be set before use: runs after each change but the passing of time. */
    synchronized void whenChanged(Runnable action) {
        changed = action;
    }

    /**
     * The engine answered a renewal.
     *
     * @param submittedNanos read from the same clock before the renewal was submitted
     * @param grantedEpoch 0 when another session holds the grant
     */
    void renewed(long submittedNanos, long grantedEpoch) {
        take(submittedNanos, grantedEpoch).run();
    }

    private synchronized Runnable take(long submittedNanos, long grantedEpoch) {
        long end = submittedNanos + LENGTH.toNanos() - MARGIN.toNanos();
        if (grantedEpoch == 0) {
            epoch = 0;
        } else if (grantedEpoch == epoch) {
            // Answers may come out of order: an older one must not shorten what a newer one gave.
            endNanos = end - endNanos > 0 ? end : endNanos;
        } else if (grantedEpoch > epoch) {
            epoch = grantedEpoch;
            endNanos = end;
        }
        return changed;
    }

    /** The grant was given up or is known to have moved. */
    void dropped() {
        renewed(0, 0);
    }

    synchronized boolean holds(long wantedEpoch) {
        return wantedEpoch != 0 && wantedEpoch == epoch && endNanos - monotonicNanos.getAsLong() > 0;
    }

    /** Whether a later epoch is known, so that this one will never be held again. */
    synchronized boolean isPast(long wantedEpoch) {
        return epoch > wantedEpoch;
    }

    /** The epoch held now, 0 for none. */
    synchronized long held() {
        return holds(epoch) ? epoch : 0;
    }
}
