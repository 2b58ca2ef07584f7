package dev.holdfast.simulation;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Code that waits, on a thread of its own of which the world takes care that either it or the world runs, never both. So the
 * gateway's desk can be the real one, blocking calls and all, and a seed still repeats every step.
 */
final class Coroutine {

    private final Thread thread;
    private volatile @Nullable Thread world;
    private volatile boolean inside;
    private volatile boolean done;
    private volatile boolean killed;
    private volatile @Nullable Throwable failure;

    Coroutine(Runnable body) {
        this.thread = Thread.ofVirtual().unstarted(() -> run(body));
    }

    private void run(Runnable body) {
        try {
            body.run();
        } catch (Killed expected) {
            // The process is gone.
        } catch (Throwable thrown) { // whatever it is, the world's thread must see it
            failure = thrown;
        }
        done = true;
        leave();
    }

    /** Called by the world: runs it until it pauses or ends. */
    void resume() {
        if (done) {
            return;
        }
        world = Thread.currentThread();
        inside = true;
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        } else {
            LockSupport.unpark(thread);
        }
        while (inside) {
            LockSupport.park(this);
        }
        Throwable thrown = failure;
        if (thrown instanceof Error error) {
            throw error;
        } else if (thrown != null) {
            throw new IllegalStateException("an edge threw", thrown);
        }
    }

    /** Called by the code itself: gives control back until it is resumed. */
    void pause() {
        leave();
        while (!inside) {
            LockSupport.park(this);
        }
        if (killed) {
            throw new Killed();
        }
    }

    private void leave() {
        Thread waiting = world;
        inside = false;
        LockSupport.unpark(waiting);
    }

    /** Ends the code where it waits, as a killed process ends. */
    void kill() {
        killed = true;
        if (!done && thread.getState() != Thread.State.NEW) {
            resume();
        }
        done = true;
    }

    boolean isDone() {
        return done;
    }

    /** Not an exception: an edge must not outlive it. */
    private static final class Killed extends Error {
        Killed() {
            super("the process was killed", null, false, false);
        }
    }
}
