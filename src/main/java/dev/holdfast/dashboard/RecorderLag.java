package dev.holdfast.dashboard;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far the recorder has come, as the database tells it; one connection, renewed after a failure. Used by one thread. */
final class RecorderLag implements Stores.Question {

    private static final Logger LOG = LoggerFactory.getLogger(RecorderLag.class);

    private final DataSource database;
    private @Nullable Connection connection;

    RecorderLag(DataSource database) {
        this.database = database;
    }

    @Override
    public long ask() {
        try {
            Connection open = connection != null ? connection : database.getConnection();
            connection = open;
            try (Statement statement = open.createStatement();
                    ResultSet row = statement.executeQuery("SELECT sequence FROM recorder_position")) {
                return row.next() ? row.getLong(1) : -1;
            }
        } catch (SQLException failure) {
            disconnect();
            throw new IllegalStateException(failure.getMessage(), failure);
        }
    }

    @Override
    public void close() {
        disconnect();
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
