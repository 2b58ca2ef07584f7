package dev.holdfast.projection;

import dev.holdfast.log.Log;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How to reach the region's database, whichever host is its primary. A connection that hears nothing for
 * {@link #SOCKET_SECONDS} is broken, so that no one waits for a frozen server; there is no query time-out, because a
 * cancelled wait for a synchronous standby is reported as success.
 */
public final class Database {

    public static final String NAME = "holdfast";

    private static final Logger LOGGER = LoggerFactory.getLogger(Database.class);

    /** A host that is cut off answers no connection at all, and the next host in the list waits for that. */
    static final int CONNECT_SECONDS = 1;

    static final int LOGIN_SECONDS = 4;

    /** Longer than a commit waits for a standby that is lost, shorter than anybody should wait for a primary that is. */
    static final int SOCKET_SECONDS = 3;

    /** A sort of a large table gives its first row late. */
    private static final int COMPARE_SECONDS = 120;

    /** A constraint of a large table is proved row by row. */
    private static final int OWNER_SECONDS = 600;

    private static final Duration LOG_PATIENCE = Duration.ofSeconds(10);

    private final Configuration configuration;
    private final Secrets secrets;

    public Database(Configuration configuration, Secrets secrets) {
        this.configuration = configuration;
        this.secrets = secrets;
    }

    /** For projections: the primary only. */
    PrimarySessions recorder() {
        return recorder(SOCKET_SECONDS);
    }

    /** The same with another end to patience. */
    PrimarySessions recorder(int socketSeconds) {
        Map<String, PGSimpleDataSource> hosts = new LinkedHashMap<>();
        for (Configuration.Host host : postgresHosts()) {
            PGSimpleDataSource source = recorderOn(host);
            source.setTargetServerType("primary");
            source.setSocketTimeout(socketSeconds);
            hosts.put(host.name(), source);
        }
        return new PrimarySessions(hosts, Duration.ofSeconds(LOGIN_SECONDS));
    }

    /**
     * Whether one of these servers is a primary that lets the recorder's sessions only read: the driver takes it for a standby.
     *
     * @return the host and the setting, empty when there is none
     */
    Optional<String> readOnlyPrimary(List<String> hosts) {
        for (String host : hosts) {
            try (Connection connection = recorderOn(configuration.host(host)).getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only')")) {
                if (row.next() && !row.getBoolean(1) && row.getString(2).equals("on")) {
                    return Optional.of(
                            "default_transaction_read_only is on for the recorder on the primary, host " + host);
                }
            } catch (SQLException silent) {
                LOGGER.debug("host {} does not say why it takes no writes: {}", host, silent.getMessage());
            }
        }
        return Optional.empty();
    }

    /** Sessions of the recorder's user with this host's server, whatever it is. */
    PGSimpleDataSource recorderOn(Configuration.Host host) {
        return source("recorder", "postgres-recorder", "any", List.of(host));
    }

    /** For people and reports: the primary, else a standby. Its sessions are read-only. */
    public DataSource reader() {
        return source("reader", "postgres-reader", "preferPrimary", postgresHosts());
    }

    /**
     * For whoever must know what the primary itself holds. The recorder's user: the driver takes a user whose sessions are
     * read-only for one on a standby.
     */
    public Connection primaryView() throws SQLException {
        Connection connection = recorder().open();
        connection.setReadOnly(true);
        return connection;
    }

    /** The last event whose rows the primary has. */
    public long recordedSequence() throws SQLException {
        try (Connection connection = primaryView();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT sequence FROM " + TableCheck.POSITION)) {
            if (!row.next()) {
                throw new SQLException("the one row of recorder_position was deleted;"
                        + " ./holdfast rebuild rows --reason TEXT writes the tables anew from the log");
            }
            return row.getLong(1);
        }
    }

    /** Compares every row of the primary with what the log makes of it, in one snapshot. */
    public RowComparison.Result compareRows(Log log) throws SQLException {
        try (Connection connection = recorder(COMPARE_SECONDS).open()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            return RowComparison.compare(connection, log, LOG_PATIENCE);
        }
    }

    /** For migrations. */
    DataSource superuser() {
        return source("postgres", "postgres-superuser", "primary", postgresHosts());
    }

    /** Sessions of the superuser with this host's server, whatever it is. */
    PGSimpleDataSource superuserOn(Configuration.Host host) {
        return source("postgres", "postgres-superuser", "any", List.of(host));
    }

    /** A connection to the primary as the tables' owner, for work that takes long. */
    Connection owner() throws SQLException {
        PGSimpleDataSource source = source("postgres", "postgres-superuser", "primary", postgresHosts());
        source.setSocketTimeout(OWNER_SECONDS);
        source.setApplicationName("holdfast-rebuild");
        return source.getConnection();
    }

    Migrations migrations() {
        return new Migrations(configuration, secrets);
    }

    private List<Configuration.Host> postgresHosts() {
        return configuration.hostsWith(Configuration.Role.POSTGRES);
    }

    private PGSimpleDataSource source(
            String user, String secret, String targetServerType, List<Configuration.Host> hosts) {
        List<String> addresses = hosts.stream().map(Configuration.Host::address).toList();
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(addresses.toArray(String[]::new));
        source.setPortNumbers(Collections.nCopies(addresses.size(), Configuration.POSTGRES_PORT).stream()
                .mapToInt(Integer::intValue)
                .toArray());
        source.setDatabaseName(NAME);
        source.setUser(user);
        source.setPassword(secrets.read(secret));
        source.setTargetServerType(targetServerType);
        source.setHostRecheckSeconds(0); // the driver would believe an old role for 10 s
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setLoginTimeout(LOGIN_SECONDS);
        source.setSocketTimeout(SOCKET_SECONDS);
        source.setTcpKeepAlive(true);
        source.setSslMode("disable");
        source.setApplicationName("holdfast-" + user);
        // Whatever somebody has set for the role or the database: what is acknowledged to us is on the standby.
        source.setOptions("-c synchronous_commit=on" + (user.equals("postgres") ? " -c temp_file_limit=-1" : ""));
        return source;
    }
}
