package dev.holdfast.projection;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * How to reach the region's database, whichever host is its primary. A connection that hears nothing for
 * {@link #SOCKET_SECONDS} is broken, so that no one waits for a frozen server; there is no query time-out, because a
 * cancelled wait for a synchronous standby is reported as success.
 */
public final class Database {

    public static final String NAME = "holdfast";

    /** A host that is cut off answers no connection at all, and the next host in the list waits for that. */
    static final int CONNECT_SECONDS = 1;

    static final int LOGIN_SECONDS = 4;

    /** Longer than a commit waits for a standby that is lost, shorter than anybody should wait for a primary that is. */
    static final int SOCKET_SECONDS = 3;

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

    /** For migrations. */
    DataSource superuser() {
        return source("postgres", "postgres-superuser", "primary", postgresHosts());
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
        return source;
    }
}
