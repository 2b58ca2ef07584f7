package dev.holdfast.exchange;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The exchange's wall: India has one zone and no daylight saving, so a fixed offset serves. */
final class Ist {

    static final long NANOS_PER_SECOND = 1_000_000_000L;
    static final long NANOS_PER_MILLI = 1_000_000L;

    private static final ZoneOffset ZONE = ZoneOffset.ofHoursMinutes(5, 30);
    private static final DateTimeFormatter TEXT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private Ist() {}

    static LocalDateTime at(long epochNanos) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(epochNanos, NANOS_PER_SECOND), (int) Math.floorMod(epochNanos, NANOS_PER_SECOND), ZONE);
    }

    static LocalDate day(long epochNanos) {
        return at(epochNanos).toLocalDate();
    }

    static long nanos(LocalDate day, LocalTime time) {
        Instant instant = LocalDateTime.of(day, time).toInstant(ZONE);
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
    }

    /** Kite's form of a time: {@code yyyy-MM-dd HH:mm:ss}. */
    static String text(long epochNanos) {
        return TEXT.format(at(epochNanos));
    }
}
