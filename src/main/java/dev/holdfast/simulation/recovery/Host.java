package dev.holdfast.simulation.recovery;

import dev.holdfast.agent.postgres.Memory;
import dev.holdfast.simulation.Dice;
import dev.holdfast.simulation.Scheduler;

/** One host: its agent, fencer, instance and disk, and what its agent keeps on that disk. */
final class Host implements Memory {

    static final double CLONES_BREAK = 0.1;

    final String name;
    final ModelProcess agentProcess;
    final ModelInstance instance;
    final ModelFencer fencer;
    final Disk disk;
    boolean up;

    /** How long a clone to here may take. */
    long slowestCloneMillis = 3_000;

    /** How often a clone to here breaks off. */
    double clonesBreak = CLONES_BREAK;

    /** Wall clock minus the world's. */
    long wallOffsetNanos;

    private long usedTerm;
    private boolean wasPrimary;
    private long clonedNumber;

    Host(String name, Scheduler scheduler, Dice dice, Links links, Witness witness) {
        this.name = name;
        this.agentProcess = new ModelProcess(scheduler, dice);
        this.disk = new Disk(dice);
        this.instance = new ModelInstance(name, scheduler, dice, links, witness, disk);
        this.fencer = new ModelFencer(new ModelProcess(scheduler, dice), scheduler, instance, witness);
    }

    @Override
    public long usedTerm() {
        return usedTerm;
    }

    @Override
    public void begins(long term) {
        usedTerm = term;
    }

    @Override
    public boolean wasPrimary() {
        return wasPrimary;
    }

    @Override
    public void becomesPrimary() {
        wasPrimary = true;
    }

    @Override
    public long clonedNumber() {
        return clonedNumber;
    }

    @Override
    public void cloned(long number) {
        clonedNumber = number;
        wasPrimary = false;
    }

    /** Whether its vote counts. */
    boolean votes() {
        return up && agentProcess.runs();
    }

    /** Whether something here may act as primary by its own count. */
    boolean leaseRuns(long nowNanos) {
        return instance.isPrimary() && fencer.deadlineNanos != Long.MAX_VALUE && fencer.deadlineNanos > nowNanos;
    }
}
