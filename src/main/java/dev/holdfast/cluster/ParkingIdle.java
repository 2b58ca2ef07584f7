package dev.holdfast.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/**
 * Parks as soon as there is nothing to do, twice as long each time, and half as long after each turn in which there was
 * something: heartbeats alone, some fifty a second, do not keep it awake. The library's own strategy looks six times before it
 * parks: for a driver each look is a dozen system calls, and its yield hands a scarce processor to whoever wants it. Used by
 * one thread.
 */
final class ParkingIdle implements IdleStrategy {

    private final long shortestNanos;
    private final long longestNanos;
    private long parkNanos;

    ParkingIdle(Duration shortest, Duration longest) {
        this.shortestNanos = shortest.toNanos();
        this.longestNanos = longest.toNanos();
        this.parkNanos = shortestNanos;
    }

    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            parkNanos = Math.max(parkNanos / 2, shortestNanos);
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
