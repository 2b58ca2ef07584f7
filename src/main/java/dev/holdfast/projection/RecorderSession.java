package dev.holdfast.projection;

import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.projection.Impediment.Impeded;
import dev.holdfast.projection.RowStore.PositionMoved;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * It owns its connection. From one reading of the database's position to the first failure: events in, batches out. Used by the recorder's thread,
 * but for {@link #abort()}.
 */
final class RecorderSession implements AutoCloseable {

    /** A batch this large is committed at its next digest while there is more to read. */
    static final int LARGE_BATCH_ROWS = 5_000;

    /** A batch this large is committed where it stands: memory is bounded even if the engine gives no digest. */
    static final int LARGEST_BATCH_ROWS = 50_000;

    private static final int POLL_EVENTS = 1_000;
    private static final Duration POLL_WAIT = Duration.ofMillis(200);
    private static final long OLDEST_BATCH_NANOS = Duration.ofMillis(100).toNanos();
    /** After a commit the next one waits so many times as long as it took: under load at most a quarter of the time goes into them. */
    private static final int REST_FACTOR = 3;

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);
    private static final long QUIET_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long FIRST_EVENT_NANOS = Duration.ofSeconds(20).toNanos();

    /** A table may be gone for long before a row for it comes. */
    private static final long CHECK_NANOS = Duration.ofSeconds(5).toNanos();

    private final RowStore writer;
    private final EventReader<Event> reader;
    private final Batch batch;
    private final RecorderProgress progress;
    private final LongSupplier monotonicNanos;
    private final long openedNanos;
    private RecorderPosition position;
    private boolean sameLog;
    private long committedNanos;
    private long restedNanos;
    private long checkedNanos;

    RecorderSession(RowStore writer, Log log, RecorderProgress progress, LongSupplier monotonicNanos)
            throws SQLException {
        this.writer = writer;
        this.progress = progress;
        this.monotonicNanos = monotonicNanos;
        this.openedNanos = monotonicNanos.getAsLong();
        this.committedNanos = openedNanos;
        this.restedNanos = openedNanos;
        this.checkedNanos = openedNanos;
        writer.check();
        this.position = writer.position();
        this.batch = new Batch(new EventHeader(position.sequence(), position.chainHash(), 0), writer.exchanges());
        this.sameLog = position.sequence() == 0;
        progress.opened(position);
        // From the event the database ends with, to see that it is the same one.
        this.reader = log.readAfter(Math.max(0, position.sequence() - 1));
    }

    RecorderPosition position() {
        return position;
    }

    /** Reads what is there, and writes what is complete. */
    void step() throws SQLException, PositionMoved {
        try {
            reader.poll(this::onEvent, POLL_EVENTS, pollWait(monotonicNanos.getAsLong()));
        } catch (CommitFailed failed) {
            failed.rethrow();
        }
        if (!sameLog && monotonicNanos.getAsLong() - openedNanos > FIRST_EVENT_NANOS) {
            throw new Impeded(Impediment.rebuild(
                    "the log has not shown event " + position.sequence() + ", the database's last, for "
                            + Duration.ofNanos(FIRST_EVENT_NANOS).toSeconds()
                            + " s: it cannot be read (see './holdfast status'), or recorder_position is ahead of it",
                    ""));
        }
        if (monotonicNanos.getAsLong() - checkedNanos > CHECK_NANOS) {
            checkedNanos = monotonicNanos.getAsLong();
            writer.check();
        }
        if (batch.mayEnd()) {
            commitIfWorthwhile();
        }
    }

    /** What is complete waits for nothing but the rest after the last commit. */
    private Duration pollWait(long nowNanos) {
        if (batch.size() == 0 || !batch.endsOnDigest()) {
            return POLL_WAIT;
        }
        Duration rest = Duration.ofNanos(restedNanos - nowNanos);
        return rest.compareTo(SHORTEST_WAIT) > 0 ? rest : SHORTEST_WAIT;
    }

    private void onEvent(EventHeader header, Event event) {
        if (!sameLog) {
            requireSameLog(header);
            sameLog = true;
            return;
        }
        if (header.sequence() != batch.last().sequence() + 1) {
            throw new IllegalStateException("event " + header.sequence() + " followed event "
                    + batch.last().sequence() + "; the reader must leave none out");
        }
        batch.add(header, event);
        progress.read(header, batch.size());
        boolean due =
                batch.size() >= LARGE_BATCH_ROWS || monotonicNanos.getAsLong() - committedNanos > OLDEST_BATCH_NANOS;
        if (batch.endsOnDigest() && due) {
            commitInPoll();
        } else if (batch.size() >= LARGEST_BATCH_ROWS && !batch.inCheckpoint()) {
            progress.cutWithoutDigest(header.sequence());
            commitInPoll();
        }
    }

    private void requireSameLog(EventHeader header) {
        if (header.sequence() != position.sequence() || header.chainHash() != position.chainHash()) {
            throw new Impeded(Impediment.rebuild(
                    "the database ends with event " + position.sequence() + " of chain hash "
                            + Long.toHexString(position.chainHash()) + ", the log has there event " + header.sequence()
                            + " of chain hash " + Long.toHexString(header.chainHash())
                            + ": the database belongs to another log, or recorder_position was changed by hand",
                    ""));
        }
    }

    private void commitInPoll() {
        try {
            commit();
        } catch (SQLException | PositionMoved failure) {
            throw new CommitFailed(failure);
        }
    }

    /** People wait for what ends on a digest; ticks and candles alone move the position once a second. */
    private void commitIfWorthwhile() throws SQLException, PositionMoved {
        long now = monotonicNanos.getAsLong();
        boolean waited = now - committedNanos >= QUIET_INTERVAL_NANOS;
        boolean complete = batch.endsOnDigest() && batch.size() > 0 && now - restedNanos >= 0;
        if (batch.last().sequence() > position.sequence() && (complete || waited)) {
            commit();
        }
    }

    private void commit() throws SQLException, PositionMoved {
        long now = monotonicNanos.getAsLong();
        int rows = batch.size();
        position = writer.commit(position, batch);
        committedNanos = monotonicNanos.getAsLong();
        restedNanos = committedNanos + Math.min(OLDEST_BATCH_NANOS, REST_FACTOR * (committedNanos - now));
        progress.committed(position, rows, committedNanos - now, batch.last());
        batch.clear();
    }

    void abort() {
        writer.abort();
    }

    @Override
    public void close() {
        reader.close();
        writer.close();
    }

    /** Carries a checked exception through the reader. */
    private static final class CommitFailed extends RuntimeException {
        private final Exception failure;

        CommitFailed(Exception failure) {
            super(failure);
            this.failure = failure;
        }

        void rethrow() throws SQLException, PositionMoved {
            switch (failure) {
                case SQLException sql -> throw sql;
                case PositionMoved moved -> throw moved;
                default -> throw this;
            }
        }
    }
}
