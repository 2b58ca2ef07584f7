package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.Region;
import dev.holdfast.projection.Database;
import dev.holdfast.projection.DrillRows;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a real server that loses rows because somebody deletes them. */
class DisturbedRowsIT {

    private static final int LOST = 7;

    private Region region;
    private DisturbedRows rows;
    private boolean lossy;

    @BeforeEach
    void start() throws Exception {
        region = new Region();
        region.start("postgres", "a");
        asSuperuser("CREATE SCHEMA recovery; CREATE TABLE recovery.term AS SELECT 1::bigint AS term;"
                + " GRANT USAGE ON SCHEMA recovery TO recorder; GRANT SELECT ON recovery.term TO recorder");
        rows = new DisturbedRows(new Lossy(new DrillRows(region.configuration(), region.secrets())));
        rows.prepare();
    }

    @AfterEach
    void stop() throws IOException {
        region.close();
    }

    @Test
    void each_acknowledged_row_that_is_not_there_in_the_end_is_missing_whichever_measurement_wrote_it()
            throws Exception {
        lossy = true;
        Standstill first = rows.measure(Disturbance.STANDBY_LOST);
        lossy = false;
        Standstill second = rows.measure(Disturbance.STANDBY_LOST);

        assertThat(first.millis(Disturbance.STANDBY_LOST)).isNotNull();
        assertThat(rows.acknowledged())
                .isGreaterThanOrEqualTo(first.rows().size() + second.rows().size());
        assertThat(rows.missing()).isEqualTo(LOST);
    }

    private void asSuperuser(String statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://" + region.configuration().host("a").address() + ":5432/" + Database.NAME,
                        "postgres",
                        region.secrets().read("postgres-superuser"));
                Statement statement = connection.createStatement()) {
            statement.execute(statements);
        }
    }

    private final class Lossy implements DisturbedDatabase {

        private final DrillRows table;

        private Lossy(DrillRows table) {
            this.table = table;
        }

        @Override
        public String name() {
            return "lossy";
        }

        @Override
        public void prepareRows() throws SQLException {
            table.prepare();
        }

        @Override
        public Connection session() throws SQLException {
            return table.primary();
        }

        @Override
        public long disturb(Disturbance what) throws IOException {
            long atNanos = Wall.nanos();
            try {
                asSuperuser(lossy ? "DELETE FROM drill.rows WHERE number <= " + LOST : "SELECT 1");
            } catch (SQLException failure) {
                throw new IOException(failure);
            }
            return atNanos;
        }

        @Override
        public void restore(Disturbance what) {
            assertThat(what).isEqualTo(Disturbance.STANDBY_LOST);
        }
    }
}
