package dev.holdfast.marketdata;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what of the feed is not used, by instrument and reason: in the metrics, and in a line of the log each minute. */
final class Dropped {

    private static final Logger LOG = LoggerFactory.getLogger(Dropped.class);
    private static final long LINE_NANOS = 60_000_000_000L;

    private final MeterRegistry metrics;
    private final IntFunction<String> name;
    private final Map<String, Long> sinceLastLine = new TreeMap<>();
    private long lastLineNanos = System.nanoTime();

    /** @param name of an instrument by its number; 0 is none of ours */
    Dropped(MeterRegistry metrics, IntFunction<String> name) {
        this.metrics = metrics;
        this.name = name;
    }

    void count(int instrument, String reason) {
        String named = instrument == 0 ? "none" : name.apply(instrument);
        metrics.counter("holdfast.feed.dropped", "reason", reason, "instrument", named)
                .increment();
        sinceLastLine.merge(named + " " + reason, 1L, Long::sum);
    }

    /** Called now and then. */
    void writeLine(long nowNanos) {
        if (nowNanos - lastLineNanos < LINE_NANOS || sinceLastLine.isEmpty()) {
            return;
        }
        lastLineNanos = nowNanos;
        LOG.warn(
                "ticks dropped since the last such line: {}",
                sinceLastLine.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", ")));
        sinceLastLine.clear();
    }
}
