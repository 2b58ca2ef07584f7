package dev.holdfast.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows changed by hand on a real PostgreSQL are named, each with what the log says. */
final class RowComparisonIT {

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
    void record() throws Exception {
        tables.empty(0, 1);
        log = new FakeLog();
        trading = new SeededTrading(log, SEED);
        trading.begin();
        for (int i = 0; i < 60; i++) {
            trading.trade();
        }
        trading.digest();
        try (Recorder recorder = tables.recorder(log)) {
            recorder.start();
            Await.until("recorded", () -> recorder.status().sequence() == log.last());
        }
    }

    @Test
    void rows_that_are_the_logs_differ_in_nothing() throws Exception {
        RowComparison.Result result = compare();

        assertThat(result.differences()).isEmpty();
        assertThat(result.sequence()).isEqualTo(log.last());
        assertThat(result.orders()).isEqualTo(60);
        assertThat(result.rows()).isGreaterThan(400);
    }

    @Test
    void a_row_that_was_altered_deleted_or_added_is_named_with_its_key_and_what_the_log_says() throws Exception {
        tables.ask(
                "UPDATE orders SET quantity = quantity + 1000, reason = E'\\x1b[31mnothing' WHERE order_number = 17");
        tables.ask("DELETE FROM trades WHERE trade_id = 'T5'");
        tables.ask("INSERT INTO audit VALUES (99999999, 0, 'ACTION', 'nobody', 'kill', '', '', '')");
        tables.ask("DELETE FROM order_history WHERE sequence = (SELECT min(sequence) FROM order_history)");
        tables.ask("UPDATE instruments SET token = 1 WHERE instrument = 3");

        List<String> differences = compare().differences();

        assertThat(differences).hasSize(5);
        assertThat(differences.get(0)).isEqualTo("table instruments, row instrument 3 token is 1, the log says 256268");
        assertThat(differences.get(1))
                .matches("table orders, row order_number 17 quantity is 10\\d\\d, the log says \\d+;"
                        + " reason is '.*nothing', the log says '.*'")
                .doesNotContain("\u001b");
        assertThat(differences.get(2)).matches("table order_history, row sequence \\d+ is missing");
        assertThat(differences.get(3))
                .matches("table trades, row day '2026-\\d\\d-\\d\\d', exchange 'NSE', trade_id 'T5' is missing");
        assertThat(differences.get(4))
                .isEqualTo("table audit, row sequence 99999999 is not the log's: nothing wrote it");
    }

    @Test
    void of_many_differences_the_first_are_named_and_the_others_counted() throws Exception {
        tables.ask("UPDATE orders SET strategy = 'x'");

        List<String> differences = compare().differences();

        assertThat(differences).hasSize(RowComparison.SHOWN + 1);
        assertThat(differences.getLast()).isEqualTo("table orders, 40 rows more differ");
    }

    @Test
    void tables_and_columns_that_are_gone_are_named_and_the_others_compared() throws Exception {
        tables.ask("ALTER TABLE candles RENAME TO hidden");
        tables.ask("ALTER TABLE profit RENAME COLUMN trades TO number");
        tables.ask("UPDATE positions SET quantity = 0");
        try {
            List<String> differences = compare().differences();

            assertThat(differences)
                    .contains("table candles is missing", "column profit.trades is missing")
                    .anyMatch(
                            line -> line.startsWith("table positions, row instrument 1, product 'MIS' quantity is 0"));
        } finally {
            tables.ask("ALTER TABLE hidden RENAME TO candles");
            tables.ask("ALTER TABLE profit RENAME COLUMN number TO trades");
        }
    }

    private RowComparison.Result compare() throws SQLException {
        return tables.database().compareRows(log);
    }
}
