package dev.holdfast.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.projection.RowRebuild.NotRebuilt;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables made anew from the log on a real PostgreSQL, while a recorder goes on: afterwards every row and every definition is right. */
final class RowRebuildIT {

    private static final long SEED = Long.getLong("seed", 42);

    /** All that a table consists of beside its rows, as the migrations made it. */
    private static final String DEFINITIONS = """
            SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
                SELECT c.relname || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull AS line
                FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
                UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
                FROM pg_constraint WHERE connamespace = 'public'::regnamespace
                UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
                UNION ALL SELECT relname || ' ' || (SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM unnest(relacl) x)
                FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r') AS lines
            """;

    private static RealTables tables;
    private static String definitions = "";

    private final List<String> told = new ArrayList<>();
    private FakeLog log;
    private SeededTrading trading;

    @BeforeAll
    static void start() throws Exception {
        System.out.println("seed=" + SEED);
        tables = new RealTables();
        tables.start();
        definitions = tables.ask(DEFINITIONS);
    }

    @AfterAll
    static void stop() throws Exception {
        tables.close();
    }

    @BeforeEach
    void begin() throws Exception {
        tables.empty(1125899906842597L, 7);
        log = new FakeLog();
        trading = new SeededTrading(log, SEED);
        trading.begin();
        for (int i = 0; i < 300; i++) {
            trading.trade();
        }
        trading.digest();
        record();
    }

    @AfterEach
    void everyRowAndDefinitionIsRight() throws Exception {
        trading.digest();
        record();

        assertThat(tables.database().compareRows(log).differences()).isEmpty();
        assertThat(tables.ask(DEFINITIONS)).isEqualTo(definitions);
        assertThat(tables.ask("SELECT term FROM recorder_position")).isEqualTo("7");
        assertThat(tables.ask("SELECT to_regnamespace('rebuild')")).isEmpty();
    }

    static List<String> tables() {
        return RowRebuild.tables();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void a_table_that_was_dropped_is_made_anew_by_name_while_trading_goes_on(String table) throws Exception {
        try (Recorder recorder = recorder();
                Feeder _ = Feeder.start(log, trading)) {
            recorder.start();
            tables.ask("DROP TABLE " + table + " CASCADE");
            Await.until(
                    "the loss is noticed",
                    () -> recorder.status().problem().contains("table " + table + " is missing"));

            RowRebuild.Result result = rebuild(table);

            assertThat(result.tables()).containsExactly(table);
            long now = log.last();
            Await.until("recorded", () -> recorder.status().sequence() > now);
        }
    }

    @Test
    void rows_altered_by_hand_are_the_logs_again_while_the_recorder_goes_on() throws Exception {
        try (Recorder recorder = recorder();
                Feeder _ = Feeder.start(log, trading)) {
            recorder.start();
            long begun = log.last();
            Await.until("recording", () -> recorder.status().sequence() > begun);
            tables.ask("UPDATE trades SET quantity = quantity + 1");
            tables.ask("DELETE FROM order_history WHERE sequence % 3 = 0");

            assertThat(rebuild("trades").tables()).containsExactly("trades");
            assertThat(rebuild("order_history").rows()).isGreaterThan(300);

            long now = log.last();
            Await.until("recorded", () -> recorder.status().sequence() > now);
        }
    }

    @Test
    void all_tables_are_made_anew_while_the_recorder_goes_on() throws Exception {
        try (Recorder recorder = recorder();
                Feeder _ = Feeder.start(log, trading)) {
            recorder.start();
            tables.ask("DROP TABLE instruments, orders CASCADE");
            tables.ask("UPDATE positions SET quantity = 0");
            tables.ask("DELETE FROM recorder_position");

            RowRebuild.Result result = rebuild(null);

            assertThat(result.tables()).contains("instruments", "orders", "recorder_position", "audit");
            tables.ask("UPDATE recorder_position SET term = 7"); // nobody else told the term
            long now = log.last();
            Await.until("recorded", () -> recorder.status().sequence() > now);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE recorder_position",
                "UPDATE recorder_position SET sequence = 5000000",
                "UPDATE recorder_position SET sequence = 7, chain_hash = 7",
                "ALTER TABLE trades RENAME TO hidden",
                "ALTER TABLE orders DROP COLUMN tag",
                "ALTER TABLE profit ALTER COLUMN trades TYPE bigint",
                "REVOKE ALL ON audit FROM recorder, reader",
                "ALTER TABLE candles DROP CONSTRAINT candles_pkey",
                "DROP TABLE flyway_schema_history",
                "ALTER TABLE orders ADD CONSTRAINT few CHECK (order_number < 1000000)"
            })
    void whatever_was_done_to_the_tables_all_of_them_are_made_anew(String damage) throws Exception {
        tables.ask(damage);

        rebuild(null);

        tables.ask("UPDATE recorder_position SET term = 7");
        tables.ask("DROP TABLE IF EXISTS hidden");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void a_rebuild_that_dies_at_any_step_leaves_the_old_tables_and_the_next_one_succeeds(int step) throws Exception {
        tables.ask("DELETE FROM trades");

        assertThatThrownBy(() -> rebuild(null, line -> {
                    if (told.size() == step) {
                        killRebuild();
                    }
                }))
                .isInstanceOf(NotRebuilt.class)
                .hasMessageContaining("the tables are as they were");

        assertThat(tables.ask("SELECT count(*) FROM trades")).isEqualTo("0");
        told.clear();
        rebuild(null);
        tables.ask("UPDATE recorder_position SET term = 7");
    }

    @Test
    void one_table_is_refused_when_the_position_or_another_table_is_broken() throws Exception {
        tables.ask("UPDATE recorder_position SET chain_hash = 5");
        assertThatThrownBy(() -> rebuild("trades")).hasMessageContaining("recorder_position is not at event");

        tables.ask("UPDATE recorder_position SET sequence = sequence + 1000000");
        assertThatThrownBy(() -> rebuild("trades")).hasMessageContaining("after the newest of the log");

        tables.ask("DROP TABLE candles");
        assertThatThrownBy(() -> rebuild("trades"))
                .hasMessageContaining("not only trades is broken: table candles is missing");

        assertThatThrownBy(() -> rebuild("nothing")).hasMessageContaining("it gives [instruments, orders");
        rebuild(null);
    }

    @Test
    void what_the_log_does_not_give_is_named_and_kept_beside() throws Exception {
        tables.ask("ALTER TABLE orders ADD COLUMN note text");
        tables.ask("CREATE INDEX by_reason ON orders (reason)");
        tables.ask("INSERT INTO audit VALUES (3, 0, 'ACTION', 'somebody', '', '', '', '')");

        RowRebuild.Result result = rebuild(null);

        assertThat(result.notes())
                .contains(
                        "column orders.note is not this release's: it is in schema before_rebuild alone",
                        "index by_reason of table orders is not this release's: it is in schema before_rebuild alone",
                        "1 rows of table audit are not from the log: they are in schema before_rebuild alone");
        assertThat(tables.ask("SELECT count(*) FROM before_rebuild.audit WHERE user_name = 'somebody'"))
                .isEqualTo("1");
    }

    @Test
    void a_view_that_would_go_on_showing_the_old_rows_is_named_and_nothing_is_done() throws Exception {
        tables.ask("CREATE VIEW fills AS SELECT * FROM trades");
        try {
            assertThatThrownBy(() -> rebuild(null)).hasMessageContaining("view fills shows table trades");
            rebuild("audit");
        } finally {
            tables.ask("DROP VIEW fills");
        }
    }

    @Test
    void whoever_reads_a_table_for_long_is_named_and_the_swap_tried_again() throws Exception {
        try (Connection reader = tables.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("SELECT * FROM trades LIMIT 1");

            rebuild(null, line -> {
                if (line.contains("table trades is in use by PostgreSQL process")) {
                    rollback(reader);
                }
            });
        }
        assertThat(told).anyMatch(line -> line.contains("table trades is in use by PostgreSQL process"));
    }

    @Test
    void of_two_at_once_the_second_is_refused() throws Exception {
        List<String> refusals = new ArrayList<>();

        rebuild(null, line -> {
            if (refusals.isEmpty()) {
                try {
                    new RowRebuild(tables.database(), log, _ -> {}).run(null);
                } catch (NotRebuilt refused) {
                    refusals.add(refused.getMessage());
                }
            }
        });

        assertThat(refusals).containsExactly("another rebuild is under way; wait for its end");
    }

    private RowRebuild.Result rebuild(@Nullable String table) throws NotRebuilt {
        return rebuild(table, _ -> {});
    }

    private RowRebuild.Result rebuild(@Nullable String table, Consumer<String> also) throws NotRebuilt {
        Database database = tables.database();
        return new RowRebuild(database, log, line -> {
                    told.add(line);
                    also.accept(line);
                })
                .run(table);
    }

    private static void killRebuild() {
        try {
            tables.ask(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holdfast-rebuild'");
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private void record() throws InterruptedException {
        try (Recorder recorder = recorder()) {
            recorder.start();
            Await.until("recorded", () -> recorder.status().sequence() == log.last());
        }
    }

    private Recorder recorder() {
        return tables.recorder(log);
    }
}
