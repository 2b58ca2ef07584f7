package dev.holdfast.projection;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the database's tables to what this release expects. A step of its own, before the recorder; repeating it is free. */
public final class Migrations {

    /** Version of the newest migration of this release. */
    static final int VERSION = 2;

    private static final Logger LOGGER = LoggerFactory.getLogger(Migrations.class);
    private static final long TRY_AGAIN_MILLIS = 100;

    private final DataSource primary;

    public Migrations(Configuration configuration, Secrets secrets) {
        this.primary = new Database(configuration, secrets).superuser();
    }

    /**
     * Waits for a primary up to the limit, then migrates.
     *
     * @return the number of migrations applied
     * @throws SQLException if there is no primary in time
     */
    public int run(Duration limit) throws SQLException, InterruptedException {
        awaitPrimary(limit);
        MigrateResult result = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(primary)
                .locations("classpath:db/migration")
                .load()
                .migrate();
        LOGGER.info(
                "migrated database={} applied={} version={}",
                Database.NAME,
                result.migrationsExecuted,
                result.targetSchemaVersion);
        return result.migrationsExecuted;
    }

    /** Makes this release's tables, empty, in a schema that is there and empty. */
    void into(String schema) throws SQLException {
        try {
            migrateInto(schema);
        } catch (FlywayException failure) {
            throw new SQLException("the new tables cannot be made: " + failure.getMessage(), failure);
        }
    }

    private void migrateInto(String schema) {
        Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(primary)
                .locations("classpath:db/migration")
                .schemas(schema)
                .defaultSchema(schema)
                .createSchemas(false)
                .load()
                .migrate();
    }

    private void awaitPrimary(Duration limit) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            try (Connection connection = primary.getConnection()) {
                connection.isValid(Database.LOGIN_SECONDS);
                return;
            } catch (SQLException noPrimary) {
                if (System.nanoTime() - deadline >= 0) {
                    throw new SQLException(
                            "no primary took a connection within " + limit.toSeconds()
                                    + " s; see 'holdfast status' and 'holdfast logs postgres'",
                            noPrimary.getSQLState(),
                            noPrimary);
                }
            }
            Thread.sleep(TRY_AGAIN_MILLIS);
        }
    }
}
