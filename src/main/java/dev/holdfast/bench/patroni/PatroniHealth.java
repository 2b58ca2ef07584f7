package dev.holdfast.bench.patroni;

import dev.holdfast.bench.patroni.PatroniRest.Member;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Host;
import dev.holdfast.runtime.Secrets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** Whether all redundancy is there: by Patroni's word, by etcd's, and by the primary's own. */
final class PatroniHealth {

    private static final int CONNECT_SECONDS = 1;
    private static final int ANSWER_SECONDS = 5;

    /** Patroni names a standby in the DCS after it has named it to PostgreSQL; both must have come to it. */
    private static final String STANDBYS = """
            SELECT count(*) FILTER (WHERE state = 'streaming'),
                   coalesce(string_agg(application_name, ',') FILTER (WHERE sync_state = 'sync'), '')
            FROM pg_stat_replication
            """;

    private final Configuration configuration;
    private final Secrets secrets;
    private final PatroniRest rest;

    PatroniHealth(Configuration configuration, Secrets secrets, PatroniRest rest) {
        this.configuration = configuration;
        this.secrets = secrets;
        this.rest = rest;
    }

    /** In words; empty when nothing is. */
    String missing() throws InterruptedException {
        for (Host node : configuration.hosts()) {
            if (!rest.etcdIsWell(node)) {
                return "etcd of " + node.name() + " does not answer well";
            }
        }
        List<Member> members = rest.members();
        Optional<String> leader = withRole(members, "leader");
        Optional<String> sync = withRole(members, "sync_standby");
        if (members.size() < configuration.hosts().size()
                || !members.stream().allMatch(Member::runs)
                || leader.isEmpty()
                || sync.isEmpty()) {
            return "Patroni knows of " + members;
        }
        try (Connection connection = superuser(configuration.host(leader.get()), "postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(STANDBYS)) {
            row.next();
            boolean whole =
                    row.getInt(1) == members.size() - 1 && row.getString(2).equals(sync.get());
            return whole
                    ? ""
                    : row.getInt(1) + " standbys stream from " + leader.get() + " and commits wait for '"
                            + row.getString(2) + "', not for " + sync.get();
        } catch (SQLException away) {
            return leader.get() + " does not answer: " + away.getMessage();
        }
    }

    static Optional<String> withRole(List<Member> members, String role) {
        return members.stream()
                .filter(each -> each.role().equals(role))
                .map(Member::name)
                .findFirst();
    }

    Connection superuser(Host host, String database) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {host.address()});
        source.setPortNumbers(new int[] {Configuration.POSTGRES_PORT});
        source.setDatabaseName(database);
        source.setUser("postgres");
        source.setPassword(secrets.read("postgres-superuser"));
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setLoginTimeout(ANSWER_SECONDS);
        source.setSocketTimeout(ANSWER_SECONDS);
        return source.getConnection();
    }
}
