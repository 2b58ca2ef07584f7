package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.postgres.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real server. */
final class PostgresServerIT {

    private static Region region;

    @BeforeAll
    static void start() throws Exception {
        region = new Region();
        region.start("postgres", "a");
    }

    @AfterAll
    static void stop() throws Exception {
        region.close();
    }

    @Test
    void it_has_checksums_and_keeps_the_durable_defaults() throws Exception {
        assertThat(ask("postgres", "SHOW data_checksums")).isEqualTo("on");
        assertThat(ask("postgres", "SHOW fsync")).isEqualTo("on");
        assertThat(ask("postgres", "SHOW synchronous_commit")).isEqualTo("on");
        assertThat(ask("postgres", "SHOW server_encoding")).isEqualTo("UTF8");
    }

    @Test
    void nobody_enters_with_a_wrong_password_or_where_it_has_no_business() {
        assertThatThrownBy(() -> connect("holdfast", "recorder", "wrong")).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> connect("postgres", "reader", region.secrets().read("postgres-reader")))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(
                        () -> connect("holdfast", "replicator", region.secrets().read("postgres-replication")))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void secrets_appear_in_no_argument_and_no_log() throws Exception {
        String log = region.log("postgres", "a");

        assertThat(log).doesNotContain(region.secrets().read("postgres-superuser"));
        assertThat(String.join(" ", region.server("postgres", "a").command()))
                .doesNotContain(region.secrets().read("postgres-superuser"));
    }

    @Test
    void a_killed_one_starts_again_although_its_old_pid_file_names_a_living_stranger() throws Exception {
        region.kill("postgres", "a");
        Path pidFile = region.server("postgres", "a").dataDirectory().resolve("postmaster.pid");
        Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");

        region.start("postgres", "a");

        assertThat(region.server("postgres", "a").probe().serving()).isTrue();
    }

    @Test
    void a_server_left_behind_by_a_dead_agent_is_ended_before_the_next_start() throws Exception {
        Process leftBehind = region.process("postgres", "a");

        region.start("postgres", "a");

        assertThat(leftBehind.isAlive()).isFalse();
        assertThat(region.server("postgres", "a").probe().serving()).isTrue();
    }

    private static String ask(String database, String query) throws SQLException {
        try (Connection connection =
                        connect(database, "postgres", region.secrets().read("postgres-superuser"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection connect(String database, String user, String password) throws SQLException {
        assertThat(PostgresServer.DATABASE).isEqualTo("holdfast");
        return DriverManager.getConnection("jdbc:postgresql://127.0.34.1:5432/" + database, user, password);
    }
}
