package dev.holdfast.dashboard;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How far the recorder has come, as the primary tells it; one connection, renewed after a failure. Used by one thread. */
final class Postgres implements Stores.Question {

    private static final String TIMEOUT_SECONDS = "2";

    private final String url;
    private final Secrets secrets;
    private @Nullable Connection connection;

    Postgres(Configuration configuration, Secrets secrets) {
        String servers = configuration.hostsWith(Configuration.Role.POSTGRES).stream()
                .map(host -> host.address() + ":" + Configuration.POSTGRES_PORT)
                .collect(Collectors.joining(","));
        this.url = "jdbc:postgresql://" + servers + "/holdfast";
        this.secrets = secrets;
    }

    @Override
    public long ask() {
        try {
            Connection open = connection != null ? connection : connect();
            connection = open;
            try (Statement statement = open.createStatement();
                    ResultSet row = statement.executeQuery("select sequence from recorder_position")) {
                return row.next() ? row.getLong(1) : -1;
            }
        } catch (SQLException failure) {
            disconnect();
            throw new IllegalStateException(failure.getMessage(), failure);
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "reader");
        properties.setProperty("password", secrets.read("postgres-reader"));
        properties.setProperty("targetServerType", "primary");
        properties.setProperty("hostRecheckSeconds", "0"); // a cached role outlives a fail-over
        properties.setProperty("connectTimeout", TIMEOUT_SECONDS);
        properties.setProperty("loginTimeout", TIMEOUT_SECONDS);
        properties.setProperty("socketTimeout", TIMEOUT_SECONDS);
        properties.setProperty("ApplicationName", "dashboard");
        return DriverManager.getConnection(url, properties);
    }

    private void disconnect() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException alreadyBroken) {
                // It is dropped either way: the next question opens a new one.
                connection = null;
            }
        }
        connection = null;
    }
}
