package dev.holdfast.agent.postgres;

import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it at each look that the server stays as it was set up, and remembers what a person should know. Used by the thread that
 * looks; {@link #trouble} and {@link #checksumFailures} by any.
 */
final class Upkeep {

    private static final Logger LOGGER = LoggerFactory.getLogger(Upkeep.class);

    /** Between two looks at what costs more than a millisecond and changes nothing that was acknowledged. */
    private static final long SELDOM_NANOS = Duration.ofSeconds(1).toNanos();

    /** Something that was put right is shown in the status for this long. */
    private static final long TELL_NANOS = Duration.ofSeconds(60).toNanos();

    private static final int MOST_TOLD = 5;

    /** Shared objects are counted under 0. */
    private static final String CHECKSUM_FAILURES = """
            SELECT coalesce(sum(pg_stat_get_db_checksum_failures(id)), 0)::bigint, current_setting('data_checksums') = 'on'
            FROM (SELECT oid AS id FROM pg_database UNION ALL SELECT 0::oid) AS all_databases
            """;

    private static final String RESUME = """
            SELECT pg_wal_replay_resume() FROM (SELECT) AS always WHERE pg_get_wal_replay_pause_state() <> 'not paused'
            """;

    private final ServerFiles files;
    private final ChangedSettings settings = new ChangedSettings();
    private final OwnRoles roles;
    private final Blockers blockers;

    private final Map<String, Long> told = new LinkedHashMap<>();
    private long seldomNanos = System.nanoTime() - SELDOM_NANOS;
    private volatile long checksumFailures;
    private volatile boolean durable = true;

    Upkeep(ServerFiles files, Secrets secrets, Blockers blockers) {
        this.files = files;
        this.blockers = blockers;
        this.roles = new OwnRoles(secrets);
    }

    /** For another start of the server, maybe on another data directory. */
    void begin() {
        checksumFailures = files.damage();
        durable = true;
        soon();
    }

    /** The next look leaves nothing out. */
    void soon() {
        seldomNanos = System.nanoTime() - SELDOM_NANOS;
    }

    /** Whether the last look found nothing by which a commit might not wait for its standby, names apart. */
    boolean durable() {
        return durable;
    }

    long checksumFailures() {
        return checksumFailures;
    }

    /** Sentences for the status about what was wrong lately; empty when nothing was. */
    synchronized String trouble() {
        long now = System.nanoTime();
        told.values().removeIf(until -> until - now < 0);
        return String.join("; ", told.keySet());
    }

    synchronized void tell(String what) {
        told.remove(what);
        told.put(what, System.nanoTime() + TELL_NANOS);
        Iterator<String> oldest = told.keySet().iterator();
        while (told.size() > MOST_TOLD) {
            oldest.next();
            oldest.remove();
        }
    }

    void tell(List<String> all) {
        all.forEach(this::tell);
    }

    void primary(Connection connection) throws SQLException, IOException {
        try {
            List<ChangedSettings.Change> changes = settings.undo(connection);
            durable = changes.stream().noneMatch(ChangedSettings.Change::durability);
            changes.forEach(change -> tell(change.what() + " was set by somebody and is reset"));
            if (isSeldom()) {
                tell(roles.putRight(connection));
                lookForDamage(connection);
            }
        } catch (SQLException failure) {
            afterRefusal(connection, failure);
        }
    }

    void standby(Connection connection) throws SQLException, IOException {
        try {
            if (isSeldom()) {
                lookForDamage(connection);
                try (Statement statement = connection.createStatement();
                        ResultSet resumed = statement.executeQuery(RESUME)) {
                    if (resumed.next()) {
                        tell("replay was paused by somebody and goes on");
                    }
                }
            }
        } catch (SQLException failure) {
            if (Connections.isPassing(failure)) {
                throw failure;
            }
            // On a standby a lock is that of the primary's session, which is ended there.
            LOGGER.debug("a standby cannot be looked at closely: {}", Connections.firstLine(failure));
        }
    }

    /** The session goes on: what was asked waited for a lock, found no room, or no longer the catalog that it was. */
    private void afterRefusal(Connection connection, SQLException failure) throws SQLException {
        if (Connections.isPassing(failure)) {
            throw failure;
        }
        List<String> ended = blockers.end(connection);
        tell(ended.isEmpty() ? List.of("the keeper was refused: " + Connections.firstLine(failure)) : ended);
    }

    private boolean isSeldom() {
        long now = System.nanoTime();
        if (now - seldomNanos < SELDOM_NANOS) {
            return false;
        }
        seldomNanos = now;
        return true;
    }

    private void lookForDamage(Connection connection) throws SQLException, IOException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CHECKSUM_FAILURES)) {
            row.next();
            long counted = row.getLong(1);
            if (!row.getBoolean(2)) {
                tell("data checksums are off, so nobody sees damaged pages");
            }
            if (counted > checksumFailures) {
                // The server forgets its statistics in a crash, and the copy stays damaged.
                files.damaged(counted);
                checksumFailures = counted;
                LOGGER.error(
                        "pages of this copy are damaged checksumFailures={}; the server's log names them", counted);
            }
        }
    }
}
