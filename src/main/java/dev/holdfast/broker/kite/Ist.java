package dev.holdfast.broker.kite;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Kite's times: {@code yyyy-MM-dd HH:mm:ss} in India, which has no summer time. */
final class Ist {

    static final ZoneOffset OFFSET = ZoneOffset.ofHoursMinutes(5, 30);
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private Ist() {}

    static LocalDateTime parse(String text) {
        return LocalDateTime.parse(text, FORMAT);
    }

    /** Kite's times have whole seconds. */
    static long epochNanos(LocalDateTime time) {
        return Math.multiplyExact(time.toEpochSecond(OFFSET), 1_000_000_000L);
    }

    static int epochDay(LocalDate date) {
        return Math.toIntExact(date.toEpochDay());
    }
}
