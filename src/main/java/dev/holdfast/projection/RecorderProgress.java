package dev.holdfast.projection;

import dev.holdfast.protocol.EventHeader;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and remembers what the recorder did, for its status and its metrics. Written by its thread, read by any. */
final class RecorderProgress {

    private static final Logger LOGGER = LoggerFactory.getLogger(RecorderProgress.class);
    private static final RecorderStatus UNKNOWN =
            new RecorderStatus(0, 0, 0, -1, false, 0, false, "the recorder has not reached the database yet");

    private final Counter batches;
    private final Counter rows;
    private final Counter failures;
    private final Counter cuts;
    private final Timer commits;

    private volatile RecorderStatus status = UNKNOWN;
    private volatile long recordedThroughNanos;
    private int failuresInARow;

    RecorderProgress(MeterRegistry metrics) {
        this.batches = metrics.counter("holdfast.recorder.batches");
        this.rows = metrics.counter("holdfast.recorder.rows");
        this.failures = metrics.counter("holdfast.recorder.failures");
        this.cuts = metrics.counter("holdfast.recorder.cuts.without.digest");
        this.commits = metrics.timer("holdfast.recorder.commit");
        Gauge.builder("holdfast.recorder.sequence", this, progress -> progress.status.sequence())
                .register(metrics);
        Gauge.builder("holdfast.recorder.lag.events", this, progress -> progress.status.lagEvents())
                .register(metrics);
        Gauge.builder(
                        "holdfast.recorder.lag.millis",
                        this,
                        progress -> progress.status().lagMillis())
                .register(metrics);
        Gauge.builder(
                        "holdfast.recorder.database.reachable",
                        this,
                        progress -> progress.status.databaseReachable() ? 1 : 0)
                .register(metrics);
    }

    RecorderStatus status() {
        RecorderStatus now = status;
        long logTimeNanos = recordedThroughNanos;
        long lagMillis = logTimeNanos == 0
                ? -1
                : Math.max(0, System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(logTimeNanos));
        return new RecorderStatus(
                now.sequence(),
                now.readSequence(),
                now.term(),
                lagMillis,
                now.databaseReachable(),
                now.lastCommitEpochMillis(),
                now.standsBy(),
                now.problem());
    }

    void opened(RecorderPosition position) {
        if (failuresInARow <= 1) {
            LOGGER.info("recording from event={} term={}", position.sequence() + 1, position.term());
        }
        RecorderStatus now = status;
        status = new RecorderStatus(
                position.sequence(),
                position.sequence(),
                position.term(),
                -1,
                true,
                now.lastCommitEpochMillis(),
                false,
                failuresInARow == 0 ? "" : now.problem());
    }

    void read(EventHeader header, int rowsWaiting) {
        if (rowsWaiting == 0) {
            recordedThroughNanos = header.logTimeNanos();
        }
        RecorderStatus now = status;
        status = new RecorderStatus(
                now.sequence(),
                header.sequence(),
                now.term(),
                -1,
                true,
                now.lastCommitEpochMillis(),
                false,
                now.problem());
    }

    void committed(RecorderPosition position, int rowCount, long tookNanos, EventHeader last) {
        failuresInARow = 0;
        batches.increment();
        rows.increment(rowCount);
        commits.record(tookNanos, TimeUnit.NANOSECONDS);
        recordedThroughNanos = last.logTimeNanos();
        status = new RecorderStatus(
                position.sequence(),
                Math.max(status.readSequence(), position.sequence()),
                position.term(),
                -1,
                true,
                System.currentTimeMillis(),
                false,
                "");
    }

    void cutWithoutDigest(long sequence) {
        cuts.increment();
        LOGGER.warn(
                "a batch was cut at event {} because it held {} rows without a digest",
                sequence,
                RecorderSession.LARGEST_BATCH_ROWS);
    }

    /** Logs a problem once, however often it repeats. */
    void failed(String problem, boolean databaseReachable, boolean needsPerson) {
        failures.increment();
        failuresInARow++;
        RecorderStatus now = status;
        if (!problem.equals(now.problem())) {
            if (needsPerson) {
                LOGGER.error("recording stopped and is tried again: {}", problem);
            } else {
                LOGGER.warn("recording interrupted, the position is read again: {}", problem);
            }
        }
        status = new RecorderStatus(
                now.sequence(),
                now.sequence(),
                now.term(),
                -1,
                databaseReachable,
                now.lastCommitEpochMillis(),
                now.standsBy(),
                problem);
    }

    void standsBy(String why) {
        LOGGER.info("another recorder writes, this one stands by: {}", why);
        failuresInARow = 0;
        watched(new RecorderPosition(status.sequence(), 0, status.term()));
    }

    /** Where the other recorder is. */
    void watched(RecorderPosition position) {
        recordedThroughNanos = 0;
        status = new RecorderStatus(
                position.sequence(),
                position.sequence(),
                position.term(),
                -1,
                true,
                status.lastCommitEpochMillis(),
                true,
                "");
    }
}
