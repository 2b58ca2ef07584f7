package dev.holdfast.projection;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table into which drills write rows of their own, and sessions for it. It is made by the first drill, not by a migration. */
public final class DrillRows {

    private static final int SOCKET_SECONDS = 2;

    /** A session that is to be there when a freeze is over. */
    private static final int PATIENT_SECONDS = 30;

    private static final String PREPARE = """
            CREATE SCHEMA IF NOT EXISTS drill;
            CREATE TABLE IF NOT EXISTS drill.rows (
                run bigint NOT NULL,
                writer integer NOT NULL,
                number bigint NOT NULL,
                term bigint NOT NULL,
                written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                PRIMARY KEY (run, writer, number));
            COMMENT ON TABLE drill.rows IS 'What drills write to see whether an acknowledged row is ever lost; emptied by the next.';
            GRANT USAGE ON SCHEMA drill TO recorder;
            GRANT SELECT, INSERT ON drill.rows TO recorder;
            TRUNCATE drill.rows;
            """;

    private static final Logger LOGGER = LoggerFactory.getLogger(DrillRows.class);

    private static final List<String> CHANGES = List.of(
            "COPY (SELECT 'synchronous_standby_names = ''''') TO PROGRAM"
                    + " 'cat > changed.conf && mv -f changed.conf postgresql.auto.conf'",
            "SELECT pg_reload_conf()",
            "ALTER DATABASE " + Database.NAME + " SET synchronous_commit = off",
            "ALTER ROLE keeper NOLOGIN",
            "ALTER ROLE postgres PASSWORD 'changed by a drill'");

    private final Configuration configuration;
    private final Database database;

    public DrillRows(Configuration configuration, Secrets secrets) {
        this.configuration = configuration;
        this.database = new Database(configuration, secrets);
    }

    /** Makes the table where there is none, and empties it. */
    public void prepare() throws SQLException {
        try (Connection connection = database.superuser().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(PREPARE);
        }
    }

    /**
     * Changes, as a superuser can, the settings and roles on which acknowledgements and the keeper's log-in rest. A shell of the server
     * replaces the file that is read last, because SQL cannot write it.
     */
    public void changeSettings(String host) throws SQLException {
        PGSimpleDataSource source = database.superuserOn(configuration.host(host));
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            try {
                statement.execute("ALTER SYSTEM SET synchronous_standby_names = ''");
            } catch (SQLException refused) {
                LOGGER.info("ALTER SYSTEM is refused: {}", refused.getMessage());
            }
            for (String change : CHANGES) {
                statement.execute(change);
            }
        }
    }

    /** With the primary, wherever it is. */
    public Connection primary() throws SQLException {
        return database.recorder(SOCKET_SECONDS).open();
    }

    /** With this host's server, whatever it is. */
    public Connection of(String host) throws SQLException {
        PGSimpleDataSource source = database.recorderOn(configuration.host(host));
        source.setLoginTimeout(PATIENT_SECONDS);
        source.setSocketTimeout(PATIENT_SECONDS);
        return source.getConnection();
    }
}
