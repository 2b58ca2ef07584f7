package dev.holdfast.agent.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings of roles and databases that take away what an acknowledgement or a log-in rests on. Any role may set its own
 * {@code synchronous_commit}; PostgreSQL has no way to refuse that, so each look undoes it and ends the sessions that began with it.
 */
final class ChangedSettings {

    private static final Logger LOGGER = LoggerFactory.getLogger(ChangedSettings.class);

    private static final String FIND = """
            SELECT name || ' = ' || value || CASE WHEN database <> '' THEN ' of database ' || database ELSE '' END
                       || CASE WHEN role <> '' THEN ' of role ' || role ELSE '' END,
                   name = 'synchronous_commit',
                   CASE WHEN role = '' AND database <> '' THEN format('ALTER DATABASE %I RESET %I', database, name)
                        WHEN role = '' THEN format('ALTER ROLE ALL RESET %I', name)
                        WHEN database = '' THEN format('ALTER ROLE %I RESET %I', role, name)
                        ELSE format('ALTER ROLE %I IN DATABASE %I RESET %I', role, database, name) END
            FROM (SELECT coalesce(d.datname, '') AS database, coalesce(r.rolname, '') AS role,
                         split_part(c, '=', 1) AS name, substr(c, strpos(c, '=') + 1) AS value
                  FROM pg_db_role_setting AS s CROSS JOIN LATERAL unnest(s.setconfig) AS c
                  LEFT JOIN pg_database AS d ON d.oid = s.setdatabase
                  LEFT JOIN pg_authid AS r ON r.oid = s.setrole) AS each
            WHERE (name = 'synchronous_commit' AND value NOT IN ('on', 'remote_apply'))
               OR (name IN ('zero_damaged_pages', 'ignore_checksum_failure') AND value <> 'off')
               OR (name IN ('session_preload_libraries', 'local_preload_libraries') AND value <> '')
               OR (name = 'role' AND value <> 'none' AND role IN ('', 'postgres', 'recorder', 'reader'))
               OR (name = 'default_transaction_read_only' AND value <> 'off' AND role <> 'reader')
            """;

    private static final String NOW = "SELECT clock_timestamp()::text";

    /** Ours set what they need themselves. */
    private static final String END_SESSIONS = """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_get_activity(NULL)
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name <> ?
              AND backend_start >= ?::timestamptz
            """;

    /** Of the server's clock at the last look that found nothing; sessions that began before it began with the right settings. */
    private String cleanSince = "-infinity";

    /**
     * @param what for a person
     * @param durability whether commits may not have waited for a standby
     */
    record Change(String what, boolean durability, String undo) {}

    /** Undoes what it finds, and returns it. */
    List<Change> undo(Connection connection) throws SQLException {
        String began = now(connection);
        List<Change> found = find(connection);
        if (found.isEmpty()) {
            cleanSince = began;
            return found;
        }
        for (Change change : found) {
            LOGGER.error("{} was set by somebody and is reset; sessions that began with it are ended", change.what());
            try (Statement statement = connection.createStatement()) {
                statement.execute(change.undo());
            }
        }
        try (PreparedStatement end = connection.prepareStatement(END_SESSIONS)) {
            end.setString(1, Connections.APPLICATION);
            end.setString(2, cleanSince);
            end.execute();
        }
        return found;
    }

    private static List<Change> find(Connection connection) throws SQLException {
        List<Change> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(FIND)) {
            while (row.next()) {
                found.add(new Change(row.getString(1), row.getBoolean(2), row.getString(3)));
            }
        }
        return found;
    }

    private static String now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(NOW)) {
            row.next();
            return row.getString(1);
        }
    }
}
