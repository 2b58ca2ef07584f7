package dev.holdfast.broker;

import dev.holdfast.runtime.Configuration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Which trading day it is at the broker, and whether its session is over: by the feed's time on the simulated market, by the wall clock on a real one. */
public final class Calendar {

    static final ZoneOffset INDIA = ZoneOffset.ofHoursMinutes(5, 30);

    /** A real broker clears yesterday's book in the small hours; before this time its lists say nothing about today. */
    private static final LocalTime REAL_DAY_BEGINS = LocalTime.of(8, 0);

    /** A market that never closes still forgets at midnight: its day is ended in the last seconds, after its orders lapsed at 23:59:30. */
    private static final LocalTime ENDLESS_DAY_ENDS = LocalTime.of(23, 59, 35);

    private final boolean simulated;
    private final LocalTime close;
    private final LongSupplier wallNanos;

    public Calendar(Configuration.Broker broker, LongSupplier wallNanos) {
        this.simulated = broker.simulated();
        LocalTime configured = broker.marketClose();
        this.close = configured == null ? ENDLESS_DAY_ENDS : configured;
        this.wallNanos = wallNanos;
    }

    /** @param day an epoch day in IST */
    record Moment(int day, boolean sessionOver) {}

    /** Null when it cannot be told yet, or when the broker's lists still belong to yesterday. */
    @Nullable
    Moment now(long newestMarketTimeNanos) {
        long nanos = simulated ? newestMarketTimeNanos : wallNanos.getAsLong();
        if (nanos == 0) {
            return null;
        }
        LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochSecond(0, nanos), INDIA);
        if (!simulated && time.toLocalTime().isBefore(REAL_DAY_BEGINS)) {
            return null;
        }
        return new Moment(
                Math.toIntExact(time.toLocalDate().toEpochDay()),
                !time.toLocalTime().isBefore(close));
    }
}
