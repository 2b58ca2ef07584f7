package dev.holdfast.projection;

import dev.holdfast.agent.Region;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A real PostgreSQL with the tables of this release, for tests that change them by hand. Every statement runs as the superuser. */
final class RealTables implements AutoCloseable {

    private final Region region;

    RealTables() throws Exception {
        this.region = new Region();
    }

    void start() throws Exception {
        region.start("postgres", "a");
        new Migrations(region.configuration(), region.secrets()).run(Duration.ofSeconds(90));
    }

    /** Empties every table and puts the recorder's position before the first event. */
    void empty(long chainHash, long term) throws SQLException {
        ask("TRUNCATE instruments, orders, order_history, trades, positions, profit, candles, audit, health_check");
        ask("UPDATE recorder_position SET sequence = 0, log_time_nanos = 0, chain_hash = " + chainHash + ", term = "
                + term);
    }

    Recorder recorder(FakeLog log) {
        return new Recorder(region.configuration(), "a", region.secrets(), log, new SimpleMeterRegistry());
    }

    Database database() {
        return new Database(region.configuration(), region.secrets());
    }

    /** The first column of the first row, empty when there is none or it is null. */
    String ask(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet row = statement.getResultSet()) {
                String value = row.next() ? row.getString(1) : null;
                return value == null ? "" : value;
            }
        }
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.34.1:5432/holdfast",
                "postgres",
                region.secrets().read("postgres-superuser"));
    }

    @Override
    public void close() throws IOException {
        region.close();
    }
}
