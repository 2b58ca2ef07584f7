package dev.holdfast.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/**
 * Parks as soon as there is nothing to do, and longer each time. The library's own strategy looks six times before it parks:
 * for a driver each look is a dozen system calls, and its yield hands a scarce processor to whoever wants it. Used by one
 * thread.
 */
final class ParkingIdle implements IdleStrategy {

    /** Adds up to three of these to an order, whose way to the broker takes tens. */
    private static final long SHORTEST_NANOS = Duration.ofMillis(1).toNanos();

    /** An idle member hardly wakes. */
    private static final long LONGEST_NANOS = Duration.ofMillis(4).toNanos();

    private long parkNanos = SHORTEST_NANOS;

    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        LockSupport.parkNanos(parkNanos);
        parkNanos = Math.min(2 * parkNanos, LONGEST_NANOS);
    }

    @Override
    public void reset() {
        parkNanos = SHORTEST_NANOS;
    }
}
