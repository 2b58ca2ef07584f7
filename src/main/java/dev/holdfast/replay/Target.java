package dev.holdfast.replay;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/**
 * How far to replay: at most one of the two limits is in force, {@code Long.MAX_VALUE} means none. Inputs are applied whole, so
 * a sequence means: up to and with the input that caused that event.
 *
 * @param timeNanos epoch nanoseconds of log time; what is stamped later is not applied
 */
public record Target(long sequence, long timeNanos) {

    /** All that is recorded. */
    public static final Target END = new Target(Long.MAX_VALUE, Long.MAX_VALUE);

    public static Target sequence(long sequence) {
        if (sequence < 1) {
            throw new IllegalArgumentException("sequence " + sequence + " is none; the first event has 1");
        }
        return new Target(sequence, Long.MAX_VALUE);
    }

    public static Target time(Instant time) {
        return new Target(Long.MAX_VALUE, ChronoUnit.NANOS.between(Instant.EPOCH, time));
    }

    /**
     * @param text an event sequence, or a time as ISO-8601 with offset
     * @throws IllegalArgumentException if it is neither
     */
    public static Target parse(String text) {
        try {
            return text.chars().allMatch(Character::isDigit)
                    ? sequence(Long.parseLong(text))
                    : time(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException | NumberFormatException neither) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither an event sequence (such as 48210) nor a time with its offset (such as"
                            + " 2026-11-22T09:20:00+05:30)",
                    neither);
        }
    }
}
