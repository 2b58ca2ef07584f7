package dev.holdfast.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what a member refused to whoever has no right to it. Thread-safe. */
final class Refusals {

    private static final Logger LOGGER = LoggerFactory.getLogger(Refusals.class);

    private final Map<Kind, Long> counts = new ConcurrentHashMap<>();

    enum Kind {
        /** A client that does not know the cluster's secret wanted to send commands. */
        COMMANDS("commands", "wrong-secret"),

        /** A client that does not know the cluster's secret wanted to use the archive. */
        ARCHIVE("archive", "wrong-secret"),

        /** A client that may only read wanted to change recordings, or one asked before it was let in. */
        ARCHIVE_ACTION("archive", "not-allowed");

        private final String door;
        private final String reason;

        Kind(String door, String reason) {
            this.door = door;
            this.reason = reason;
        }
    }

    /** Told at the first, the second, the fourth ...: a flood stays a few lines. */
    void count(Kind kind) {
        long count = counts.merge(kind, 1L, Long::sum);
        if (Long.bitCount(count) == 1) {
            LOGGER.warn("client refused door={} reason={} count={}", kind.door, kind.reason, count);
        }
    }

    long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
