package dev.holdfast.dashboard;

import dev.holdfast.projection.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the primary how far the recorder has come; one connection, renewed after a failure. A frozen server goes on answering
 * through a session that stands, but what it tells grows old. Thread-safe; callers wait for one another.
 */
final class DatabaseRows implements RecordedRows {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseRows.class);
    private static final String POSITION = """
            SELECT sequence, log_time_nanos / 1000000,
                   (extract(epoch FROM clock_timestamp() - committed_at) * 1000)::bigint FROM recorder_position
            """;

    private final Database database;
    private final GatewayReasons gateways;
    private @Nullable Connection connection;

    DatabaseRows(Database database, GatewayReasons gateways) {
        this.database = database;
        this.gateways = gateways;
    }

    @Override
    public synchronized Recorded ask() {
        try {
            Connection open = connection != null ? connection : database.primaryView();
            connection = open;
            try (Statement statement = open.createStatement();
                    ResultSet row = statement.executeQuery(POSITION)) {
                if (!row.next()) {
                    throw new SQLException(
                            "recorder_position has no row; ./holdfast rebuild rows --reason TEXT writes the"
                                    + " tables anew from the log");
                }
                return new Recorded(row.getLong(1), row.getLong(2), Math.max(0, row.getLong(3)));
            }
        } catch (SQLException failure) {
            disconnect();
            throw new IllegalStateException(failure.getMessage(), failure);
        }
    }

    @Override
    public String cause() {
        return gateways.whyNotDurable();
    }

    @Override
    public synchronized void close() {
        disconnect();
        gateways.close();
    }

    private void disconnect() {
        Connection broken = connection;
        connection = null;
        if (broken != null) {
            try {
                broken.close();
            } catch (SQLException alreadyBroken) {
                LOG.debug("a connection to the database was broken already: {}", alreadyBroken.getMessage());
            }
        }
    }
}
