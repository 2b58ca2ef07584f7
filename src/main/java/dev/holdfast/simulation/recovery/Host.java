package dev.holdfast.simulation.recovery;

import dev.holdfast.simulation.Dice;
import dev.holdfast.simulation.Scheduler;

/** One host: its agent, fencer, instance and disk, and what its agent keeps on that disk. */
final class Host {

    final String name;
    final ModelProcess agentProcess;
    final Instance instance;
    final Fencer fencer;
    final Disk disk;
    boolean up;

    /** Wall clock minus the world's. */
    long wallOffsetNanos;

    /** Written before a lease of that term is first asked for: a later start of the agent never uses it. */
    long usedTerm;

    /** Set when the instance becomes primary, cleared by a clone: until then it follows nobody. */
    boolean mustClone;

    /** The newest clone that was finished here. */
    long clonedNumber;

    Host(String name, Scheduler scheduler, Dice dice, Links links, Witness witness) {
        this.name = name;
        this.agentProcess = new ModelProcess(scheduler, dice);
        this.disk = new Disk(dice);
        this.instance = new Instance(name, scheduler, dice, links, witness, disk);
        this.fencer = new Fencer(new ModelProcess(scheduler, dice), scheduler, instance);
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
