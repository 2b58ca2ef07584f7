package dev.holdfast.simulation.recovery;

import dev.holdfast.agent.postgres.Fencer;
import dev.holdfast.simulation.Scheduler;

/** The postmaster's parent: kills everything in the data directory when the lease has run out or its pipe is closed. */
final class ModelFencer implements Fencer {

    /** From the decision to the last process's end. */
    private static final long KILL_NANOS = 3_000_000L;

    final ModelProcess process;
    private final Scheduler scheduler;
    private final ModelInstance instance;
    private final Witness witness;

    /** Until when a primary may run; unlimited for a standby. */
    long deadlineNanos = Long.MAX_VALUE;

    private long answeredNanos;

    ModelFencer(ModelProcess process, Scheduler scheduler, ModelInstance instance, Witness witness) {
        this.process = process;
        this.scheduler = scheduler;
        this.instance = instance;
        this.witness = witness;
    }

    /** With each start of the postmaster. */
    void start() {
        process.start();
        deadlineNanos = Long.MAX_VALUE;
        answeredNanos = scheduler.nowNanos();
    }

    @Override
    public boolean alive() {
        return process.isAlive();
    }

    /** A line in the pipe. */
    @Override
    public void deadline(long bootNanos) {
        process.after(20_000L, () -> {
            deadlineNanos = bootNanos;
            answeredNanos = scheduler.nowNanos();
            witness.leaseExtended();
            process.after(bootNanos - scheduler.nowNanos(), this::check);
        });
    }

    @Override
    public long answeredDeadline() {
        return deadlineNanos == Long.MAX_VALUE ? 0 : deadlineNanos;
    }

    @Override
    public long answeredNanos() {
        return answeredNanos;
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
