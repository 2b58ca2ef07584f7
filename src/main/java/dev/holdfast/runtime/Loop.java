package dev.holdfast.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A loop that a process lives by, and when it last turned. A process whose HTTP server answers may have lost the thread that does its
 * work; a loop that turns has not. Thread-safe.
 */
public final class Loop {

    /** Where a process answers whether its loops turn. */
    public static final String PATH = "/alive";

    private final String name;
    private final long limitNanos;
    private volatile boolean begun;
    private volatile long turnedNanos;

    /** @param limit time within which the loop turns, whatever it waits for */
    public Loop(String name, Duration limit) {
        this.name = name;
        this.limitNanos = limit.toNanos();
    }

    /** Called by the loop, each time round. */
    public void turned() {
        turnedNanos = System.nanoTime();
        begun = true;
    }

    /** Called when the loop ends because it was asked to. */
    public void ended() {
        begun = false;
    }

    /** Healthy while each loop that has begun turns within its limit. */
    public static Health health(List<Loop> loops) {
        List<String> still = new ArrayList<>();
        Map<String, Object> ages = new LinkedHashMap<>();
        for (Loop loop : loops) {
            if (loop.begun) {
                long age = System.nanoTime() - loop.turnedNanos;
                ages.put(loop.name, age / 1_000_000);
                if (age > loop.limitNanos) {
                    still.add("loop '" + loop.name + "' has not turned for " + age / 1_000_000_000 + " s");
                }
            }
        }
        return new Health(still.isEmpty(), String.join(", ", still), Map.of("loopAgeMillis", ages));
    }
}
