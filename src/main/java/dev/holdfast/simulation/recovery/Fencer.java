package dev.holdfast.simulation.recovery;

import dev.holdfast.simulation.Scheduler;

/** The postmaster's parent: kills everything in the data directory when the lease has run out or its pipe is closed. */
final class Fencer {

    /** From the decision to the last process's end. */
    private static final long KILL_NANOS = 3_000_000L;

    final ModelProcess process;
    private final Scheduler scheduler;
    private final Instance instance;

    /** Until when a primary may run; unlimited for a standby. */
    long deadlineNanos = Long.MAX_VALUE;

    long echoNanos;

    Fencer(ModelProcess process, Scheduler scheduler, Instance instance) {
        this.process = process;
        this.scheduler = scheduler;
        this.instance = instance;
    }

    /** With each start of the postmaster. */
    void start() {
        process.start();
        deadlineNanos = Long.MAX_VALUE;
        echoNanos = scheduler.nowNanos();
    }

    /** A line in the pipe. */
    void deadline(long nanos) {
        process.after(20_000L, () -> {
            deadlineNanos = nanos;
            echoNanos = scheduler.nowNanos();
            process.after(nanos - scheduler.nowNanos(), this::check);
        });
    }

    private void check() {
        if (scheduler.nowNanos() >= deadlineNanos) {
            kill();
        }
    }

    /** The agent is gone. */
    void pipeClosed() {
        process.after(2_000_000L, this::kill);
    }

    private void kill() {
        scheduler.after(KILL_NANOS, () -> instance.killAll(false));
        process.kill();
    }
}
