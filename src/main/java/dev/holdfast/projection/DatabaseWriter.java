package dev.holdfast.projection;

import dev.holdfast.projection.Impediment.Impeded;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to PostgreSQL. */
final class DatabaseWriter implements RowStore {

    private static final Logger LOGGER = LoggerFactory.getLogger(DatabaseWriter.class);
    private static final String READ = "SELECT sequence, chain_hash, term FROM recorder_position";
    private static final String MOVE = "UPDATE recorder_position"
            + " SET sequence = ?, chain_hash = ?, log_time_nanos = ?, committed_at = now() WHERE sequence = ? AND term = ?";

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /**
     * Shorter than the connection's own patience, so that the server says whose lock it waits for. No time-out of a query: this one
     * never ends a wait for a standby.
     */
    private static final String LOCK_PATIENCE = "SET lock_timeout = '2s'";

    private static final String LOCKS = """
            SELECT c.relname, l.pid, l.mode, coalesce(a.usename, 'unknown'), coalesce(a.application_name, '')
            FROM pg_locks l JOIN pg_class c ON c.oid = l.relation LEFT JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.granted AND c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
                  AND l.pid <> pg_backend_pid() AND l.mode <> 'AccessShareLock'
            ORDER BY a.usename = 'recorder', l.mode = 'AccessExclusiveLock' DESC, l.mode LIKE 'Row%' LIMIT 1
            """;

    private final Connection connection;
    private long duplicateTrades;

    DatabaseWriter(PrimarySessions primary) throws SQLException {
        this(primary.open());
    }

    /** @param connection is closed with this */
    DatabaseWriter(Connection connection) throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute(LOCK_PATIENCE);
        }
        connection.setAutoCommit(false);
    }

    @Override
    public void check() throws SQLException {
        try {
            TableCheck.requireUsable(connection);
        } finally {
            connection.rollback();
        }
    }

    @Override
    public RecorderPosition position() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(READ)) {
            if (!row.next()) {
                throw new Impeded(Impediment.rebuild("the one row of recorder_position was deleted", ""));
            }
            return new RecorderPosition(row.getLong(1), row.getLong(2), row.getLong(3));
        } catch (SQLException failure) {
            throw explained(failure);
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
        try {
            return write(from, batch);
        } catch (SQLException failure) {
            throw explained(failure);
        }
    }

    /** @return the same failure; if it was a lock, {@link Impeded} names the process that holds the lock instead */
    private SQLException explained(SQLException failure) throws SQLException {
        if (!LOCK_NOT_AVAILABLE.equals(failure.getSQLState())) {
            return failure;
        }
        connection.rollback();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(LOCKS)) {
            if (!row.next()) {
                return failure;
            }
            String application = row.getString(5);
            throw new Impeded(new Impediment(
                    "table " + row.getString(1) + " is locked (" + row.getString(3) + ") by PostgreSQL process "
                            + row.getInt(2) + " of user " + row.getString(4)
                            + (application.isEmpty() ? "" : ", " + application),
                    "end its transaction, or the process with SELECT pg_terminate_backend(" + row.getInt(2)
                            + "); recording goes on by itself then",
                    true,
                    true));
        }
    }

    private RecorderPosition write(RecorderPosition from, Batch batch) throws SQLException, PositionMoved {
        RecorderPosition to =
                new RecorderPosition(batch.last().sequence(), batch.last().chainHash(), from.term());
        move(from, to, batch.last().logTimeNanos());
        for (Table<?> table : Tables.ALL) {
            Collection<Object[]> rows = batch.rows(table);
            if (!rows.isEmpty()) {
                write(table, rows, to.sequence());
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

    /** COPY wherever no key can be there already, which is nearly everywhere; it takes half the time. */
    private void write(Table<?> table, Collection<Object[]> rows, long upTo) throws SQLException {
        switch (table.conflict()) {
            case FAIL -> table.copy(connection, rows);
            case KEEP -> keep(table, rows, upTo);
            case REPLACE -> {
                if (table.equals(Tables.ORDERS)) {
                    writeOrders(rows);
                } else {
                    table.write(connection, rows);
                }
            }
        }
    }

    /** Order numbers only grow: what is above the highest one here is new. The position's lock keeps it so. */
    private void writeOrders(Collection<Object[]> rows) throws SQLException {
        long highest = highestOrder();
        List<Object[]> fresh = new ArrayList<>();
        List<Object[]> known = new ArrayList<>();
        for (Object[] row : rows) {
            (Tables.orderNumber(row) > highest ? fresh : known).add(row);
        }
        if (!fresh.isEmpty()) {
            Tables.ORDERS.copy(connection, fresh);
        }
        if (!known.isEmpty()) {
            Tables.ORDERS.write(connection, known);
        }
    }

    private long highestOrder() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT coalesce(max(order_number), 0) FROM orders")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** A key that is there already is the engine's fault and is said; the other rows are written all the same. */
    private void keep(Table<?> table, Collection<Object[]> rows, long upTo) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            table.copy(connection, rows);
            connection.releaseSavepoint(before);
        } catch (SQLException failure) {
            if (!UNIQUE_VIOLATION.equals(failure.getSQLState())) {
                throw failure;
            }
            connection.rollback(before);
            int doubled = rows.size() - table.write(connection, rows);
            duplicateTrades += doubled;
            LOGGER.error(
                    "trades booked twice by the engine were written once table={} count={} upTo={}",
                    table.name(),
                    doubled,
                    upTo);
        }
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
