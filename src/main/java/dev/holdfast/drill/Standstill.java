package dev.holdfast.drill;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long acknowledged rows stood still, in milliseconds. Pure.
 *
 * @param rows of one writer, by time
 * @param fromNanos the last instant before the fault or the order, epoch nanoseconds
 */
record Standstill(List<Acknowledged> rows, long fromNanos) {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** The figure of this disturbance; null when no row was acknowledged before or after it. */
    @Nullable
    Long millis(Disturbance what) {
        return switch (what) {
            case POSTMASTER_KILLED, HOST_LOST -> untilNext();
            // The old primary goes on for a while after the order, as it should.
            case SWITCHOVER ->
                next().map(row -> (row.atNanos() - fromNanos) / NANOS_PER_MILLI).orElse(null);
            case STANDBY_LOST -> longestPause();
        };
    }

    /** Whether another primary has acknowledged a row since. */
    boolean moved() {
        return next().isPresent();
    }

    /** From the last row before to the first on another primary; the longest pause where nobody else became it. */
    @Nullable
    Long untilNext() {
        Optional<Acknowledged> before = before();
        Optional<Acknowledged> next = next();
        return before.isPresent() && next.isPresent()
                ? Long.valueOf((next.get().atNanos() - before.get().atNanos()) / NANOS_PER_MILLI)
                : longestPause();
    }

    /** Between two rows, from the last one before on. */
    @Nullable
    Long longestPause() {
        Optional<Acknowledged> before = before();
        if (before.isEmpty()) {
            return null;
        }
        List<Long> instants = rows.stream()
                .map(Acknowledged::atNanos)
                .filter(at -> at >= before.get().atNanos())
                .toList();
        return instants.size() < 2 ? null : Long.valueOf(Pauses.longest(instants) / NANOS_PER_MILLI);
    }

    private Optional<Acknowledged> before() {
        return rows.stream().filter(row -> row.atNanos() <= fromNanos).reduce((_, later) -> later);
    }

    /** A host that became the primary again counts too: its term is a later one. */
    private Optional<Acknowledged> next() {
        return before().flatMap(before -> rows.stream()
                .filter(row -> row.atNanos() > fromNanos)
                .filter(row -> row.term() > before.term() || !row.address().equals(before.address()))
                .findFirst());
    }
}
