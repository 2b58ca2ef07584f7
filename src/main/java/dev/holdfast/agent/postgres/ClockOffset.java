package dev.holdfast.agent.postgres;

/**
 * How far this host's clock is from that of the voters' leader, who stamps each event of the recovery log. An event is heard after it
 * was stamped, some tens of milliseconds or, when it is read again, long after; so the least difference among the newest is the
 * best. Thread-safe.
 */
final class ClockOffset {

    /** Some seconds of events. */
    private static final int NEWEST = 32;

    private final long[] differencesMillis = new long[NEWEST];
    private long heard;

    synchronized void heard(long stampNanos, long wallMillis) {
        differencesMillis[(int) (heard++ % NEWEST)] = wallMillis - stampNanos / 1_000_000;
    }

    /** Positive when this host's clock is ahead; 0 before the first event. */
    synchronized int millis() {
        if (heard == 0) {
            return 0;
        }
        long least = Long.MAX_VALUE;
        for (int index = 0; index < Math.min(heard, NEWEST); index++) {
            least = Math.min(least, differencesMillis[index]);
        }
        return Math.clamp(least, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
}
