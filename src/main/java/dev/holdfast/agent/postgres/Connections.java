package dev.holdfast.agent.postgres;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/** Opens the agent's connections, as superuser. Each is bounded in whatever it waits for, so that a frozen server holds up nobody. */
final class Connections {

    /** For connecting, logging in, and each answer of a look or a write. */
    static final Duration SHORT = Duration.ofSeconds(1);

    private static final String SHORT_SECONDS = Long.toString(SHORT.toSeconds());

    private final Secrets secrets;

    Connections(Secrets secrets) {
        this.secrets = secrets;
    }

    /** @param answer how long one may take */
    Connection open(String address, Duration answer) throws SQLException {
        return open(address, answer, "");
    }

    /** One whose commits wait for this host's disk only. */
    Connection openLocal(String address, Duration answer) throws SQLException {
        return open(address, answer, "-c synchronous_commit=local");
    }

    /** One whose commits wait as long as it takes. */
    Connection openUnbounded(String address) throws SQLException {
        Connection connection = open(address, SHORT, "-c synchronous_commit=on");
        connection.setNetworkTimeout(Runnable::run, 0);
        return connection;
    }

    /** Whether another connection may do: this one was not made, broke, or met a server that starts or stops (57P). */
    static boolean isPassing(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P"));
    }

    static String firstLine(SQLException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason given");
    }

    private Connection open(String address, Duration answer, String options) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", secrets.read("postgres-superuser"));
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("connectTimeout", SHORT_SECONDS);
        properties.setProperty("loginTimeout", SHORT_SECONDS);
        properties.setProperty("socketTimeout", Long.toString(answer.toSeconds()));
        properties.setProperty("options", options);
        properties.setProperty("ApplicationName", "holdfast-agent");
        // Else the driver sets the session up in further round trips.
        properties.setProperty("assumeMinServerVersion", Integer.toString(PostgresBinaries.OLDEST_MAJOR_VERSION));
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address + ":" + Configuration.POSTGRES_PORT + "/" + PostgresServer.DATABASE,
                properties);
    }
}
