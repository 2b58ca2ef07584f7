package dev.holdfast.drill;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows one by one as a client would, in a thread of its own, and keeps what was acknowledged. After any failure it makes a
 * new session; what became of that row is unknown and of no account.
 */
final class RowWriter {

    private static final String INSERT = """
            INSERT INTO drill.rows (run, writer, number, term) SELECT ?, ?, ?, term FROM recovery.term
            RETURNING host(inet_server_addr()), term
            """;
    private static final long AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    /** An hour of a row each 10 ms. */
    private static final int MOST_ROWS = 360_000;

    private final Sessions sessions;
    private final long run;
    private final int writer;
    private final long intervalNanos;
    private final Thread thread;
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private volatile @Nullable Connection session;
    private volatile boolean closed;
    private long number;

    @FunctionalInterface
    interface Sessions {
        Connection open() throws SQLException;
    }

    RowWriter(Sessions sessions, long run, int writer, Duration interval) {
        this.sessions = sessions;
        this.run = run;
        this.writer = writer;
        this.intervalNanos = interval.toNanos();
        this.thread = Thread.ofPlatform().daemon().name("drill-rows-" + writer).unstarted(this::write);
    }

    void start() {
        thread.start();
    }

    /** In the order of the answers. */
    synchronized List<Acknowledged> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** When the last one was acknowledged, 0 before the first. */
    synchronized long lastNanos() {
        return acknowledged.isEmpty() ? 0 : acknowledged.getLast().atNanos();
    }

    private void write() {
        while (!closed) {
            try (Connection fresh = sessions.open()) {
                session = fresh;
                write(fresh);
            } catch (SQLException away) {
                LockSupport.parkNanos(AFTER_FAILURE_NANOS);
            }
        }
    }

    private void write(Connection fresh) throws SQLException {
        try (PreparedStatement insert = fresh.prepareStatement(INSERT)) {
            long next = System.nanoTime();
            while (!closed) {
                insert.setLong(1, run);
                insert.setInt(2, writer);
                insert.setLong(3, ++number);
                // The driver returns when the commit is answered, not when the row is.
                try (ResultSet row = insert.executeQuery()) {
                    long at = Wall.nanos();
                    // A cancelled wait for the standby is told as success with a warning.
                    if (row.next() && insert.getWarnings() == null) {
                        keep(new Acknowledged(writer, number, row.getString(1), row.getLong(2), at));
                    }
                }
                // A pause is not made up for: rows after it come at the same pace.
                next = Math.max(next + intervalNanos, System.nanoTime());
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
    }

    private synchronized void keep(Acknowledged row) {
        if (acknowledged.size() == MOST_ROWS) {
            throw new IllegalStateException("a drill writes for longer than an hour");
        }
        acknowledged.add(row);
    }

    /** Ends it; what it is doing in the database is broken off. */
    void end() throws InterruptedException {
        closed = true;
        try {
            Connection open = session;
            if (open != null) {
                open.abort(Runnable::run);
            }
        } catch (SQLException gone) {
            session = null;
        }
        thread.join(END_LIMIT);
    }
}
