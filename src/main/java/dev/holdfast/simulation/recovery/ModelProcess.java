package dev.holdfast.simulation.recovery;

import dev.holdfast.simulation.Dice;
import dev.holdfast.simulation.Scheduler;
import java.util.ArrayList;
import java.util.List;

/** A process that can be killed and frozen. What is to happen while it is frozen happens when it is thawed, late. */
final class ModelProcess {

    private final Scheduler scheduler;
    private final Dice dice;
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean alive;
    private boolean frozen;
    private int generation;
    private long thawedNanos = -1_000_000_000L;

    ModelProcess(Scheduler scheduler, Dice dice) {
        this.scheduler = scheduler;
        this.dice = dice;
    }

    boolean isAlive() {
        return alive;
    }

    /** Whether it makes progress. */
    boolean runs() {
        return alive && !frozen;
    }

    /** Whether it stands still, or did so not long ago. */
    boolean pausedWithin(long nanos) {
        return !runs() || thawedForNanos() < nanos;
    }

    /** Another with each start and each end. */
    int generation() {
        return generation;
    }

    long thawedForNanos() {
        return scheduler.nowNanos() - thawedNanos;
    }

    void start() {
        alive = true;
        frozen = false;
        generation++;
    }

    void kill() {
        alive = false;
        frozen = false;
        generation++;
        waiting.clear();
    }

    void freeze() {
        frozen = alive;
    }

    /** It does what it missed, a moment later. */
    void thaw() {
        if (!frozen) {
            return;
        }
        frozen = false;
        thawedNanos = scheduler.nowNanos();
        List<Runnable> missed = new ArrayList<>(waiting);
        waiting.clear();
        long late = dice.micros(0, 3_000);
        for (Runnable action : missed) {
            after(late, action);
        }
    }

    /** Does it then, unless the process has died meanwhile. */
    void after(long nanos, Runnable action) {
        int started = generation;
        scheduler.after(nanos, () -> {
            if (started != generation || !alive) {
                return;
            }
            if (frozen) {
                waiting.add(action);
            } else {
                action.run();
            }
        });
    }
}
