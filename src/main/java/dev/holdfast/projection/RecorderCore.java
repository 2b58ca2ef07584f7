package dev.holdfast.projection;

import dev.holdfast.log.Log;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.projection.Impediment.Impeded;
import dev.holdfast.projection.RowStore.PositionMoved;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a recorder does, step by step, without a thread or a clock of its own: {@link Recorder} runs it on real ones, the
 * simulator on virtual ones. After any failure it forgets what it holds and goes on from where the database says it is. Used by
 * one thread, but for {@link #abort()} and {@link #status()}.
 *
 * <p>Each gateway has one. Whichever finds that another moved the position stands by, and records again when the position has
 * not moved for longer than a living recorder ever leaves it. That needs no lock, which a frozen process would keep; should two
 * record at once, the check in the transaction lets one of them pass.
 */
public final class RecorderCore implements AutoCloseable {

    /** What a recorder that stands by leaves between two looks. */
    public static final Duration LOOK = Duration.ofMillis(250);

    /** A living recorder moves the position at least each second, because the engine causes an event each second. */
    private static final long SILENCE_NANOS = Duration.ofMillis(1_500).toNanos();

    private final RowStore.Source stores;
    private final Log log;
    private final RecorderProgress progress;
    private final LongSupplier monotonicNanos;
    private volatile @Nullable RecorderSession session;
    private @Nullable Watch watch;
    private boolean standsBy;

    /** The other recorder's progress, seen through a connection of our own. */
    private record Watch(RowStore store, long seenSequence, long movedNanos) {}

    RecorderCore(RowStore.Source stores, Log log, MeterRegistry metrics, LongSupplier monotonicNanos) {
        this.stores = stores;
        this.log = log;
        this.progress = new RecorderProgress(metrics, monotonicNanos);
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
        /** Another one records; the next look should come after {@link #LOOK}. */
        STOOD_BY,
        /** The next step begins anew with the database's position; it should come after a pause. */
        FAILED
    }

    /** Reads what is there, and writes what is complete. */
    public Step step() {
        try {
            if (standsBy) {
                return standBy();
            }
            RecorderSession opened = session;
            if (opened == null) {
                opened = open();
                session = opened;
            }
            RecorderPosition before = opened.position();
            opened.step();
            return opened.position().equals(before) ? Step.NOTHING : Step.COMMITTED;
        } catch (SQLException failure) {
            progress.failed(Impediment.of(failure));
        } catch (Impeded found) {
            progress.failed(found.impediment());
        } catch (PositionMoved moved) {
            standsBy = true;
            progress.standsBy(Impediment.firstLine(moved));
            close();
            return Step.STOOD_BY;
        } catch (LogUnavailable unavailable) {
            progress.failed(Impediment.ofLog(unavailable));
        } catch (RuntimeException unexpected) {
            // The recorder must outlive whatever a reader throws; status and log show it.
            progress.failed(Impediment.unexpected(unexpected));
        }
        close();
        return Step.FAILED;
    }

    private Step standBy() throws SQLException {
        Watch watching = watch;
        if (watching == null) {
            watch = new Watch(stores.open(), status().sequence(), monotonicNanos.getAsLong());
            return Step.STOOD_BY;
        }
        RecorderPosition now = watching.store.position();
        progress.watched(now);
        if (now.sequence() != watching.seenSequence) {
            watch = new Watch(watching.store, now.sequence(), monotonicNanos.getAsLong());
        } else if (monotonicNanos.getAsLong() - watching.movedNanos > SILENCE_NANOS) {
            standsBy = false;
            close();
            return Step.NOTHING;
        }
        return Step.STOOD_BY;
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
        Watch watching = watch;
        watch = null;
        if (watching != null) {
            watching.store.close();
        }
    }
}
