package dev.holdfast.marketdata;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** Market time: on the simulated market the newest exchange time seen in the feed, on a real one the wall clock. Thread-safe. */
public final class MarketClock {

    /** India has no summer time. */
    public static final ZoneOffset INDIA = ZoneOffset.ofHoursMinutes(5, 30);

    private final boolean simulated;
    private final LongSupplier wallNanos;
    private volatile long newestNanos;

    public MarketClock(boolean simulated, LongSupplier wallNanos) {
        this.simulated = simulated;
        this.wallNanos = wallNanos;
    }

    /** Epoch nanoseconds; 0 on a simulated market before its first tick. */
    public long nanos() {
        return simulated ? newestNanos : wallNanos.getAsLong();
    }

    /** Called by the feed's thread only. */
    void seen(long exchangeTimeNanos) {
        if (exchangeTimeNanos > newestNanos) {
            newestNanos = exchangeTimeNanos;
        }
    }

    /** A market that was restarted may stand earlier than before. */
    void restarted() {
        newestNanos = 0;
    }

    static LocalDate day(long nanos) {
        return Instant.ofEpochSecond(0, nanos).atOffset(INDIA).toLocalDate();
    }
}
