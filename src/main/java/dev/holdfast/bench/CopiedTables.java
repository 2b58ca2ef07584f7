package dev.holdfast.bench;

import dev.holdfast.projection.Database;
import dev.holdfast.protocol.EventFrame;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;
import org.postgresql.ds.PGSimpleDataSource;

/** The recorder's tables, and empty ones beside them with the same columns, checks and indexes for a plain COPY. */
final class CopiedTables implements AutoCloseable {

    private static final List<String> NAMES =
            List.of("instruments", "orders", "order_history", "trades", "positions", "profit", "candles", "audit");

    private final Connection connection;
    private final Map<String, byte[]> rows = new LinkedHashMap<>();
    private long rowCount;

    CopiedTables(Configuration configuration, Secrets secrets) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {configuration.hosts().getFirst().address()});
        source.setPortNumbers(new int[] {Configuration.POSTGRES_PORT});
        source.setDatabaseName(Database.NAME);
        source.setUser("postgres");
        source.setPassword(secrets.read("postgres-superuser"));
        source.setSslMode("disable");
        this.connection = source.getConnection();
        connection.setAutoCommit(false);
        run("CREATE SCHEMA copied");
        for (String name : NAMES) {
            run("CREATE TABLE copied." + name + " (LIKE public." + name + " INCLUDING ALL)");
        }
        // LIKE leaves out foreign keys; they cost the recorder's rows as much as the copied ones.
        for (String[] key : foreignKeys()) {
            run("ALTER TABLE copied." + key[0] + " ADD " + key[1].replace("REFERENCES ", "REFERENCES copied."));
        }
        connection.commit();
    }

    /** Each as its table and its definition. */
    private List<String[]> foreignKeys() throws SQLException {
        List<String[]> keys = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT relname, pg_get_constraintdef(c.oid) FROM pg_constraint c"
                                + " JOIN pg_class t ON t.oid = c.conrelid"
                                + " WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace")) {
            while (row.next()) {
                keys.add(new String[] {row.getString(1), row.getString(2)});
            }
        }
        if (keys.isEmpty()) {
            throw new BenchFailure("the recorder's tables have no foreign keys; expected some to copy");
        }
        return keys;
    }

    /** As before the first event. */
    void emptyRecorded() throws SQLException {
        run("TRUNCATE " + String.join(", ", NAMES));
        run("UPDATE recorder_position SET sequence = 0, chain_hash = " + EventFrame.CHAIN_START
                + ", log_time_nanos = 0");
        connection.commit();
    }

    long recordedRows() throws SQLException {
        long count = 0;
        for (String name : NAMES) {
            count += ask("SELECT count(*) FROM public." + name);
        }
        return count;
    }

    /** Takes the rows the recorder wrote, to be copied. */
    void takeOut() throws SQLException, IOException {
        CopyManager manager = new CopyManager(connection.unwrap(BaseConnection.class));
        for (String name : NAMES) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            rowCount += manager.copyOut("COPY public." + name + " TO STDOUT", text);
            rows.put(name, text.toByteArray());
        }
        connection.commit();
    }

    /** @return rows a second; one COPY for each table, all in one transaction */
    double copy() throws SQLException, IOException {
        run("TRUNCATE copied." + String.join(", copied.", NAMES));
        connection.commit();
        CopyManager manager = new CopyManager(connection.unwrap(BaseConnection.class));
        long beganNanos = System.nanoTime();
        for (Map.Entry<String, byte[]> table : rows.entrySet()) {
            manager.copyIn("COPY copied." + table.getKey() + " FROM STDIN", new ByteArrayInputStream(table.getValue()));
        }
        connection.commit();
        return rowCount * 1e9 / (System.nanoTime() - beganNanos);
    }

    /** Rates of different rows could not be compared. */
    void requireSame() throws SQLException {
        for (String name : NAMES) {
            long missing = ask("SELECT count(*) FROM (SELECT * FROM copied." + name + " EXCEPT SELECT * FROM public."
                    + name + ") AS missing");
            long written = ask("SELECT count(*) FROM public." + name);
            long copied = ask("SELECT count(*) FROM copied." + name);
            if (missing != 0 || written != copied) {
                throw new BenchFailure("table " + name + ": the recorder wrote " + written + " rows, COPY " + copied
                        + ", and " + missing + " differ; both must write the same");
            }
        }
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long ask(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } finally {
            connection.rollback();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
