package dev.holdfast.projection;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits longer after each failure in a row, and not at all once stopped. */
final class Backoff {

    private final Duration first;
    private final Duration longest;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private Duration next;

    Backoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        this.next = first;
    }

    void succeeded() {
        next = first;
    }

    /** @return false when it was stopped */
    boolean pause() throws InterruptedException {
        Duration wait = next;
        next = next.multipliedBy(2).compareTo(longest) > 0 ? longest : next.multipliedBy(2);
        return !stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits this long, unless it is stopped before. */
    void rest(Duration wait) throws InterruptedException {
        var _ = stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean isStopped() {
        return stopped.getCount() == 0;
    }

    void stop() {
        stopped.countDown();
    }
}
