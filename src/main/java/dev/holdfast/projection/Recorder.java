package dev.holdfast.projection;

import dev.holdfast.log.Log;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.projection.DatabaseWriter.PositionMoved;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Writes the event stream into the database, each event once: in batches that end where the engine gave a digest, the new
 * position checked and written in the same transaction as the rows. After any failure it forgets what it holds and goes on
 * from where the database says it is.
 */
public final class Recorder implements AutoCloseable {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final long ORDERLY_STOP_MILLIS = 2_000;
    private static final long FORCED_STOP_MILLIS = 2_000;

    /** SQLSTATE classes of data that the database refuses: trying again will not help, only a person or a release can. */
    private static final String DATA_EXCEPTION = "22";

    private static final String CONSTRAINT_VIOLATION = "23";

    private final DataSource primary;
    private final Log log;
    private final RecorderProgress progress;
    private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    private final AtomicReference<@Nullable RecorderSession> session = new AtomicReference<>();
    private final Thread thread;

    public Recorder(Configuration configuration, String hostName, Secrets secrets, Log log, MeterRegistry metrics) {
        this.primary = new Database(configuration, secrets).recorder();
        this.log = log;
        this.progress = new RecorderProgress(metrics);
        this.thread = new Thread(this::run, "recorder-" + hostName);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    public RecorderStatus status() {
        return progress.status();
    }

    private void run() {
        try {
            while (!backoff.isStopped()) {
                record();
                if (!backoff.isStopped()) {
                    backoff.pause();
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until stopped, or until the first failure. */
    private void record() {
        try (DatabaseWriter writer = new DatabaseWriter(primary);
                RecorderSession opened = new RecorderSession(writer, log, progress)) {
            session.set(opened);
            RecorderPosition before = opened.position();
            while (!backoff.isStopped()) {
                opened.step();
                if (!opened.position().equals(before)) {
                    backoff.succeeded();
                }
            }
        } catch (SQLException failure) {
            String state = String.valueOf(failure.getSQLState());
            boolean refused = state.startsWith(DATA_EXCEPTION) || state.startsWith(CONSTRAINT_VIOLATION);
            progress.failed(firstLine(failure), refused, refused);
        } catch (PositionMoved moved) {
            progress.failed(firstLine(moved), true, false);
        } catch (LogUnavailable unavailable) {
            progress.failed(firstLine(unavailable), true, false);
        } catch (RuntimeException unexpected) {
            // The thread must outlive whatever a reader throws; status and log show it.
            progress.failed(firstLine(unexpected), true, true);
        } finally {
            session.set(null);
        }
    }

    /** Stops between two events, or by breaking the connection if the database does not answer; bounded. */
    @Override
    public void close() {
        backoff.stop();
        try {
            thread.join(ORDERLY_STOP_MILLIS);
            RecorderSession stuck = session.get();
            if (thread.isAlive() && stuck != null) {
                stuck.abort();
                thread.join(FORCED_STOP_MILLIS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String firstLine(Exception failure) {
        return String.valueOf(failure.getMessage())
                .lines()
                .findFirst()
                .orElse(failure.getClass().getSimpleName());
    }
}
