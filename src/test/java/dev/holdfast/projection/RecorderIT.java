package dev.holdfast.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.Region;
import dev.holdfast.protocol.Event;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The recorder against a real primary with two standbys: whatever happens, the rows are those of events 1 to n. */
final class RecorderIT {

    private static final long SEED = Long.getLong("seed", 42);
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static Region region;

    private FakeLog log;
    private SeededTrading trading;

    @BeforeAll
    static void start() throws Exception {
        System.out.println("seed=" + SEED);
        region = new Region();
        region.start("postgres", "a");
        assertThat(new Migrations(region.configuration(), region.secrets()).run(LIMIT))
                .isPositive();
    }

    @AfterAll
    static void stop() throws Exception {
        region.close();
    }

    @BeforeEach
    void emptyTables() throws Exception {
        inDatabase(
                "TRUNCATE instruments, orders, order_history, trades, positions, profit, candles, audit, health_check");
        inDatabase("UPDATE recorder_position SET sequence = 0, chain_hash = 0, log_time_nanos = 0, term = 1");
        log = new FakeLog();
        trading = new SeededTrading(log, SEED);
        trading.begin();
    }

    @AfterEach
    void rowsAreExactlyTheEvents() throws Exception {
        trading.digest();
        try (Recorder recorder = recorder()) {
            recorder.start();
            awaitRecorded(recorder);
        }

        DatabaseDigest digest = digest();

        assertThat(digest.sequence()).isEqualTo(log.last());
        assertThat(digest.matches(log.digestAt(digest.sequence())))
                .as("digests")
                .isTrue();
        assertThat(digest.orders()).isEqualTo(trading.orders());
        assertThat(digest.trades()).isEqualTo(trading.trades());
        assertThat(count("order_history")).isEqualTo(eventsOutsideCheckpoints(Event.OrderChanged.class));
        assertThat(count("audit"))
                .isEqualTo(eventsOutsideCheckpoints(Event.OperatorActed.class)
                        + eventsOutsideCheckpoints(Event.StrategyChanged.class));
    }

    @Test
    void a_long_stream_is_recorded_in_batches() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            trading.trade();
        }
    }

    @Test
    void a_trade_booked_twice_is_written_once_with_all_that_came_beside_it() throws Exception {
        for (int i = 0; i < 20; i++) {
            trading.trade();
        }
        trading.digest();
        try (Recorder recorder = recorder()) {
            recorder.start();
            awaitRecorded(recorder);
        }

        Event doubled = log.entries().stream()
                .map(FakeLog.Entry::event)
                .filter(Event.TradeBooked.class::isInstance)
                .findFirst()
                .orElseThrow();
        log.append(doubled);
        trading.trade();
        trading.trade();
    }

    @Test
    void a_recorder_that_is_stopped_at_any_point_goes_on_where_it_stood() throws Exception {
        try (Feeder _ = Feeder.start(log, trading)) {
            for (int run = 0; run < 8; run++) {
                Recorder recorder = recorder();
                recorder.start();
                long before = log.last();
                Await.until("some events more", () -> recorder.status().sequence() > 0 && log.last() > before + 200);
                recorder.close();
            }
        }
    }

    @Test
    void broken_connections_lose_and_double_nothing() throws Exception {
        try (Recorder recorder = recorder();
                Feeder _ = Feeder.start(log, trading)) {
            recorder.start();
            for (int kill = 0; kill < 10; kill++) {
                long before = recorder.status().sequence();
                Await.until("progress", () -> recorder.status().sequence() > before);
                superuser("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'recorder'");
            }
        }
    }

    @Test
    void a_killed_database_is_waited_for() throws Exception {
        try (Recorder recorder = recorder();
                Feeder _ = Feeder.start(log, trading)) {
            recorder.start();
            Await.until("progress", () -> recorder.status().sequence() > 100);

            region.kill("postgres", "a");
            Await.until("the loss is noticed", () -> !recorder.status().databaseReachable());
            region.start("postgres", "a");

            long before = recorder.status().sequence();
            Await.until("progress again", () -> recorder.status().sequence() > before);
        }
    }

    @Test
    void a_database_that_lost_its_last_commits_is_refilled() throws Exception {
        try (Recorder recorder = recorder();
                Feeder _ = Feeder.start(log, trading)) {
            recorder.start();
            Await.until("progress", () -> recorder.status().sequence() > 100);
            superuser(
                    "ALTER DATABASE holdfast ALLOW_CONNECTIONS false",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'holdfast'",
                    "CREATE DATABASE older TEMPLATE holdfast",
                    "ALTER DATABASE holdfast ALLOW_CONNECTIONS true");
            long copied = recorder.status().sequence();
            Await.until("far beyond the copy", () -> recorder.status().sequence() > copied + 500);

            superuser(
                    "DROP DATABASE holdfast WITH (FORCE)",
                    "ALTER DATABASE older RENAME TO holdfast",
                    "ALTER DATABASE holdfast ALLOW_CONNECTIONS true");

            long now = log.last();
            Await.until("refilled", () -> recorder.status().sequence() > now);
        }
    }

    @Test
    void of_two_recorders_one_loses_each_race_and_neither_doubles_a_row() throws Exception {
        try (Recorder one = recorder();
                Recorder other = recorder();
                Feeder _ = Feeder.start(log, trading)) {
            one.start();
            other.start();
            Await.until(
                    "both saw progress",
                    () -> one.status().sequence() > 500 && other.status().sequence() > 500);
        }
    }

    @Test
    void a_new_term_is_noticed_before_anything_is_written_under_the_old_one() throws Exception {
        try (Recorder recorder = recorder();
                Feeder _ = Feeder.start(log, trading)) {
            recorder.start();
            Await.until("progress", () -> recorder.status().sequence() > 100);

            inDatabase("UPDATE recorder_position SET term = term + 1");

            Await.until("the new term", () -> recorder.status().term() == 2);
            long before = recorder.status().sequence();
            Await.until("progress", () -> recorder.status().sequence() > before);
        }
    }

    @Test
    void a_database_of_another_log_is_refused() throws Exception {
        try (Recorder recorder = recorder()) {
            recorder.start();
            awaitRecorded(recorder);
        }
        long chainHash = Long.parseLong(ask("SELECT chain_hash FROM recorder_position"));
        inDatabase("UPDATE recorder_position SET chain_hash = 1");

        try (Recorder recorder = recorder()) {
            recorder.start();
            Await.until("the refusal", () -> recorder.status().problem().contains("belongs to another log"));
        }
        inDatabase("UPDATE recorder_position SET chain_hash = " + chainHash);
    }

    @Test
    void a_probe_row_is_durable_and_asked_for_at_most_once_a_second() throws Exception {
        DurableProbe probe = new DurableProbe(region.configuration(), "a", region.secrets());

        DurableProbe.Result first = probe.probe();
        for (int i = 0; i < 100; i++) {
            probe.probe();
        }

        assertThat(first.durable()).as(first.problem()).isTrue();
        assertThat(count("health_check")).isBetween(1L, 2L);
    }

    private static void awaitRecorded(Recorder recorder, long sequence) throws InterruptedException {
        Await.until("recorded up to " + sequence, () -> recorder.status().sequence() >= sequence);
    }

    private void awaitRecorded(Recorder recorder) throws InterruptedException {
        awaitRecorded(recorder, log.last());
    }

    private Recorder recorder() {
        return new Recorder(region.configuration(), "a", region.secrets(), log, new SimpleMeterRegistry());
    }

    private DatabaseDigest digest() throws SQLException {
        return DatabaseDigest.read(new Database(region.configuration(), region.secrets()).reader());
    }

    private long eventsOutsideCheckpoints(Class<? extends Event> type) {
        long count = 0;
        boolean inCheckpoint = false;
        for (FakeLog.Entry entry : log.entries()) {
            if (entry.event() instanceof Event.CheckpointStarted) {
                inCheckpoint = true;
            } else if (entry.event() instanceof Event.CheckpointEnded) {
                inCheckpoint = false;
            } else if (!inCheckpoint && type.isInstance(entry.event())) {
                count++;
            }
        }
        return count;
    }

    private static long count(String table) throws SQLException {
        return Long.parseLong(ask("SELECT count(*) FROM " + table));
    }

    private static String ask(String query) throws SQLException {
        try (Connection connection = connect("holdfast");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void inDatabase(String statement) throws SQLException {
        execute("holdfast", statement);
    }

    private static void superuser(String... statements) throws SQLException {
        for (String each : statements) {
            execute("postgres", each);
        }
    }

    private static void execute(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.34.1:5432/" + database,
                "postgres",
                region.secrets().read("postgres-superuser"));
    }
}
