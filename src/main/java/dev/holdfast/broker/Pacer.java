package dev.holdfast.broker;

import dev.holdfast.types.BrokerProfile;

/**
 * Keeps our order calls below the broker's limits, in sliding windows of a second and a minute. The engine's budgets decide what
 * may be sent; this only spreads bursts. Not thread-safe; times are monotonic nanoseconds.
 */
final class Pacer {

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long MINUTE_NANOS = 60 * SECOND_NANOS;

    private final Window second;
    private final Window minute;
    private long pausedUntilNanos;
    private boolean paused;

    Pacer(int perSecond, int perMinute) {
        this.second = new Window(perSecond, SECOND_NANOS);
        this.minute = new Window(perMinute, MINUTE_NANOS);
    }

    static Pacer of(BrokerProfile profile) {
        return switch (profile) {
            case KITE -> new Pacer(8, 400);
            case DRILL -> new Pacer(50, 3_000);
        };
    }

    /** The broker's own limits, beyond which it refuses. */
    static Pacer limitOf(BrokerProfile profile) {
        return switch (profile) {
            case KITE -> new Pacer(10, 400);
            case DRILL -> new Pacer(50, 3_000);
        };
    }

    /** How long the next call must wait; 0 when it may go. */
    long waitNanos(long nowNanos) {
        paused = paused && pausedUntilNanos - nowNanos > 0;
        long pause = paused ? pausedUntilNanos - nowNanos : 0;
        return Math.max(pause, Math.max(second.waitNanos(nowNanos), minute.waitNanos(nowNanos)));
    }

    void went(long nowNanos) {
        second.went(nowNanos);
        minute.went(nowNanos);
    }

    /** The broker said we are too fast. */
    void pause(long untilNanos) {
        paused = true;
        pausedUntilNanos = untilNanos;
    }

    /** The times of the last calls, as many as the window allows. */
    private static final class Window {
        private final long[] times;
        private final long lengthNanos;
        private long count;

        Window(int limit, long lengthNanos) {
            this.times = new long[limit];
            this.lengthNanos = lengthNanos;
        }

        long waitNanos(long nowNanos) {
            if (count < times.length) {
                return 0;
            }
            long oldestNanos = times[(int) (count % times.length)];
            return Math.max(0, oldestNanos + lengthNanos - nowNanos);
        }

        void went(long nowNanos) {
            times[(int) (count % times.length)] = nowNanos;
            count++;
        }
    }
}
