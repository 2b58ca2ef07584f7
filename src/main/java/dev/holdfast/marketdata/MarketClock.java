package dev.holdfast.marketdata;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Market time. On a real market it is the wall clock. On the simulated one it is what at least half of the instruments with ticks
 * tell, so that no single one moves it; an only instrument may leap when it goes on to tell so. Thread-safe.
 */
public final class MarketClock {

    /** India has no summer time. */
    public static final ZoneOffset INDIA = ZoneOffset.ofHoursMinutes(5, 30);

    /** No recorded day is older than the year 2000; feeds were seen to tell 1970. */
    private static final long EARLIEST_NANOS = 946_684_800_000_000_000L;

    /** The exchange's clock and ours differ by less. */
    private static final long REAL_AHEAD_NANOS = 30_000_000_000L;

    /** Between two looks a simulated market passes less than this, also at high speed, but for its nights. */
    private static final long SIMULATED_AHEAD_NANOS = 600_000_000_000L;

    /** Looks in a row that must show a leap before it is believed, when only one instrument has ticks. */
    private static final int LOOKS_AT_A_LEAP = 10;

    private final boolean simulated;
    private final LongSupplier wallNanos;
    private volatile long newestNanos;
    private int leaps;
    private long ticksSeen;

    public MarketClock(boolean simulated, LongSupplier wallNanos) {
        this.simulated = simulated;
        this.wallNanos = wallNanos;
    }

    /** Epoch nanoseconds; 0 on a simulated market before its first tick. */
    public long nanos() {
        return simulated ? newestNanos : wallNanos.getAsLong();
    }

    /** Whether a tick may tell this time. */
    boolean believes(long exchangeTimeNanos) {
        if (exchangeTimeNanos < EARLIEST_NANOS) {
            return false;
        }
        long ahead = exchangeTimeNanos - nanos();
        return simulated ? newestNanos == 0 || ahead <= SIMULATED_AHEAD_NANOS : ahead <= REAL_AHEAD_NANOS;
    }

    /**
     * One look at what the instruments with recent ticks tell, a few times a second.
     *
     * @param told their newest exchange times, any order; 0 for one that tells none
     * @param ticks that came so far: without new ones nothing is told again
     */
    void look(long[] told, long ticks) {
        boolean news = ticks != ticksSeen;
        ticksSeen = ticks;
        if (!news) {
            return;
        }
        long[] times = Arrays.stream(told)
                .filter(time -> time >= EARLIEST_NANOS)
                .sorted()
                .toArray();
        if (times.length == 0) {
            return;
        }
        long agreed = times[(times.length - 1) / 2];
        boolean leap = newestNanos != 0 && agreed - newestNanos > SIMULATED_AHEAD_NANOS;
        leaps = leap && times.length == 1 ? leaps + 1 : 0;
        if (agreed > newestNanos && (!leap || times.length > 1 || leaps >= LOOKS_AT_A_LEAP)) {
            newestNanos = agreed;
            leaps = 0;
        }
    }

    /** A market that was restarted may stand earlier than before. */
    void restarted() {
        newestNanos = 0;
        leaps = 0;
    }

    static LocalDate day(long nanos) {
        return Instant.ofEpochSecond(0, nanos).atOffset(INDIA).toLocalDate();
    }
}
