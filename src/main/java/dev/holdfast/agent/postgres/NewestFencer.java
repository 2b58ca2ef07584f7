package dev.holdfast.agent.postgres;

import org.jspecify.annotations.Nullable;

/**
 * The fencer of the server that was started last. A deadline given before there is one is the first that it gets, so that an appointed
 * host never runs without.
 */
final class NewestFencer implements Fencer {

    private @Nullable FencerProcess process;
    private long waitingDeadline;

    @Override
    public synchronized boolean alive() {
        return process != null && process.alive();
    }

    @Override
    public synchronized void deadline(long bootNanos) {
        if (process != null && process.alive()) {
            process.deadline(bootNanos);
        } else {
            waitingDeadline = bootNanos;
        }
    }

    @Override
    public synchronized long answeredDeadline() {
        return process == null ? 0 : process.answeredDeadline();
    }

    @Override
    public synchronized long answeredNanos() {
        return process == null ? 0 : process.answeredNanos();
    }

    synchronized void started(FencerProcess started) {
        process = started;
        if (waitingDeadline != 0) {
            started.deadline(waitingDeadline);
            waitingDeadline = 0;
        }
    }

    /** What it was told was about a server that is gone; the next one begins without a deadline. */
    synchronized void forget() {
        process = null;
        waitingDeadline = 0;
    }
}
