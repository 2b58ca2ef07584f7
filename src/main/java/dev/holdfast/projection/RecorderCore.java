package dev.holdfast.projection;

import dev.holdfast.log.Log;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.projection.RowStore.PositionMoved;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a recorder does, step by step, without a thread or a clock of its own: {@link Recorder} runs it on real ones, the
 * simulator on virtual ones. After any failure it forgets what it holds and goes on from where the database says it is. Used by
 * one thread, but for {@link #abort()} and {@link #status()}.
 */
public final class RecorderCore implements AutoCloseable {

    /** SQLSTATE classes of data that the database refuses: trying again will not help, only a person or a release can. */
    private static final String DATA_EXCEPTION = "22";

    private static final String CONSTRAINT_VIOLATION = "23";

    private final RowStore.Source stores;
    private final Log log;
    private final RecorderProgress progress;
    private final LongSupplier monotonicNanos;
    private volatile @Nullable RecorderSession session;

    RecorderCore(RowStore.Source stores, Log log, MeterRegistry metrics, LongSupplier monotonicNanos) {
        this.stores = stores;
        this.log = log;
        this.progress = new RecorderProgress(metrics);
        this.monotonicNanos = monotonicNanos;
    }

    /** A recorder into memory, for the simulator. */
    public static RecorderCore into(
            MemoryDatabase database, Log log, MeterRegistry metrics, LongSupplier monotonicNanos) {
        return new RecorderCore(database::open, log, metrics, monotonicNanos);
    }

    /** What a step came to. */
    public enum Step {
        NOTHING,
        COMMITTED,
        /** The next step begins anew with the database's position; it should come after a pause. */
        FAILED
    }

    /** Reads what is there, and writes what is complete. */
    public Step step() {
        try {
            RecorderSession opened = session;
            if (opened == null) {
                opened = open();
                session = opened;
            }
            RecorderPosition before = opened.position();
            opened.step();
            return opened.position().equals(before) ? Step.NOTHING : Step.COMMITTED;
        } catch (SQLException failure) {
            String state = String.valueOf(failure.getSQLState());
            boolean refused = state.startsWith(DATA_EXCEPTION) || state.startsWith(CONSTRAINT_VIOLATION);
            progress.failed(firstLine(failure), refused, refused);
        } catch (PositionMoved moved) {
            progress.failed(firstLine(moved), true, false);
        } catch (LogUnavailable unavailable) {
            progress.failed(firstLine(unavailable), true, false);
        } catch (RuntimeException unexpected) {
            // The recorder must outlive whatever a reader throws; status and log show it.
            progress.failed(firstLine(unexpected), true, true);
        }
        close();
        return Step.FAILED;
    }

    private RecorderSession open() throws SQLException {
        RowStore store = stores.open();
        try {
            return new RecorderSession(store, log, progress, monotonicNanos);
        } catch (SQLException | RuntimeException failure) {
            store.close();
            throw failure;
        }
    }

    public RecorderStatus status() {
        return progress.status();
    }

    /** Breaks the connection under a thread that waits on it. */
    void abort() {
        RecorderSession stuck = session;
        if (stuck != null) {
            stuck.abort();
        }
    }

    /** Forgets what it holds. */
    @Override
    public void close() {
        RecorderSession open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }

    private static String firstLine(Exception failure) {
        return String.valueOf(failure.getMessage())
                .lines()
                .findFirst()
                .orElse(failure.getClass().getSimpleName());
    }
}
