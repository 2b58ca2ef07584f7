package dev.holdfast.broker;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The gateway's own view of one grant: it holds an epoch for a while after the renewal that the engine answered. The time is
 * counted on this process's monotonic clock from before the renewal was submitted, so it ends before the engine's does.
 * Thread-safe.
 */
final class Lease {

    static final Duration LENGTH = Duration.ofSeconds(2);
    static final Duration MARGIN = Duration.ofMillis(300);

    private final LongSupplier monotonicNanos;
    private long epoch;
    private long endNanos;

    /** @param monotonicNanos never goes back; its zero is arbitrary */
    Lease(LongSupplier monotonicNanos) {
        this.monotonicNanos = monotonicNanos;
        this.endNanos = monotonicNanos.getAsLong();
    }

    /**
     * The engine answered a renewal.
     *
     * @param submittedNanos read from the same clock before the renewal was submitted
     * @param grantedEpoch 0 when another session holds the grant
     */
    synchronized void renewed(long submittedNanos, long grantedEpoch) {
        if (grantedEpoch == 0) {
            epoch = 0;
            notifyAll();
            return;
        }
        long end = submittedNanos + LENGTH.toNanos() - MARGIN.toNanos();
        if (grantedEpoch == epoch) {
            // Answers may come out of order: an older one must not shorten what a newer one gave.
            endNanos = end - endNanos > 0 ? end : endNanos;
        } else if (grantedEpoch > epoch) {
            epoch = grantedEpoch;
            endNanos = end;
        }
        notifyAll();
    }

    /** The grant was given up or is known to have moved. */
    synchronized void dropped() {
        epoch = 0;
        notifyAll();
    }

    synchronized boolean holds(long wantedEpoch) {
        return wantedEpoch != 0 && wantedEpoch == epoch && endNanos - monotonicNanos.getAsLong() > 0;
    }

    /** The epoch held now, 0 for none. */
    synchronized long held() {
        return holds(epoch) ? epoch : 0;
    }

    /**
     * Waits until this epoch is held: its first send request can be read before the answer that grants it.
     *
     * @return false when it is not held by then, or is known to be over
     */
    synchronized boolean awaitHeld(long wantedEpoch, Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        while (!holds(wantedEpoch) && epoch <= wantedEpoch) {
            long waitMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (waitMillis <= 0) {
                return false;
            }
            try {
                wait(waitMillis);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return holds(wantedEpoch);
    }
}
