package dev.holdfast.drill;

import org.jspecify.annotations.Nullable;

/** What one fault's consequences took, filled in by the observers as they see it. Thread-safe. */
final class Measurement {

    private final FaultKind kind;
    private final String target;
    private final long faultNanos;
    private @Nullable Long detectNanos;
    private String detectedBy = "";
    private @Nullable Long orderNanos;
    private @Nullable Long durableNanos;

    /** @param faultNanos the last instant at which all was well, epoch nanoseconds */
    Measurement(FaultKind kind, String target, long faultNanos) {
        this.kind = kind;
        this.target = target;
        this.faultNanos = faultNanos;
    }

    /**
     * In milliseconds since the fault; null was not measured.
     *
     * @param detectMillis until the first sign that the system knows; null also where nothing is to be noticed
     * @param detectedBy that sign
     * @param nextOrderMillis until the exchange accepted an order whose wish was logged after the fault
     * @param nextDurableMillis until the primary database held an event logged after the fault
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

    long faultNanos() {
        return faultNanos;
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
        if (durableNanos == null && logTimeNanos > faultNanos) {
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
        return atNanos == null ? null : Long.valueOf(Math.max(0, (atNanos - faultNanos) / 1_000_000));
    }
}
