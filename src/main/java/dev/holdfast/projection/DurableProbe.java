package dev.holdfast.projection;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes a row and waits until it is durable, through a new connection: sessions of a frozen server go on being
 * acknowledged. Callers may ask as often as they like; within a second they get the last answer. Thread-safe; callers wait
 * for one another.
 */
public final class DurableProbe {

    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
    private static final String INSERT = "INSERT INTO health_check (host) VALUES (?)";
    private static final String FORGET = "DELETE FROM health_check WHERE checked_at < now() - interval '1 hour'";

    private final PrimarySessions primary;
    private final String hostName;
    private @Nullable Result last;
    private long probedNanos;

    public DurableProbe(Configuration configuration, String hostName, Secrets secrets) {
        this.primary = new Database(configuration, secrets).recorder();
        this.hostName = hostName;
    }

    /**
     * @param durable whether the row is safely written
     * @param tookMillis from asking for a connection to the end of the commit
     * @param problem why not; empty when durable
     */
    public record Result(boolean durable, long tookMillis, String problem) {}

    public synchronized Result probe() {
        Result known = last;
        if (known != null && System.nanoTime() - probedNanos < INTERVAL_NANOS) {
            return known;
        }
        Result fresh = write();
        last = fresh;
        probedNanos = System.nanoTime();
        return fresh;
    }

    private Result write() {
        long begunNanos = System.nanoTime();
        try (Connection connection = primary.open()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement(INSERT);
                    PreparedStatement forget = connection.prepareStatement(FORGET)) {
                insert.setString(1, hostName);
                insert.executeUpdate();
                forget.executeUpdate();
            }
            connection.commit();
            if (connection.getWarnings() != null) {
                return new Result(
                        false,
                        tookMillis(begunNanos),
                        "the commit gave a warning: " + connection.getWarnings().getMessage());
            }
            return new Result(true, tookMillis(begunNanos), "");
        } catch (SQLException failure) {
            return new Result(false, tookMillis(begunNanos), String.valueOf(failure.getMessage()));
        }
    }

    private static long tookMillis(long begunNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
    }
}
