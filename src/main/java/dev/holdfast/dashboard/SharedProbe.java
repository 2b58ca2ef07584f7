package dev.holdfast.dashboard;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs a probe at most once a second; callers in between, and those who come while it runs, share its result. Thread-safe. */
final class SharedProbe<T> {

    static final long KEPT_NANOS = 1_000_000_000;

    private final Supplier<T> probe;
    private final LongSupplier nanoTime;
    private @Nullable T result;
    private long doneNanoTime;

    SharedProbe(Supplier<T> probe, LongSupplier nanoTime) {
        this.probe = probe;
        this.nanoTime = nanoTime;
    }

    synchronized T result() {
        T last = result;
        if (last != null && nanoTime.getAsLong() - doneNanoTime < KEPT_NANOS) {
            return last;
        }
        T fresh = probe.get();
        result = fresh;
        doneNanoTime = nanoTime.getAsLong();
        return fresh;
    }
}
