package dev.holdfast.simulation.recovery;

import dev.holdfast.agent.postgres.Instance.Outcome;
import dev.holdfast.simulation.Scheduler;
import java.util.function.Consumer;

/** One copy of a primary's data under way: it costs the primary's disk time, goes on while its agent is frozen, and dies with it. */
final class ModelClone {

    private static final long TICK_NANOS = 100_000_000L;

    /** As long as a connection outlives a network that is gone. */
    private static final long CUT_NANOS = 2_000_000_000L;

    private final Scheduler scheduler;
    private final Links links;
    private final Host copier;
    private final Host source;
    private final int agentLife;
    private final long sourceTerm;
    private final boolean breaksOff;
    private final Consumer<Outcome> done;
    private long leftNanos;
    private long cutNanos;
    private int percent = 100;
    private boolean over;

    /**
     * @param workNanos how long it takes if nothing holds it up
     * @param breaksOff whether it will fail when that has passed
     * @param done told on the agent's thread
     */
    ModelClone(
            Scheduler scheduler,
            Links links,
            Host copier,
            Host source,
            long workNanos,
            boolean breaksOff,
            Consumer<Outcome> done) {
        this.scheduler = scheduler;
        this.links = links;
        this.copier = copier;
        this.source = source;
        this.agentLife = copier.agentProcess.generation();
        this.sourceTerm = source.instance.term;
        this.leftNanos = workNanos;
        this.breaksOff = breaksOff;
        this.done = done;
    }

    void begin() {
        source.disk.isReadBy(this);
        tick();
    }

    /** How much of the time it reads. */
    void pace(int ofTheTime) {
        percent = ofTheTime;
    }

    /** Tells nothing any more. */
    void abandon() {
        over = true;
    }

    /** Its source ends it. */
    void end() {
        fail("it was ended by " + source.name);
    }

    boolean isOver() {
        return over;
    }

    /** How much it reads of its source, in percent of what it could. */
    int load() {
        return over || copier.agentProcess.generation() != agentLife ? 0 : percent;
    }

    private void tick() {
        if (over) {
            return;
        }
        if (copier.agentProcess.generation() != agentLife) {
            over = true;
            return;
        }
        ModelInstance from = source.instance;
        if (!from.isPrimary() || from.term != sourceTerm) {
            fail("the connection to " + source.name + " broke off");
            return;
        }
        if (links.connects(copier.name, source.name) && from.backends.runs()) {
            cutNanos = 0;
            leftNanos -= TICK_NANOS * percent / 100;
        } else {
            cutNanos += TICK_NANOS;
        }
        if (cutNanos >= CUT_NANOS || (leftNanos <= 0 && breaksOff)) {
            fail("the connection to " + source.name + " broke off");
        } else if (leftNanos <= 0) {
            over = true;
            copier.instance.cloneFrom(from);
            copier.agentProcess.after(0, () -> done.accept(Outcome.DONE));
        } else {
            scheduler.after(TICK_NANOS, this::tick);
        }
    }

    private void fail(String why) {
        if (!over) {
            over = true;
            copier.agentProcess.after(0, () -> done.accept(new Outcome(why)));
        }
    }
}
