package dev.holdfast.projection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to PostgreSQL. */
final class DatabaseWriter implements RowStore {

    private static final Logger LOGGER = LoggerFactory.getLogger(DatabaseWriter.class);
    private static final String READ = "SELECT sequence, chain_hash, term FROM recorder_position";
    private static final String MOVE = "UPDATE recorder_position"
            + " SET sequence = ?, chain_hash = ?, log_time_nanos = ?, committed_at = now() WHERE sequence = ? AND term = ?";

    private final Connection connection;
    private long duplicateTrades;

    DatabaseWriter(DataSource primary) throws SQLException {
        this.connection = primary.getConnection();
        connection.setAutoCommit(false);
    }

    @Override
    public RecorderPosition position() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(READ)) {
            if (!row.next()) {
                throw new SQLException("recorder_position has no row; the migrations put it there: was it deleted?");
            }
            return new RecorderPosition(row.getLong(1), row.getLong(2), row.getLong(3));
        } finally {
            connection.rollback();
        }
    }

    @Override
    public Map<Integer, String> exchanges() throws SQLException {
        Map<Integer, String> exchanges = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT instrument, exchange FROM instruments")) {
            while (row.next()) {
                exchanges.put(row.getInt(1), row.getString(2));
            }
        } finally {
            connection.rollback();
        }
        return exchanges;
    }

    @Override
    public RecorderPosition commit(RecorderPosition from, Batch batch) throws SQLException, PositionMoved {
        RecorderPosition to =
                new RecorderPosition(batch.last().sequence(), batch.last().chainHash(), from.term());
        move(from, to, batch.last().logTimeNanos());
        for (Table<?> table : Tables.ALL) {
            int rows = batch.rows(table).size();
            if (rows > 0) {
                int written = table.write(connection, batch.rows(table));
                if (table.conflict() == Table.Conflict.KEEP && written < rows) {
                    duplicateTrades += rows - written;
                    LOGGER.error(
                            "trades booked twice by the engine were written once table={} count={} upTo={}",
                            table.name(),
                            rows - written,
                            to.sequence());
                }
            }
        }
        connection.commit();
        SQLWarning warning = connection.getWarnings();
        if (warning != null) {
            throw new SQLException("the commit up to event " + to.sequence()
                    + " gave a warning, so whether it is safe is unknown: " + warning.getMessage());
        }
        return to;
    }

    long duplicateTrades() {
        return duplicateTrades;
    }

    /** First of all statements: its row lock makes a second recorder wait here, and then find that the position moved. */
    private void move(RecorderPosition from, RecorderPosition to, long logTimeNanos)
            throws SQLException, PositionMoved {
        try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
            statement.setLong(1, to.sequence());
            statement.setLong(2, to.chainHash());
            statement.setLong(3, logTimeNanos);
            statement.setLong(4, from.sequence());
            statement.setLong(5, from.term());
            if (statement.executeUpdate() != 1) {
                throw new PositionMoved(from);
            }
        }
    }

    @Override
    public void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException alreadyBroken) {
            LOGGER.debug("connection could not be aborted", alreadyBroken);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException alreadyBroken) {
            LOGGER.debug("connection could not be closed", alreadyBroken);
        }
    }
}
