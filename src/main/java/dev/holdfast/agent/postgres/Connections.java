package dev.holdfast.agent.postgres;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Opens the agent's connections, as superuser: with its own server through the Unix socket, where the kernel says who it is, so that
 * no password and no role's attribute can shut it out; with another host's by password. Each is bounded in whatever it waits for, so
 * that a frozen server holds up nobody.
 */
final class Connections {

    /** For connecting, logging in, and each answer of a look or a write. */
    static final Duration SHORT = Duration.ofSeconds(1);

    /** The application name of our sessions, by which they are told from sessions that hold us up. */
    static final String APPLICATION = "holdfast-agent";

    private static final String SHORT_SECONDS = Long.toString(SHORT.toSeconds());

    /** The roles and databases to log in with, in the order in which they are tried. Each may be shut to us by SQL. */
    private static final List<Way> WAYS = List.of(
            new Way(PostgresSettings.KEEPER, PostgresServer.DATABASE),
            new Way(PostgresSettings.SUPERUSER, PostgresServer.DATABASE),
            new Way(PostgresSettings.KEEPER, "postgres"),
            new Way(PostgresSettings.SUPERUSER, "template1"));

    /**
     * Over what SQL may have set for the role, the database or the server: a library that is missing fails each log-in, a read-only
     * session each write; a trigger or rule of a table would run with our rights.
     */
    private static final String OWN_SETTINGS = " -c session_preload_libraries= -c local_preload_libraries="
            + " -c default_transaction_read_only=off -c session_replication_role=replica -c search_path=pg_catalog"
            + " -c role=none -c statement_timeout=0 -c lock_timeout=200 -c idle_session_timeout=0"
            + " -c default_transaction_isolation=read\\ committed";

    private final Secrets secrets;
    private final Path socketFolder;
    private final Path dataDirectory;

    /** @param folder of the server, with its socket and its data directory */
    Connections(Secrets secrets, Path folder) {
        this.secrets = secrets;
        this.socketFolder = PostgresSettings.socketFolder(folder);
        this.dataDirectory = folder.resolve("data");
    }

    private record Way(String role, String database) {}

    /** @param answer how long one may take */
    Connection open(Duration answer) throws SQLException {
        return open(answer, "");
    }

    /** One whose commits wait for this host's disk only. */
    Connection openLocal(Duration answer) throws SQLException {
        return open(answer, "-c synchronous_commit=local");
    }

    /** One whose commits wait as long as it takes. */
    Connection openUnbounded() throws SQLException {
        Connection connection = open(SHORT, "-c synchronous_commit=on");
        connection.setNetworkTimeout(Runnable::run, 0);
        return connection;
    }

    /** With another host's server. */
    Connection openRemote(String address, Duration answer) throws SQLException {
        Properties properties = properties(answer, "");
        properties.setProperty("user", PostgresSettings.SUPERUSER);
        properties.setProperty("password", secrets.read("postgres-superuser"));
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address + ":" + Configuration.POSTGRES_PORT + "/" + PostgresServer.DATABASE,
                properties);
    }

    /** Whether another connection may do: this one was not made, broke, or met a server that starts or stops (57P). */
    static boolean isPassing(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P"));
    }

    /** Whether a server that lives took the connection and said no: to the role, the database, or for want of room. */
    static boolean isRefusal(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && !isPassing(failure);
    }

    /** Whether there was no place, no memory or no room on the disk (53). */
    static boolean isWantOfRoom(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && state.startsWith("53");
    }

    /** Whether it waited for a lock for as long as it may. */
    static boolean isLocked(SQLException failure) {
        return "55P03".equals(failure.getSQLState());
    }

    static String firstLine(SQLException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason given");
    }

    private Connection open(Duration answer, String options) throws SQLException {
        SQLException refused = null;
        for (Way way : WAYS) {
            try {
                return open(way, answer, options);
            } catch (SQLException failure) {
                if (!anotherWayMayBeOpen(failure)) {
                    throw refused == null ? failure : refused;
                }
                refused = first(refused, failure);
            }
        }
        throw refused == null ? new SQLException("there is no way in") : refused;
    }

    private static SQLException first(@Nullable SQLException earlier, SQLException now) {
        if (earlier == null) {
            return now;
        }
        earlier.addSuppressed(now);
        return earlier;
    }

    /** A role that may not log in (28), a database that is gone or takes no connections. */
    private static boolean anotherWayMayBeOpen(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && (state.startsWith("28") || state.equals("3D000") || state.equals("55000"));
    }

    private Connection open(Way way, Duration answer, String options) throws SQLException {
        Properties properties = properties(answer, options + OWN_SETTINGS);
        properties.setProperty("user", way.role());
        properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
        properties.setProperty("socketFactoryArg", socket().toString());
        return DriverManager.getConnection("jdbc:postgresql://localhost/" + way.database(), properties);
    }

    private static Properties properties(Duration answer, String options) {
        Properties properties = new Properties();
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("connectTimeout", SHORT_SECONDS);
        properties.setProperty("loginTimeout", SHORT_SECONDS);
        properties.setProperty("socketTimeout", Long.toString(answer.toSeconds()));
        properties.setProperty("options", options.strip());
        properties.setProperty("ApplicationName", APPLICATION);
        // Else the driver sets the session up in further round trips.
        properties.setProperty("assumeMinServerVersion", Integer.toString(PostgresBinaries.OLDEST_MAJOR_VERSION));
        return properties;
    }

    /** A path that is too long for a socket is gone by way of the postmaster's working directory, its data directory. */
    private Path socket() throws SQLException {
        if (PostgresSettings.fitsSocket(socketFolder)) {
            return socketFolder.resolve(PostgresSettings.SOCKET);
        }
        try {
            String pid = Files.readAllLines(dataDirectory.resolve("postmaster.pid"), StandardCharsets.ISO_8859_1)
                    .getFirst()
                    .strip();
            return Path.of("/proc", pid, "cwd", "..", socketFolder.getFileName().toString(), PostgresSettings.SOCKET);
        } catch (IOException notThere) {
            throw new SQLException("no postmaster works in " + dataDirectory, "08001", notThere);
        }
    }
}
