package dev.holdfast.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.Region;
import dev.holdfast.agent.postgres.Instance.Outcome;
import dev.holdfast.agent.postgres.Instance.Promoted;
import dev.holdfast.agent.postgres.Instance.Standby;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.RecoveryEvent.PrimaryRouted;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One host's real PostgreSQL behind its ports, called on one thread as a keeper does. */
final class Kept implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(90);

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final PostgresHost ports;
    private final Configuration.Host host;
    private final Secrets secrets;

    Kept(Configuration configuration, String host, Path home, Secrets secrets)
            throws IOException, InterruptedException {
        this.host = configuration.host(host);
        this.secrets = secrets;
        this.ports = new PostgresHost(configuration, host, home, secrets, thread, home.resolve(host + ".log"));
        ports.start();
    }

    static Kept in(Region region, String host) throws IOException, InterruptedException {
        return new Kept(region.configuration(), host, region.home(), region.secrets());
    }

    PostgresHost ports() {
        return ports;
    }

    Instance instance() {
        return ports.instance();
    }

    String name() {
        return host.name();
    }

    void initialise() throws Exception {
        succeed(result(done -> instance().initialise(done)));
    }

    void start() throws Exception {
        succeed(this.<Outcome>result(done -> instance().startStandby(done)));
    }

    Promoted promote(long term, String names, long number) throws Exception {
        return result(done -> instance().promote(term, names, number, done));
    }

    /** The very first primary. */
    PrimaryRouted begin(long term) throws Exception {
        initialise();
        start();
        return routed(term, promote(term, "", 1));
    }

    /** A copy of the primary that follows it. */
    void join(PrimaryRouted primary) throws Exception {
        cloneFrom(primary.host());
        start();
        follow(primary);
        awaitFollowing(primary);
    }

    void cloneFrom(String source) throws Exception {
        succeed(this.<Outcome>result(done -> instance().cloneFrom(source, 1, false, done)));
    }

    PrimaryRouted routed(long term, Promoted promoted) {
        return new PrimaryRouted(name(), term, promoted.timeline(), promoted.forkLsn(), "test");
    }

    void follow(PrimaryRouted primary) throws Exception {
        call(() -> instance().follow(primary));
    }

    void awaitFollowing(PrimaryRouted primary) throws InterruptedException {
        Region.await(
                name() + " follows term " + primary.term(),
                LIMIT,
                () -> instance().sight().followedTerm() == primary.term());
    }

    void awaitRole(InstanceRole role) throws InterruptedException {
        Region.await(name() + " is " + role, LIMIT, () -> instance().sight().role() == role);
    }

    long write(long term) throws Exception {
        return this.<Long>result(done -> instance().write(term, done::accept));
    }

    List<Standby> standbys() throws Exception {
        return result(done -> instance().standbys(done));
    }

    void kill() throws Exception {
        this.<Boolean>result(done -> instance().kill(() -> done.accept(true)));
    }

    void stop() throws Exception {
        this.<Boolean>result(done -> instance().stop(() -> done.accept(true)));
    }

    /** Calls the instance on the keeper's thread; the future ends when it tells its result. */
    <T> CompletableFuture<T> begun(Consumer<Consumer<T>> call) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        call(() -> call.accept(result::complete));
        return result;
    }

    void call(Runnable call) throws Exception {
        thread.submit(call).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + host.address() + ":5432/" + PostgresServer.DATABASE,
                "postgres",
                secrets.read("postgres-superuser"));
    }

    String ask(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A session that computes without end; returns once it does. */
    void makeBusy() throws Exception {
        Connection connection = connect();
        Thread.ofVirtual().start(() -> {
            try (connection;
                    Statement statement = connection.createStatement()) {
                statement.execute("SELECT count(*) FROM generate_series(1, 1000000000000)");
            } catch (SQLException _) {
                // It ends with the server.
            }
        });
        Region.await("a backend is busy", LIMIT, () -> {
            try {
                return ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%1000000000000%' AND pid <> pg_backend_pid()")
                        .equals("1");
            } catch (SQLException notYet) {
                return false;
            }
        });
    }

    private <T> T result(Consumer<Consumer<T>> call) throws Exception {
        return begun(call).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static void succeed(Outcome outcome) {
        assertThat(outcome).isEqualTo(Outcome.DONE);
    }

    @Override
    public void close() throws IOException {
        ports.close();
        thread.shutdownNow();
    }
}
