package dev.holdfast.exchange;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fault as it was asked for, checked.
 *
 * @param count how many requests or updates it takes; for faults bound by a count
 * @param durationMillis how long it lasts; for faults bound by time, optional for the others
 * @param millis the delay it causes; 0 takes the kind's default
 * @param status of the kinds that answer one
 * @param order what FOREIGN_ORDER places, in the parameters of {@code POST /orders/regular}
 */
record Fault(FaultKind kind, int count, long durationMillis, long millis, int status, Map<String, String> order) {

    private static final int MAX_COUNT = 100_000;
    private static final long MAX_DURATION_MILLIS = 3_600_000;
    private static final long MAX_DELAY_MILLIS = 120_000;
    private static final long DEFAULT_DURATION_MILLIS = 10_000;
    private static final int DEFAULT_STATUS = 502;

    Fault {
        order = Map.copyOf(order);
        if (kind.bound == FaultKind.Bound.DURATION && durationMillis == 0) {
            throw new IllegalArgumentException(kind + " needs a durationMillis above 0");
        }
        within("count", count, 0, MAX_COUNT);
        within("durationMillis", durationMillis, 0, MAX_DURATION_MILLIS);
        within("millis", millis, 0, MAX_DELAY_MILLIS);
        within("status", status, 500, 599);
    }

    private static void within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + "; expected " + least + " to " + most);
        }
    }

    /** Fills in what the request left out. */
    static Fault of(
            FaultKind kind,
            @Nullable Integer count,
            @Nullable Long durationMillis,
            @Nullable Long millis,
            @Nullable Integer status,
            @Nullable Map<String, String> order) {
        long unlessTold = kind.bound == FaultKind.Bound.DURATION ? DEFAULT_DURATION_MILLIS : 0;
        long duration = durationMillis != null ? durationMillis : unlessTold;
        return new Fault(
                kind,
                count != null ? count : defaultCount(kind, duration),
                duration,
                millis != null ? millis : kind.defaultMillis,
                status != null ? status : DEFAULT_STATUS,
                order != null ? order : Map.of());
    }

    /** A fault that was given only a duration takes all it meets in that time. */
    private static int defaultCount(FaultKind kind, long durationMillis) {
        return kind.bound == FaultKind.Bound.COUNT && durationMillis == 0 ? 1 : MAX_COUNT;
    }
}
