package dev.holdfast.cluster;

import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/**
 * Parks as soon as there is nothing to do, and longer each time. The library's own strategy looks six times before it parks:
 * for a driver each look is a dozen system calls, and its yield hands a scarce processor to whoever wants it. Used by one
 * thread.
 */
final class ParkingIdle implements IdleStrategy {

    private final long shortestNanos;
    private final long longestNanos;
    private long parkNanos;

    ParkingIdle(MemberProfile<?, ?> profile) {
        this.shortestNanos = profile.shortestPark().toNanos();
        this.longestNanos = profile.longestPark().toNanos();
        this.parkNanos = shortestNanos;
    }

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
        parkNanos = Math.min(2 * parkNanos, longestNanos);
    }

    @Override
    public void reset() {
        parkNanos = shortestNanos;
    }
}
