package dev.holdfast.simulation.recovery;

import dev.holdfast.agent.postgres.Timer;
import dev.holdfast.simulation.Scheduler;

/** A keeper's time: the world's, and its later work dies with its process. */
record ModelTimer(Scheduler scheduler, ModelProcess process) implements Timer {

    @Override
    public long now() {
        return scheduler.nowNanos();
    }

    @Override
    public void after(long nanos, Runnable action) {
        process.after(nanos, action);
    }
}
