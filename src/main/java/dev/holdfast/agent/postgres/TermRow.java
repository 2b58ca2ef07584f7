package dev.holdfast.agent.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one row of {@code recovery.term}: under which term this copy's newest primary was promoted. A schema of its own keeps it out of
 * the way of the tables' migrations.
 *
 * @param term 0 when there is no row
 * @param timeline that the promotion made
 */
record TermRow(long term, int timeline) {

    private static final Logger LOGGER = LoggerFactory.getLogger(TermRow.class);

    static final TermRow NONE = new TermRow(0, 0);

    private static final String CREATE = """
            CREATE SCHEMA IF NOT EXISTS recovery;
            CREATE TABLE IF NOT EXISTS recovery.term (
                only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
                term bigint NOT NULL CHECK (term >= 1),
                timeline integer NOT NULL,
                host text NOT NULL,
                written_at timestamptz NOT NULL DEFAULT clock_timestamp());
            COMMENT ON TABLE recovery.term IS 'One row: the term of the newest promotion. Written by each primary when it is promoted.';
            GRANT USAGE ON SCHEMA recovery TO recorder, reader;
            GRANT SELECT ON recovery.term TO recorder, reader;
            """;

    private static final String CLAIM = """
            INSERT INTO recovery.term AS present (term, timeline, host) VALUES (?, ?, ?)
            ON CONFLICT (only_row) DO UPDATE
            SET term = excluded.term, timeline = excluded.timeline, host = excluded.host, written_at = clock_timestamp()
            WHERE present.term <= excluded.term
            """;

    /** A recorder that read its position on an earlier primary then writes nothing here before it has read it again. */
    private static final String TELL_RECORDER = "UPDATE public.recorder_position SET term = ? WHERE term < ?";

    static TermRow read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!exists(statement)) {
                return NONE;
            }
            try (ResultSet row = statement.executeQuery("SELECT term, timeline FROM recovery.term")) {
                return row.next() ? new TermRow(row.getLong(1), row.getInt(2)) : NONE;
            }
        }
    }

    /**
     * Makes it the newest, flushed if the connection's commits are.
     *
     * @throws SQLException if the row has a higher term
     */
    void claim(Connection connection, String host) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!exists(statement)) {
                statement.execute(CREATE);
            }
        }
        try {
            insert(connection, host);
        } catch (SQLException failure) {
            String state = failure.getSQLState();
            if (state == null || Connections.isPassing(failure) || Connections.isLocked(failure)) {
                throw failure;
            }
            LOGGER.error("recovery.term is not as it was made and is made anew: {}", Connections.firstLine(failure));
            try (Statement statement = connection.createStatement()) {
                statement.execute("DROP TABLE recovery.term CASCADE; " + CREATE);
            }
            insert(connection, host);
        }
        tellRecorder(connection);
    }

    private void insert(Connection connection, String host) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
            statement.setLong(1, term);
            statement.setInt(2, timeline);
            statement.setString(3, host);
            if (statement.executeUpdate() == 0) {
                throw higher(read(connection).term);
            }
        }
    }

    /** Before the first migration there is no recorder to tell. */
    private void tellRecorder(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!isThere(statement, "public.recorder_position")) {
                return;
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(TELL_RECORDER)) {
            statement.setLong(1, term);
            statement.setLong(2, term);
            statement.executeUpdate();
        } catch (SQLException failure) {
            if (Connections.isPassing(failure) || Connections.isLocked(failure)) {
                throw failure;
            }
            // A primary is worth more than its recorder, which finds by itself that its table is not as it should be.
            LOGGER.error("recorder_position cannot be told of term {}: {}", term, Connections.firstLine(failure));
        }
    }

    /** @throws SQLException if the row has a higher term */
    void requireNotAbove(long wanted) throws SQLException {
        if (term > wanted) {
            throw new TermRow(wanted, 0).higher(term);
        }
    }

    private SQLException higher(long found) {
        return new SQLException("recovery.term has term " + found + ", expected at most " + term
                + "; somebody was promoted under a higher one, so this one is over");
    }

    private static boolean exists(Statement statement) throws SQLException {
        return isThere(statement, "recovery.term");
    }

    private static boolean isThere(Statement statement, String table) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT to_regclass('" + table + "') IS NOT NULL")) {
            return row.next() && row.getBoolean(1);
        }
    }
}
