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
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The recorder stopped at exact places, on a real PostgreSQL: between two statements of a batch by a lock, within a commit by a
 * standby that never answers. After each, the rows are those of the events.
 */
final class RecorderHardCasesIT {

    private static final long SEED = Long.getLong("seed", 42);

    /** Events while the database is away: an hour at more than ten a second. */
    private static final int EVENTS_AWAY = 40_000;

    private static final Duration REFILL_LIMIT = Duration.ofMinutes(2);
    private static final String BACKENDS = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'recorder'";
    private static Region region;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private FakeLog log;
    private SeededTrading trading;

    @BeforeAll
    static void start() throws Exception {
        System.out.println("seed=" + SEED);
        region = new Region();
        region.start("postgres", "a");
        assertThat(new Migrations(region.configuration(), region.secrets()).run(Duration.ofSeconds(90)))
                .isPositive();
    }

    @AfterAll
    static void stop() throws Exception {
        region.close();
    }

    @BeforeEach
    void emptyTables() throws Exception {
        ask("TRUNCATE instruments, orders, order_history, trades, positions, profit, candles, audit, health_check");
        ask("UPDATE recorder_position SET sequence = 0, chain_hash = 0, log_time_nanos = 0, term = 1");
        log = new FakeLog();
        trading = new SeededTrading(log, SEED);
        trading.begin();
        trade(100);
    }

    @AfterEach
    void rowsAreExactlyTheEvents() throws Exception {
        try (Recorder recorder = recorder()) {
            recorder.start();
            awaitAll(recorder);
        }

        DatabaseDigest digest = DatabaseDigest.read(new Database(region.configuration(), region.secrets()).reader());

        assertThat(digest.sequence()).isEqualTo(log.last());
        assertThat(digest.matches(log.digestAt(digest.sequence())))
                .as("digests")
                .isTrue();
        assertThat(digest.orders()).isEqualTo(trading.orders());
        assertThat(digest.trades()).isEqualTo(trading.trades());
        assertThat(number("SELECT count(*) FROM order_history")).isEqualTo(orderEvents());
    }

    @Test
    void a_backend_killed_between_two_statements_of_a_batch_leaves_nothing_of_it() throws Exception {
        try (Recorder recorder = recorder()) {
            long before = stopWithinBatch(recorder, lock -> {
                ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'recorder'");
                Await.until("the failure", () -> failures() > 0);
            });

            awaitAll(recorder);
            assertThat(recorder.status().sequence()).isGreaterThan(before);
        }
    }

    @Test
    void a_recorder_that_dies_between_two_statements_of_a_batch_leaves_nothing_of_it() throws Exception {
        Recorder dying = recorder();
        stopWithinBatch(dying, lock -> dying.close());

        Await.until("its backend to end", () -> count(BACKENDS) == 0);
    }

    @ParameterizedTest
    @CsvSource({"pg_terminate_backend, I/O error|terminating connection", "pg_cancel_backend, gave a warning"})
    void a_commit_whose_outcome_nobody_told_is_neither_lost_nor_repeated(String interruption, String problem)
            throws Exception {
        try (Recorder recorder = recorder()) {
            recorder.start();
            awaitAll(recorder);
            long before = number("SELECT sequence FROM recorder_position");
            ask("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
            ask("SELECT pg_reload_conf()");
            try {
                Await.until(
                        "the setting",
                        () -> text("SHOW synchronous_standby_names").equals("nobody"));
                trade(50);
                Await.until("a commit that waits", () -> count(BACKENDS + " AND wait_event = 'SyncRep'") == 1);
                assertThat(number("SELECT sequence FROM recorder_position")).isEqualTo(before);

                ask("SELECT " + interruption
                        + "(pid) FROM pg_stat_activity WHERE usename = 'recorder' AND wait_event = 'SyncRep'");

                Await.until(
                        "the failure",
                        () -> Pattern.compile(problem)
                                .matcher(recorder.status().problem())
                                .find());
                // It was committed here all the same, and the recorder was not told so.
                assertThat(number("SELECT sequence FROM recorder_position")).isGreaterThan(before);
            } finally {
                ask("ALTER SYSTEM RESET synchronous_standby_names");
                ask("SELECT pg_reload_conf()");
            }
            awaitAll(recorder);
        }
    }

    @Test
    void a_database_that_is_away_for_long_costs_no_memory_and_is_refilled_in_bounded_batches() throws Exception {
        try (Recorder recorder = recorder()) {
            recorder.start();
            awaitAll(recorder);
            region.kill("postgres", "a");
            try {
                trade(1);
                Await.until("the loss", () -> !recorder.status().databaseReachable());

                long before = log.last();
                while (log.last() < before + EVENTS_AWAY) {
                    trade(1);
                    assertThat(log.openReaders()).as("events are read and held").isZero();
                }
                assertThat(recorder.status().readSequence()).isLessThanOrEqualTo(before);
            } finally {
                region.start("postgres", "a");
            }

            long[] mostHeld = new long[1];
            Await.until("refilled", REFILL_LIMIT, () -> {
                mostHeld[0] = Math.max(mostHeld[0], recorder.status().heldEvents());
                return recorder.status().sequence() >= log.last();
            });
            assertThat(mostHeld[0])
                    .isLessThan(RecorderSession.LARGEST_BATCH_ROWS)
                    .isLessThan(EVENTS_AWAY / 2);
        }
    }

    private interface Interruption {
        void by(Connection lock) throws Exception;
    }

    /**
     * Holds a lock that a batch needs after its first statement, waits until the recorder stands there, and interrupts it.
     *
     * @return the position before, which is still there afterwards
     */
    private long stopWithinBatch(Recorder recorder, Interruption interruption) throws Exception {
        long before = number("SELECT sequence FROM recorder_position");
        try (Connection lock = connect("holdfast");
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("LOCK TABLE trades IN EXCLUSIVE MODE");
            recorder.start();
            Await.until("a batch that waits", () -> count(BACKENDS + " AND wait_event_type = 'Lock'") == 1);
            assertThat(number("SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation"
                            + " WHERE relname = 'orders' AND mode = 'RowExclusiveLock' AND granted"))
                    .as("orders were written by the same batch")
                    .isPositive();

            interruption.by(lock);

            assertThat(number("SELECT sequence FROM recorder_position")).isEqualTo(before);
            assertThat(number("SELECT count(*) FROM orders")).isZero();
        }
        return before;
    }

    private void trade(int orders) {
        for (int i = 0; i < orders; i++) {
            trading.trade();
        }
        trading.digest();
    }

    private double failures() {
        return metrics.counter("holdfast.recorder.failures").count();
    }

    private void awaitAll(Recorder recorder) throws InterruptedException {
        Await.until("recorded", REFILL_LIMIT, () -> recorder.status().sequence() >= log.last());
    }

    private Recorder recorder() {
        return new Recorder(region.configuration(), "a", region.secrets(), log, metrics);
    }

    private long orderEvents() {
        long count = 0;
        boolean inCheckpoint = false;
        for (FakeLog.Entry entry : log.entries()) {
            switch (entry.event()) {
                case Event.CheckpointStarted _ -> inCheckpoint = true;
                case Event.CheckpointEnded _ -> inCheckpoint = false;
                case Event.OrderChanged _ -> count += inCheckpoint ? 0 : 1;
                default -> {} // other rows have sums of their own
            }
        }
        return count;
    }

    private static long count(String query) {
        return Long.parseLong(text(query));
    }

    private static String text(String query) {
        try {
            return ask(query);
        } catch (SQLException passing) {
            throw new AssertionError(query, passing);
        }
    }

    private static long number(String query) throws SQLException {
        return Long.parseLong(ask(query));
    }

    /** The first column of the first row, empty when there is none. */
    private static String ask(String sql) throws SQLException {
        try (Connection connection = connect("holdfast");
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    private static Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.34.1:5432/" + database,
                "postgres",
                region.secrets().read("postgres-superuser"));
    }
}
