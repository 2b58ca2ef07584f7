package dev.holdfast.agent.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The one row of {@code recovery.term}: under which term this copy's newest primary was promoted. A schema of its own keeps it out of
 * the way of the tables' migrations.
 *
 * @param term 0 when there is no row
 * @param timeline that the promotion made
 */
record TermRow(long term, int timeline) {

    static final TermRow NONE = new TermRow(0, 0);

    private static final String CREATE = """
            CREATE SCHEMA IF NOT EXISTS recovery;
            CREATE TABLE IF NOT EXISTS recovery.term (
                only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
                term bigint NOT NULL CHECK (term >= 1),
                timeline integer NOT NULL,
                host text NOT NULL,
                written_at timestamptz NOT NULL DEFAULT clock_timestamp());
            COMMENT ON TABLE recovery.term IS 'One row: the term of the newest promotion. Its primary proves its disk here.';
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
        try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
            statement.setLong(1, term);
            statement.setInt(2, timeline);
            statement.setString(3, host);
            if (statement.executeUpdate() == 0) {
                throw higher(read(connection).term);
            }
        }
        tellRecorder(connection);
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
        }
    }

    /** @throws SQLException if the row is not this term's */
    static void touch(Connection connection, long term) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE recovery.term SET written_at = clock_timestamp() WHERE term = ?")) {
            statement.setLong(1, term);
            if (statement.executeUpdate() == 0) {
                throw new SQLException("recovery.term is not of term " + term + " but of " + read(connection).term
                        + "; this primary was replaced");
            }
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
