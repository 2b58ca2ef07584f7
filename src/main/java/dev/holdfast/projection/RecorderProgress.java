package dev.holdfast.projection;

import dev.holdfast.protocol.EventHeader;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and remembers what the recorder did, for its status and its metrics. Written by its thread, read by any. */
final class RecorderProgress {

    private static final Logger LOGGER = LoggerFactory.getLogger(RecorderProgress.class);
    private static final String NOT_BEGUN = "the recorder has not reached the database yet";

    /** The recorder's state between two changes. Ages are counted when somebody asks. */
    private record State(
            long sequence,
            long term,
            boolean databaseReachable,
            long lastCommitEpochMillis,
            boolean standsBy,
            String problem,
            String remedy) {

        State at(RecorderPosition position, boolean isStandingBy) {
            return new State(
                    position.sequence(), position.term(), true, lastCommitEpochMillis, isStandingBy, problem, remedy);
        }

        State committing(long atEpochMillis) {
            return new State(sequence, term, databaseReachable, atEpochMillis, standsBy, problem, remedy);
        }

        State without(Impediment found) {
            return new State(
                    sequence,
                    term,
                    found.databaseReachable(),
                    lastCommitEpochMillis,
                    standsBy,
                    found.cause(),
                    found.remedy());
        }

        State clear() {
            return new State(sequence, term, databaseReachable, lastCommitEpochMillis, standsBy, "", "");
        }
    }

    private final Counter batches;
    private final Counter rows;
    private final Counter failures;
    private final Counter cuts;
    private final Timer commits;

    private final LongSupplier monotonicNanos;

    private volatile State state = new State(-1, 0, false, 0, false, NOT_BEGUN, "see './holdfast status'");
    private volatile long readSequence;
    private volatile long heldEvents;
    private volatile long recordedThroughNanos;
    private volatile long movedNanos;
    private volatile boolean moved;
    private int failuresInARow;

    RecorderProgress(MeterRegistry metrics, LongSupplier monotonicNanos) {
        this.monotonicNanos = monotonicNanos;
        this.batches = metrics.counter("holdfast.recorder.batches");
        this.rows = metrics.counter("holdfast.recorder.rows");
        this.failures = metrics.counter("holdfast.recorder.failures");
        this.cuts = metrics.counter("holdfast.recorder.cuts.without.digest");
        this.commits = metrics.timer("holdfast.recorder.commit");
        Gauge.builder("holdfast.recorder.sequence", this, progress -> progress.state.sequence())
                .register(metrics);
        Gauge.builder("holdfast.recorder.held.events", this, progress -> progress.heldEvents)
                .register(metrics);
        Gauge.builder(
                        "holdfast.recorder.lag.millis",
                        this,
                        progress -> progress.status().lagMillis())
                .register(metrics);
        Gauge.builder(
                        "holdfast.recorder.still.millis",
                        this,
                        progress -> progress.status().stillMillis())
                .register(metrics);
        Gauge.builder(
                        "holdfast.recorder.database.reachable",
                        this,
                        progress -> progress.state.databaseReachable() ? 1 : 0)
                .register(metrics);
    }

    RecorderStatus status() {
        State now = state;
        long logTimeNanos = recordedThroughNanos;
        long lagMillis = logTimeNanos == 0
                ? -1
                : Math.max(0, System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(logTimeNanos));
        return new RecorderStatus(
                now.sequence(),
                readSequence,
                now.term(),
                lagMillis,
                now.databaseReachable(),
                now.lastCommitEpochMillis(),
                now.standsBy(),
                heldEvents,
                moved ? TimeUnit.NANOSECONDS.toMillis(monotonicNanos.getAsLong() - movedNanos) : -1,
                now.problem(),
                now.remedy());
    }

    /** Notes that a session began. The problem of the last session stays in view until one commits. */
    void opened(RecorderPosition position) {
        if (failuresInARow <= 1) {
            LOGGER.info("recording from event={} term={}", position.sequence() + 1, position.term());
        }
        heldEvents = 0;
        State there = state.at(position, false);
        state = failuresInARow == 0 ? there.clear() : there;
    }

    void read(EventHeader header, int rowsWaiting) {
        if (rowsWaiting == 0) {
            recordedThroughNanos = header.logTimeNanos();
        }
        readSequence = Math.max(readSequence, header.sequence());
        heldEvents = header.sequence() - state.sequence();
    }

    void committed(RecorderPosition position, int rowCount, long tookNanos, EventHeader last) {
        failuresInARow = 0;
        batches.increment();
        rows.increment(rowCount);
        commits.record(tookNanos, TimeUnit.NANOSECONDS);
        recordedThroughNanos = last.logTimeNanos();
        heldEvents = 0;
        moved();
        state = state.at(position, false).committing(System.currentTimeMillis()).clear();
    }

    private void moved() {
        movedNanos = monotonicNanos.getAsLong();
        moved = true;
    }

    void cutWithoutDigest(long sequence) {
        cuts.increment();
        LOGGER.warn(
                "a batch was cut at event {} because it held {} rows without a digest",
                sequence,
                RecorderSession.LARGEST_BATCH_ROWS);
    }

    /** Logs a problem once, however often it repeats. */
    void failed(Impediment found) {
        failures.increment();
        failuresInARow++;
        if (!found.cause().equals(state.problem())) {
            if (found.needsPerson()) {
                LOGGER.error("recording stopped and is tried again: {}; {}", found.cause(), found.remedy());
            } else {
                LOGGER.warn("recording interrupted, the position is read again: {}", found.cause());
            }
        }
        heldEvents = 0;
        state = state.without(found);
    }

    void standsBy(String why) {
        LOGGER.info("another recorder writes, this one stands by: {}", why);
        failuresInARow = 0;
        heldEvents = 0;
        recordedThroughNanos = 0;
        State now = state;
        state = now.at(new RecorderPosition(now.sequence(), 0, now.term()), true)
                .clear();
    }

    /** Where the other recorder is. */
    void watched(RecorderPosition position) {
        if (position.sequence() > state.sequence()) {
            moved();
        }
        state = state.at(position, true);
    }
}
