package dev.holdfast.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
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

/** Tables broken by hand under a recorder at work, on a real PostgreSQL: it says what is wrong, and goes on once that is mended. */
final class RecordingStoppedIT {

    private static final long SEED = Long.getLong("seed", 42);
    private static RealTables tables;

    private FakeLog log;
    private SeededTrading trading;

    @BeforeAll
    static void start() throws Exception {
        System.out.println("seed=" + SEED);
        tables = new RealTables();
        tables.start();
    }

    @AfterAll
    static void stop() throws Exception {
        tables.close();
    }

    @BeforeEach
    void begin() throws Exception {
        tables.empty(0, 1);
        log = new FakeLog();
        trading = new SeededTrading(log, SEED);
        trading.begin();
        trade();
    }

    @AfterEach
    void rowsAreExactlyTheEvents() throws Exception {
        trade();
        try (Recorder recorder = recorder()) {
            recorder.start();
            awaitAll(recorder);
        }

        DatabaseDigest digest = DatabaseDigest.read(tables.database().reader());

        assertThat(digest.sequence()).isEqualTo(log.last());
        assertThat(digest.matches(log.digestAt(digest.sequence()))).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ALTER TABLE trades RENAME TO hidden                    | table trades is missing                                | rebuild rows trades  | ALTER TABLE hidden RENAME TO trades
            ALTER TABLE orders RENAME COLUMN tag TO mark           | column orders.tag is missing                           | rebuild rows orders  | ALTER TABLE orders RENAME COLUMN mark TO tag
            ALTER TABLE profit ALTER COLUMN trades TYPE bigint     | column profit.trades is bigint, expected integer       | rebuild rows profit  | ALTER TABLE profit ALTER COLUMN trades TYPE integer
            ALTER TABLE candles ADD COLUMN note text NOT NULL      | column candles.note must be given                      | rebuild rows candles | ALTER TABLE candles DROP COLUMN note
            ALTER TABLE audit DROP CONSTRAINT audit_pkey           | table audit has not the key sequence                   | rebuild rows audit   | ALTER TABLE audit ADD PRIMARY KEY (sequence)
            REVOKE INSERT ON audit FROM recorder                   | has not the right to INSERT on table audit             | rebuild rows audit   | GRANT INSERT ON audit TO recorder
            ALTER TABLE recorder_position RENAME TO elsewhere      | table recorder_position is missing                     | rebuild rows --reason | ALTER TABLE elsewhere RENAME TO recorder_position
            ALTER TABLE orders ADD CONSTRAINT few CHECK (order_number < 60) | do not go into their table.*violates check constraint | rebuild rows --reason | ALTER TABLE orders DROP CONSTRAINT few
            """)
    void a_table_changed_by_hand_stops_recording_in_words_until_it_is_put_right(
            String damage, String cause, String remedy, String repair) throws Exception {
        try (Recorder recorder = recorder()) {
            recorder.start();
            awaitAll(recorder);

            tables.ask(damage);
            try {
                trade();
                awaitProblem(recorder, cause, remedy);
            } finally {
                tables.ask(repair);
            }
            trade();
            awaitAll(recorder);
            assertThat(recorder.status().problem()).isEmpty();
        }
    }

    @Test
    void a_table_that_is_gone_is_noticed_before_a_row_for_it_comes() throws Exception {
        try (Recorder recorder = recorder()) {
            recorder.start();
            awaitAll(recorder);

            tables.ask("ALTER TABLE candles RENAME TO hidden");

            awaitProblem(recorder, "table candles is missing", "rebuild rows candles");
            tables.ask("ALTER TABLE hidden RENAME TO candles");
        }
    }

    @Test
    void a_stopped_recorder_is_not_durable_and_is_durable_again_when_it_goes_on() throws Exception {
        try (Recorder recorder = recorder()) {
            recorder.start();
            awaitAll(recorder);
            assertThat(Recording.of(recorder.status(), log.last()).durable()).isTrue();

            tables.ask("ALTER TABLE trades RENAME TO hidden");
            trade();

            Await.until(
                    "not durable",
                    () -> !Recording.of(recorder.status(), log.last()).durable());
            assertThat(Recording.of(recorder.status(), log.last()).lagEvents()).isPositive();
            assertThat(Recording.of(recorder.status(), log.last()).reason())
                    .startsWith(
                            "recording stopped: table trades is missing; ./holdfast rebuild rows trades --reason TEXT");
            tables.ask("ALTER TABLE hidden RENAME TO trades");
            awaitAll(recorder);
            Await.until(
                    "durable", () -> Recording.of(recorder.status(), log.last()).durable());
        }
    }

    @Test
    void a_row_by_other_hands_in_the_place_of_the_logs_stops_recording() throws Exception {
        try (Recorder recorder = recorder()) {
            recorder.start();
            awaitAll(recorder);

            tables.ask("INSERT INTO order_history SELECT generate_series(" + (log.last() + 1) + ", " + (log.last() + 20)
                    + "), 1, 0, '', '', 1, 1, 1, 1, '', 1, '', '', 'by hand'");
            trade();

            awaitProblem(recorder, "changed by other hands.*order_history_pkey", "rebuild rows");
            tables.ask("DELETE FROM order_history WHERE reason = 'by hand'");
            awaitAll(recorder);
        }
    }

    @Test
    void a_position_set_back_forward_or_to_another_log_stops_recording() throws Exception {
        try (Recorder recorder = recorder()) {
            recorder.start();
            awaitAll(recorder);
            long last = log.last();
            FakeLog.Entry early = log.entries().get((int) last / 2);
            String right = "UPDATE recorder_position SET sequence = " + last + ", chain_hash = "
                    + log.entries().getLast().header().chainHash();

            tables.ask(
                    "UPDATE recorder_position SET sequence = " + early.header().sequence() + ", chain_hash = "
                            + early.header().chainHash());
            trade(); // the position is looked at with the next commit
            awaitProblem(recorder, "recorder_position was set back", "rebuild rows");

            tables.ask("UPDATE recorder_position SET sequence = " + (last - 5));
            awaitProblem(recorder, "recorder_position was changed by hand", "rebuild rows");

            tables.ask("UPDATE recorder_position SET sequence = " + (last + 5_000));
            Await.until("the position is seen", () -> recorder.status().sequence() > last);
            awaitProblem(recorder, "recorder_position is ahead of it", "rebuild rows");

            tables.ask("DELETE FROM recorder_position");
            awaitProblem(recorder, "the one row of recorder_position was deleted", "rebuild rows");
            tables.ask(
                    "INSERT INTO recorder_position (sequence, chain_hash, log_time_nanos, term) VALUES (0, 0, 0, 1)");
            tables.ask(right);
            awaitAll(recorder);
        }
    }

    @Test
    void whoever_holds_a_lock_is_named() throws Exception {
        try (Recorder recorder = recorder();
                Connection other = tables.connect();
                Statement statement = other.createStatement()) {
            recorder.start();
            awaitAll(recorder);
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE trades");
            String pid = String.valueOf(
                    other.unwrap(org.postgresql.PGConnection.class).getBackendPID());
            trade();

            awaitProblem(
                    recorder,
                    "table trades is locked \\(AccessExclusiveLock\\) by PostgreSQL process " + pid
                            + " of user postgres",
                    "pg_terminate_backend(" + pid + ")");

            other.rollback();
            awaitAll(recorder);
        }
    }

    @Test
    void read_only_sessions_are_named_on_the_primary() throws Exception {
        tables.ask("ALTER ROLE recorder SET default_transaction_read_only = on");
        try (Recorder recorder = recorder()) {
            recorder.start();
            awaitProblem(recorder, "default_transaction_read_only is on", "default_transaction_read_only");
        } finally {
            tables.ask("ALTER ROLE recorder RESET default_transaction_read_only");
        }
    }

    @Test
    void tables_of_a_newer_release_are_told_from_broken_ones() throws Exception {
        tables.ask(
                "INSERT INTO flyway_schema_history SELECT 999, '99', 'later', 'SQL', 'V99', 0, 'postgres', now(), 1, true");
        tables.ask("ALTER TABLE candles ADD COLUMN source text NOT NULL");
        try (Recorder recorder = recorder()) {
            recorder.start();
            awaitProblem(
                    recorder,
                    "candles.source must be given.*the tables are of version 99 and this release writes version "
                            + Migrations.VERSION,
                    "start the release that made them");
        } finally {
            tables.ask("ALTER TABLE candles DROP COLUMN source");
            tables.ask("DELETE FROM flyway_schema_history WHERE installed_rank = 999");
        }
        assertThat(Integer.parseInt(tables.ask("SELECT max(version::int) FROM flyway_schema_history")))
                .isEqualTo(Migrations.VERSION);
    }

    private static void awaitProblem(Recorder recorder, String cause, String remedy) throws InterruptedException {
        Pattern pattern = Pattern.compile(cause);
        try {
            Await.until(
                    cause,
                    Duration.ofSeconds(40),
                    () -> pattern.matcher(recorder.status().problem()).find());
        } catch (AssertionError late) {
            throw new AssertionError(
                    late.getMessage() + "; it says: " + recorder.status().problem(), late);
        }
        assertThat(recorder.status().remedy()).contains(remedy);
    }

    private void trade() {
        for (int i = 0; i < 40; i++) {
            trading.trade();
        }
        trading.digest();
    }

    private void awaitAll(Recorder recorder) throws InterruptedException {
        Await.until("recorded", () -> recorder.status().sequence() == log.last());
    }

    private Recorder recorder() {
        return tables.recorder(log);
    }
}
