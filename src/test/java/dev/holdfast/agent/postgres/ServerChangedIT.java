package dev.holdfast.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.Region;
import dev.holdfast.agent.postgres.Instance.Promoted;
import dev.holdfast.protocol.RecoveryEvent.PrimaryRouted;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Acts of SQL on a real server. None takes away the ground of an acknowledgement, of the proof of health or of the keeper's log-in. */
final class ServerChangedIT {

    private static final String NAMES = "FIRST 1 (pg_b)";

    /** Whether a session began with none of the settings that these tests make. */
    private static final String UNCHANGED_SESSION =
            "SELECT current_setting('default_transaction_read_only') = 'off' AND current_user = session_user";

    private KeptRegion region;
    private Kept a;
    private Kept b;

    @BeforeEach
    void open() throws Exception {
        region = new KeptRegion();
        a = region.host("a");
        b = region.host("b");
    }

    @AfterEach
    void close() throws Exception {
        region.close();
    }

    @Test
    void sql_can_write_none_of_the_files_that_the_server_reads() throws Exception {
        a.begin(1);
        Path postgres = region.region().home().resolve("hosts/a/postgres");
        assertRefused("ALTER SYSTEM SET synchronous_standby_names = ''");
        for (String file : List.of(
                "data/postgresql.auto.conf",
                "conf/postgresql.conf",
                "conf/names.conf",
                "conf/following.conf",
                "conf/pg_hba.conf",
                "conf/pg_ident.conf")) {
            assertRefused("COPY (SELECT 'fsync = off') TO '" + postgres.resolve(file) + "'");
        }
        assertThat(a.ask("SELECT count(*) FROM pg_settings WHERE sourcefile LIKE '%auto.conf'"))
                .isEqualTo("0");
    }

    @Test
    void names_that_somebody_changed_are_seen_and_put_right_and_trusted_only_under_another_order() throws Exception {
        PrimaryRouted first = a.begin(1);
        b.join(first);
        waitFor(NAMES, 2);
        changeFile("synchronous_standby_names = ''\n");

        Region.await(
                "the change is seen", Kept.LIMIT, () -> a.instance().sight().namesNumber() == 0);
        assertThat(a.instance().sight().trouble()).contains("synchronous_standby_names was ''", NAMES);
        a.call(() -> a.instance().putRight());
        Region.await("it is put right", Kept.LIMIT, () -> names(NAMES));
        assertThat(a.instance().sight().namesNumber()).isZero();

        waitFor(NAMES, 3);
        b.kill();
        CompletableFuture<Long> waiting = a.begun(done -> a.instance().marker(done::accept));
        Region.await("the marker waits", Kept.LIMIT, () -> ask(a, WAITING).equals("1"));
        assertThat(waiting).isNotDone();
    }

    @Test
    void settings_of_databases_and_roles_that_take_an_acknowledgement_away_are_undone_with_the_sessions_that_have_them()
            throws Exception {
        PrimaryRouted first = a.begin(1);
        b.join(first);
        waitFor(NAMES, 2);

        try (Connection session = as("reader")) {
            awaitLooks(2);
            a.execute("ALTER DATABASE holdfast SET synchronous_commit = off");
            Region.await(
                    "it is undone",
                    Kept.LIMIT,
                    () -> ask(a, OF_SYNCHRONOUS_COMMIT).equals("0"));
            Region.await(
                    "the names are trusted no longer",
                    Kept.LIMIT,
                    () -> a.instance().sight().namesNumber() == 0);
            assertThat(session.isValid(1)).as("a session that began before").isTrue();
        }
        for (String sql : List.of(
                "ALTER ROLE recorder SET synchronous_commit = local",
                "ALTER ROLE ALL SET synchronous_commit = off",
                "ALTER ROLE reader IN DATABASE holdfast SET synchronous_commit = remote_write")) {
            a.execute(sql);
            Region.await(
                    sql + " is undone",
                    Kept.LIMIT,
                    () -> ask(a, OF_SYNCHRONOUS_COMMIT).equals("0"));
        }
        assertThat(ask(a, "SELECT count(*) FROM pg_db_role_setting"))
                .as("what the reader is set to stays")
                .isEqualTo("1");
    }

    @Test
    void a_primary_that_was_locked_up_by_roles_and_databases_proves_its_health_and_is_opened_again() throws Exception {
        a.begin(1);
        for (String sql : List.of(
                "ALTER ROLE postgres PASSWORD 'another'",
                "ALTER ROLE keeper NOLOGIN; ALTER ROLE postgres NOLOGIN",
                "ALTER ROLE keeper RENAME TO somebody",
                "ALTER ROLE postgres CONNECTION LIMIT 0",
                "ALTER ROLE replicator NOLOGIN PASSWORD 'another'",
                "ALTER DATABASE postgres ALLOW_CONNECTIONS false; ALTER DATABASE template1 ALLOW_CONNECTIONS false",
                "ALTER DATABASE holdfast CONNECTION LIMIT 0",
                "ALTER DATABASE holdfast SET session_preload_libraries = 'nowhere'",
                "ALTER DATABASE holdfast SET default_transaction_read_only = on",
                "ALTER ROLE ALL SET role = 'reader'")) {
            a.execute(sql);

            assertThat(a.write(1)).as(sql).isPositive();
            Region.await("it is open again after " + sql, Kept.LIMIT, () -> {
                try (Connection replication = as("reader")) {
                    return replication.isValid(1) && ask(a, UNCHANGED_SESSION).equals("t");
                } catch (SQLException notYet) {
                    return false;
                }
            });
        }
        assertThat(a.ask("SELECT rolcanlogin AND rolsuper FROM pg_authid WHERE rolname = 'keeper'"))
                .isEqualTo("t");
    }

    @Test
    void whoever_locks_what_a_login_reads_is_ended() throws Exception {
        a.begin(1);
        for (String table : List.of("pg_authid", "pg_database", "pg_db_role_setting", "pg_class")) {
            Connection holder = a.connect();
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
            }
            CompletableFuture<Long> _ = a.begun(done -> a.instance().write(1, done::accept));

            while (holder.isValid(1)) {
                a.call(() -> a.instance().endBlockers());
            }

            assertThat(a.write(1)).as(table).isPositive();
        }
        Region.await(
                "it is told", Kept.LIMIT, () -> a.instance().sight().trouble().contains("was ended"));
    }

    @Test
    void a_reader_that_takes_every_lock_there_is_is_ended() throws Exception {
        a.begin(1);
        try (Connection reader = as("reader");
                Statement statement = reader.createStatement()) {
            assertThatThrownBy(() -> statement.execute(
                            "SELECT count(pg_advisory_lock(i)) FROM generate_series(1, 1000000) AS i"))
                    .hasMessageContaining("shared memory");

            while (reader.isValid(1)) {
                a.call(() -> a.instance().endBlockers());
            }
        }
        assertThat(a.write(1)).isPositive();
        Region.await(
                "it is told", Kept.LIMIT, () -> a.instance().sight().trouble().contains("was ended"));
    }

    @Test
    void a_superuser_that_takes_every_connection_does_not_keep_the_keeper_out() throws Exception {
        a.begin(1);
        List<Connection> all = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                all.add(a.connect());
            }
        } catch (SQLException full) {
            assertThat(full.getMessage()).contains("too many");
        }
        assertThat(a.write(1)).isPositive();
        Region.await(
                "somebody was ended for it",
                Kept.LIMIT,
                () -> a.instance().sight().trouble().contains("no place for a connection is left"));
        for (Connection each : all) {
            each.close();
        }
    }

    @Test
    void a_standby_on_which_everything_is_locked_and_nobody_may_log_in_is_promoted() throws Exception {
        PrimaryRouted first = a.begin(1);
        b.join(first);
        Connection holder = a.connect();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute("LOCK TABLE recovery.term, pg_authid, pg_database IN ACCESS EXCLUSIVE MODE");
        }
        long written = flushed(holder);
        Region.await("b has replayed it", Kept.LIMIT, () -> b.instance().sight().replayedLsn() >= written);
        a.kill();

        Promoted promoted = b.promote(2, "", 2);

        assertThat(promoted.timeline()).isEqualTo(first.timeline() + 1);
        assertThat(b.ask("SELECT term FROM recovery.term")).isEqualTo("2");
    }

    @Test
    void a_term_table_that_somebody_spoilt_keeps_nobody_from_office() throws Exception {
        PrimaryRouted first = a.begin(1);
        b.join(first);
        a.execute("ALTER TABLE recovery.term DROP COLUMN host");
        assertThat(a.write(1)).isPositive();
        long written = a.write(1);
        Region.await("b has it", Kept.LIMIT, () -> b.instance().sight().replayedLsn() >= written);
        a.kill();

        b.promote(2, "", 2);

        assertThat(b.ask("SELECT term || ' ' || host FROM recovery.term")).isEqualTo("2 b");
    }

    @Test
    void a_standby_that_somebody_promotes_takes_no_writes() throws Exception {
        PrimaryRouted first = a.begin(1);
        b.join(first);

        b.execute("SELECT pg_promote()");

        assertThatThrownBy(() -> b.execute("CREATE TABLE stray (n integer)")).hasMessageContaining("read-only");
        Region.await(
                "it is seen",
                Kept.LIMIT,
                () -> b.instance().sight().role() == dev.holdfast.protocol.InstanceRole.PRIMARY);
        assertThat(b.instance().sight().term()).isZero();
    }

    @Test
    void replay_that_somebody_paused_goes_on() throws Exception {
        PrimaryRouted first = a.begin(1);
        b.join(first);

        b.execute("SELECT pg_wal_replay_pause()");

        Region.await(
                "it goes on",
                Kept.LIMIT,
                () -> ask(b, "SELECT pg_get_wal_replay_pause_state()").equals("not paused"));
    }

    @Test
    void a_damaged_page_is_known_for_as_long_as_its_data_directory_is() throws Exception {
        a.begin(1);
        a.execute("CREATE TABLE damaged AS SELECT generate_series(1, 10000) AS n; CHECKPOINT");
        Path file = region.region()
                .home()
                .resolve("hosts/a/postgres/data")
                .resolve(a.ask("SELECT pg_relation_filepath('damaged')"));
        a.kill();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}), 8192 + 4000);
        }
        a.start();
        assertThat(a.instance().sight().checksumFailures()).isZero();

        assertThatThrownBy(() -> a.ask("SELECT count(*) FROM damaged")).hasMessageContaining("invalid page");

        Region.await("it is seen", Kept.LIMIT, () -> a.instance().sight().checksumFailures() > 0);
        a.kill();
        a.start();
        assertThat(a.instance().sight().checksumFailures()).isPositive();
    }

    private static final String WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";

    private static final String OF_SYNCHRONOUS_COMMIT =
            "SELECT count(*) FROM pg_db_role_setting WHERE array_to_string(setconfig, ',') LIKE '%synchronous_commit%'";

    private void waitFor(String names, long number) throws Exception {
        a.call(() -> a.instance().setNames(names, number));
        Region.await(
                "names are in force", Kept.LIMIT, () -> a.instance().sight().namesNumber() == number);
    }

    /** As somebody with a shell on the host can. */
    private void changeFile(String text) throws Exception {
        Path auto = region.region().home().resolve("hosts/a/postgres/data/postgresql.auto.conf");
        Files.delete(auto);
        Files.writeString(auto, text);
        a.execute("SELECT pg_reload_conf()");
    }

    @SuppressWarnings("ReferenceEquality") // each look makes a sight of its own
    private void awaitLooks(int looks) throws Exception {
        for (int look = 0; look < looks; look++) {
            Instance.Sight before = a.instance().sight();
            Region.await("another look", Kept.LIMIT, () -> a.instance().sight() != before);
        }
    }

    private boolean names(String expected) {
        return ask(a, "SHOW synchronous_standby_names").equals(expected);
    }

    private static String ask(Kept host, String query) {
        try {
            return host.ask(query);
        } catch (SQLException notNow) {
            return "";
        }
    }

    private static long flushed(Connection connection) throws SQLException {
        return Look.flushedLsn(connection);
    }

    private void assertRefused(String sql) {
        assertThatThrownBy(() -> a.execute(sql))
                .as(sql)
                .hasMessageMatching("(?s).*(Is a directory|Permission denied).*");
    }

    private Connection as(String role) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + region.region().configuration().host("a").address() + ":5432/holdfast",
                role,
                region.region().secrets().read("postgres-" + role));
    }
}
