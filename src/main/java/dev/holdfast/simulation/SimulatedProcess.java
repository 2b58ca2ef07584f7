package dev.holdfast.simulation;

import java.util.ArrayDeque;

/**
 * One process: what it has scheduled dies with it and waits while it is frozen. Its monotonic clock goes on meanwhile, its wall
 * clock may leap.
 */
final class SimulatedProcess {

    private final Scheduler scheduler;
    private final String name;
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private boolean alive = true;
    private boolean frozen;
    private long wallOffsetNanos;

    SimulatedProcess(Scheduler scheduler, String name, long wallOffsetNanos) {
        this.scheduler = scheduler;
        this.name = name;
        this.wallOffsetNanos = wallOffsetNanos;
    }

    void after(long nanos, Runnable action) {
        scheduler.after(nanos, () -> deliver(action));
    }

    private void deliver(Runnable action) {
        if (!alive) {
            return;
        }
        if (frozen) {
            held.addLast(action);
        } else {
            action.run();
        }
    }

    boolean isAlive() {
        return alive;
    }

    boolean isFrozen() {
        return frozen;
    }

    void kill() {
        alive = false;
        held.clear();
    }

    void freeze() {
        frozen = true;
    }

    /** Everything that came meanwhile happens now, in its order. */
    void thaw() {
        frozen = false;
        while (!held.isEmpty() && alive && !frozen) {
            held.removeFirst().run();
        }
    }

    long monotonicNanos() {
        return scheduler.nowNanos();
    }

    long wallNanos() {
        return World.WALL_NANOS + scheduler.nowNanos() + wallOffsetNanos;
    }

    void correctWallClock() {
        wallOffsetNanos = 0;
    }

    void stepWallClock(long nanos) {
        wallOffsetNanos += nanos;
    }

    @Override
    public String toString() {
        return name;
    }
}
