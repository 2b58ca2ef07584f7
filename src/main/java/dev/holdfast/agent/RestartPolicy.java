package dev.holdfast.agent;

import java.time.Duration;

/**
 * When a process that ended is started again: at once after a long life, and after ever longer waits when it keeps dying. Pure:
 * time is an argument.
 */
final class RestartPolicy {

    static final Duration FIRST = Duration.ofMillis(200);
    static final Duration LONGEST = Duration.ofSeconds(30);

    /** A process that lived this long is no longer the one that kept dying. */
    static final Duration GOOD_LIFE = Duration.ofSeconds(60);

    /** So many short lives in a row are a crash loop. */
    static final int CRASH_LOOP = 4;

    private int shortLives;

    /** @return how long to wait before the next start */
    Duration afterExit(Duration lived) {
        shortLives = lived.compareTo(GOOD_LIFE) >= 0 ? 1 : shortLives + 1;
        int doublings = Math.min(shortLives - 1, 16);
        Duration wait = FIRST.multipliedBy(1L << doublings);
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }

    boolean crashLoop() {
        return shortLives >= CRASH_LOOP;
    }

    /** A person asked for a fresh start, or a drill had killed it. */
    void forgive() {
        shortLives = 0;
    }
}
