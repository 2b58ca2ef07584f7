package dev.holdfast.bench.patroni;

import dev.holdfast.agent.ServerFolder;
import dev.holdfast.agent.UnprivilegedUser;
import dev.holdfast.agent.postgres.PostgresBinaries;
import dev.holdfast.bench.BenchProcess;
import dev.holdfast.drill.Disturbance;
import dev.holdfast.drill.DisturbedDatabase;
import dev.holdfast.drill.Wall;
import dev.holdfast.projection.Database;
import dev.holdfast.projection.DrillRows;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Host;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.Secrets;
import dev.holdfast.types.BrokerProfile;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Three nodes, each with etcd, Patroni and PostgreSQL, in a folder and on loopback addresses of their own; gone afterwards. */
public final class PatroniCluster implements DisturbedDatabase, AutoCloseable {

    private static final int NODES = 3;
    private static final int BEFORE_FIRST_ADDRESS = 60;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_AGAIN_MILLIS = 200;

    /** Whole must be so for a moment: who just died is still known as running. */
    private static final int LOOKS_IN_A_ROW = 3;

    /** In the place of the row in which our own database keeps its term: here a promotion is a new timeline. */
    private static final String TERM = """
            CREATE SCHEMA recovery;
            CREATE VIEW recovery.term AS
                SELECT ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint AS term;
            GRANT USAGE ON SCHEMA recovery TO recorder;
            GRANT SELECT ON recovery.term TO recorder;
            """;

    private final PatroniFolder folder;
    private final PatroniPrograms programs;
    private final Configuration configuration;
    private final Secrets secrets;
    private final List<PatroniNode> nodes = new ArrayList<>();
    private final PatroniRest rest;
    private final PatroniHealth health;
    private final DrillRows rows;

    private PatroniCluster(PatroniFolder folder, PatroniPrograms programs, String addresses) {
        this.folder = folder;
        this.programs = programs;
        this.configuration = configuration(addresses);
        this.secrets = new Secrets(folder.path());
        for (String secret : List.of("postgres-superuser", "postgres-replication", "postgres-recorder")) {
            secrets.readOrCreate(secret);
        }
        this.rest = new PatroniRest(configuration.hosts());
        this.health = new PatroniHealth(configuration, secrets, rest);
        this.rows = new DrillRows(configuration, secrets);
    }

    /**
     * Starts it and waits until all redundancy is there.
     *
     * @param addresses first three parts of the loopback addresses; the last are 61 to 63
     * @return empty where its programs are not installed
     */
    public static Optional<PatroniCluster> start(String addresses, Consumer<String> progress)
            throws IOException, InterruptedException {
        Optional<PatroniPrograms> programs = PatroniPrograms.find();
        if (programs.isEmpty()) {
            progress.accept("patroni or etcd is not installed, so there is no baseline; on Debian: '"
                    + PatroniPrograms.INSTALL + "', with no service of theirs running");
            return Optional.empty();
        }
        PatroniCluster cluster = new PatroniCluster(PatroniFolder.make(), programs.get(), addresses);
        try {
            progress.accept("starting " + cluster.name());
            cluster.launch();
            return Optional.of(cluster);
        } catch (IOException | InterruptedException | RuntimeException failure) {
            cluster.close();
            throw failure;
        }
    }

    private void launch() throws IOException, InterruptedException {
        PatroniSettings settings = new PatroniSettings(
                configuration.hosts(), PostgresBinaries.find().folder(), secrets);
        Optional<UnprivilegedUser> user = UnprivilegedUser.forRoot("postgres", "nobody");
        for (Host host : configuration.hosts()) {
            PatroniNode node = new PatroniNode(
                    host,
                    ServerFolder.open(folder.path(), host.name(), "node", user),
                    folder.path().resolve("logs"),
                    programs,
                    settings);
            nodes.add(node);
            node.start();
        }
        awaitWhole("after its start");
        Host leader = node("leader").host();
        try (Connection connection = health.superuser(leader, "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE recorder LOGIN PASSWORD '" + secrets.read("postgres-recorder") + "'");
            statement.execute("CREATE DATABASE " + Database.NAME);
        } catch (SQLException failure) {
            throw new IOException("Patroni's database cannot be prepared: " + failure.getMessage(), failure);
        }
        try (Connection connection = health.superuser(leader, Database.NAME);
                Statement statement = connection.createStatement()) {
            statement.execute(TERM);
        } catch (SQLException failure) {
            throw new IOException("Patroni's database cannot be prepared: " + failure.getMessage(), failure);
        }
    }

    @Override
    public String name() {
        return "Patroni " + programs.version();
    }

    @Override
    public void prepareRows() throws SQLException {
        rows.prepare();
    }

    @Override
    public Connection session() throws SQLException {
        return rows.primary();
    }

    @Override
    public long disturb(Disturbance what) throws IOException, InterruptedException {
        return switch (what) {
            case POSTMASTER_KILLED -> node("leader").killPostmaster();
            case HOST_LOST -> node("leader").kill();
            case SWITCHOVER -> {
                Host leader = node("leader").host();
                long atNanos = Wall.nanos();
                rest.switchover(leader);
                yield atNanos;
            }
            case STANDBY_LOST -> node("sync_standby").killPostgres();
        };
    }

    @Override
    public void restore(Disturbance what) throws IOException, InterruptedException {
        for (PatroniNode node : nodes) {
            node.start();
        }
        awaitWhole("after '" + what.title() + "'");
    }

    private PatroniNode node(String role) throws IOException, InterruptedException {
        Optional<String> name = PatroniHealth.withRole(rest.members(), role);
        return nodes.stream()
                .filter(node -> name.isPresent() && node.host().name().equals(name.get()))
                .findFirst()
                .orElseThrow(() -> new IOException("Patroni knows of no " + role + " now"));
    }

    private void awaitWhole(String when) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int inARow = 0;
        while (inARow < LOOKS_IN_A_ROW) {
            String missing = health.missing();
            inARow = missing.isEmpty() ? inARow + 1 : 0;
            if (System.nanoTime() - deadline > 0) {
                throw new IOException(name() + " is not whole " + PATIENCE.toSeconds() + " s " + when + ": " + missing
                        + "; ports 2379, 2380, 5432 and 8008 of "
                        + configuration.hosts().stream().map(Host::address).toList() + " must be free; its log: "
                        + BenchProcess.lastLines(nodes.getFirst().patroniLog()));
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private static Configuration configuration(String addresses) {
        return new Configuration(
                "bench",
                IntStream.rangeClosed(1, NODES)
                        .mapToObj(node -> new Host(
                                "patroni" + node,
                                addresses + "." + (BEFORE_FIRST_ADDRESS + node),
                                List.of(Role.POSTGRES)))
                        .toList(),
                new Configuration.Broker(true, "", BrokerProfile.DRILL, null, null, "", "", ""),
                new Configuration.Risk(1, 1, 1, 1, 1, 1, 1),
                List.of(),
                List.of());
    }

    @Override
    public void close() {
        rest.close();
        folder.close();
    }
}
