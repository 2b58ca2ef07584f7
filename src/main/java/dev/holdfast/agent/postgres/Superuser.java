package dev.holdfast.agent.postgres;

import dev.holdfast.agent.Server;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/** The few statements an agent runs as superuser. */
final class Superuser {

    private static final Duration PRIMARY_LIMIT = Duration.ofSeconds(20);
    private static final long TRY_AGAIN_MILLIS = 200;
    private static final String CONNECT_SECONDS = "1";
    private static final String ANSWER_SECONDS = "2";
    private static final String CANNOT_CONNECT = "08";

    private static final String STATE = """
            SELECT pg_is_in_recovery(),
                   CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END,
                   (SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'),
                   (SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming')
            """;

    private final Secrets secrets;

    Superuser(Secrets secrets) {
        this.secrets = secrets;
    }

    Server.Probe probe(String address) {
        try (Connection connection = connect(List.of(address), "any");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(STATE)) {
            row.next();
            boolean standby = row.getBoolean(1);
            String detail = standby
                    ? "standby at " + row.getString(2) + (row.getInt(4) > 0 ? ", streaming" : ", not streaming")
                    : "primary at " + row.getString(2) + ", " + row.getInt(3) + " standbys streaming";
            return new Server.Probe(true, !standby, detail);
        } catch (SQLException failure) {
            return new Server.Probe(false, false, firstLine(failure));
        }
    }

    /**
     * Waits for a primary and makes sure it has this standby's slot.
     *
     * @return the primary's address
     */
    String awaitPrimaryAndSlot(List<Configuration.Host> hosts, String slot) throws IOException, InterruptedException {
        List<String> addresses = hosts.stream().map(Configuration.Host::address).toList();
        long deadline = System.nanoTime() + PRIMARY_LIMIT.toNanos();
        while (true) {
            try (Connection connection = connect(addresses, "primary")) {
                createSlot(connection, slot);
                return serverAddress(connection);
            } catch (SQLException failure) {
                if (!isPassing(failure) || System.nanoTime() - deadline >= 0) {
                    throw new IOException(
                            "no primary at " + addresses + " to clone from within " + PRIMARY_LIMIT.toSeconds() + " s: "
                                    + firstLine(failure) + "; it is tried again with the next start",
                            failure);
                }
            }
            Thread.sleep(TRY_AGAIN_MILLIS);
        }
    }

    private static void createSlot(Connection connection, String slot) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT pg_create_physical_replication_slot(?) WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = ?)")) {
            statement.setString(1, slot);
            statement.setString(2, slot);
            statement.execute();
        }
    }

    private static String serverAddress(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT host(inet_server_addr())")) {
            row.next();
            return row.getString(1);
        }
    }

    /** A server that is not there yet, or starts up (57P03). */
    private static boolean isPassing(SQLException failure) {
        String state = failure.getSQLState();
        return state == null || state.startsWith(CANNOT_CONNECT) || state.startsWith("57");
    }

    private Connection connect(List<String> addresses, String targetServerType) throws SQLException {
        String servers = addresses.stream()
                .map(address -> address + ":" + Configuration.POSTGRES_PORT)
                .collect(Collectors.joining(","));
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", secrets.read("postgres-superuser"));
        properties.setProperty("sslmode", "disable");
        properties.setProperty("targetServerType", targetServerType);
        properties.setProperty("hostRecheckSeconds", "0");
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("loginTimeout", ANSWER_SECONDS);
        properties.setProperty("socketTimeout", ANSWER_SECONDS);
        properties.setProperty("ApplicationName", "holdfast-agent");
        return DriverManager.getConnection("jdbc:postgresql://" + servers + "/postgres", properties);
    }

    private static String firstLine(SQLException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason given");
    }
}
