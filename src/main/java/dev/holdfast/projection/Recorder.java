package dev.holdfast.projection;

import dev.holdfast.log.Log;
import dev.holdfast.projection.PrimarySessions.NoPrimary;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;

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

    private final RecorderCore core;
    private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    private final Thread thread;

    public Recorder(Configuration configuration, String hostName, Secrets secrets, Log log, MeterRegistry metrics) {
        Database database = new Database(configuration, secrets);
        PrimarySessions primary = database.recorder();
        this.core = new RecorderCore(() -> open(database, primary), log, metrics, System::nanoTime);
        this.thread = new Thread(this::run, "recorder-" + hostName);
        thread.setDaemon(true);
    }

    private static RowStore open(Database database, PrimarySessions primary) throws SQLException {
        try {
            return new DatabaseWriter(primary);
        } catch (NoPrimary none) {
            throw database.readOnlyPrimary(none.answered())
                    .<SQLException>map(words -> new SQLException(words, Impediment.READ_ONLY, none))
                    .orElse(none);
        }
    }

    public void start() {
        thread.start();
    }

    public RecorderStatus status() {
        return core.status();
    }

    private void run() {
        try (core) {
            while (!backoff.isStopped()) {
                switch (core.step()) {
                    case COMMITTED -> backoff.succeeded();
                    case NOTHING -> {}
                    case STOOD_BY -> backoff.rest(RecorderCore.LOOK);
                    case FAILED -> backoff.pause();
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops between two events, or by breaking the connection if the database does not answer; bounded. */
    @Override
    public void close() {
        backoff.stop();
        try {
            thread.join(ORDERLY_STOP_MILLIS);
            if (thread.isAlive()) {
                core.abort();
                thread.join(FORCED_STOP_MILLIS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
