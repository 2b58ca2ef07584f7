package dev.holdfast.runtime;

import java.time.Duration;

/** How long to wait before the next attempt: doubling from the first wait up to the longest. Not thread-safe. */
public final class Backoff {

    private final Duration first;
    private final Duration longest;
    private Duration next;

    public Backoff(Duration first, Duration longest) {
        if (first.isZero() || first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("back-off from " + first + " to " + longest
                    + "; expected a positive first wait, no longer than the longest");
        }
        this.first = first;
        this.longest = longest;
        this.next = first;
    }

    /** The wait after one more failure. */
    public Duration failed() {
        Duration wait = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(longest) > 0 ? longest : doubled;
        return wait;
    }

    public void succeeded() {
        next = first;
    }
}
