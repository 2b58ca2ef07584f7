package dev.holdfast.drill;

import org.jspecify.annotations.Nullable;

/** What one fault's consequences took, filled in by the observers as they see it. Thread-safe. */
final class Measurement {

    private final FaultKind kind;
    private final String target;
    private final Striker.Instants fault;
    private @Nullable Long detectNanos;
    private String detectedBy = "";
    private @Nullable Long orderNanos;
    private @Nullable Long durableNanos;

    Measurement(FaultKind kind, String target, Striker.Instants fault) {
        this.kind = kind;
        this.target = target;
        this.fault = fault;
    }

    /**
     * In milliseconds since the fault; null was not measured.
     *
     * @param detectMillis until the first sign that the system knows; null also where nothing is to be noticed
     * @param detectedBy that sign
     * @param nextOrderMillis until the exchange accepted an order whose wish was logged after the fault was made
     * @param nextDurableMillis until the primary database held an event logged after the fault was made
     */
    record Figures(
            @Nullable Long detectMillis,
            String detectedBy,
            @Nullable Long nextOrderMillis,
            @Nullable Long nextDurableMillis) {}

    FaultKind kind() {
        return kind;
    }

    String target() {
        return target;
    }

    /** The last instant at which all was well, epoch nanoseconds: what it took is counted from here. */
    long faultNanos() {
        return fault.beforeNanos();
    }

    /** What was logged before it may have passed while the fault was being made. */
    long madeNanos() {
        return fault.madeNanos();
    }

    synchronized void detected(long atNanos, String by) {
        if (detectNanos == null || atNanos < detectNanos) {
            detectNanos = atNanos;
            detectedBy = by;
        }
    }

    synchronized void ordered(long atNanos) {
        if (orderNanos == null || atNanos < orderNanos) {
            orderNanos = atNanos;
        }
    }

    /** The database was seen to hold events up to this log time. */
    synchronized void durable(long seenNanos, long logTimeNanos) {
        if (durableNanos == null && logTimeNanos > madeNanos()) {
            durableNanos = seenNanos;
        }
    }

    synchronized boolean isDetected() {
        return detectNanos != null;
    }

    synchronized boolean isOrdered() {
        return orderNanos != null;
    }

    synchronized boolean isDurable() {
        return durableNanos != null;
    }

    synchronized Figures figures() {
        return new Figures(millis(detectNanos), detectedBy, millis(orderNanos), millis(durableNanos));
    }

    private @Nullable Long millis(@Nullable Long atNanos) {
        return atNanos == null ? null : Long.valueOf(Math.max(0, (atNanos - faultNanos()) / 1_000_000));
    }
}
