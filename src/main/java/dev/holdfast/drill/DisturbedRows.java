package dev.holdfast.drill;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Disturbs one database again and again while rows are written to it, and finds in the end which of them it lost. */
final class DisturbedRows {

    private static final Duration INTERVAL = Duration.ofMillis(10);

    /** About a second: the writer is at its pace then. */
    private static final int UNDISTURBED = 100;

    private static final Duration FLOW_LIMIT = Duration.ofSeconds(20);

    /** Some time-outs are twenty seconds long. */
    private static final Duration MOVE_LIMIT = Duration.ofSeconds(90);

    private static final long LOOK_AGAIN_MILLIS = 20;
    private static final int MOST_ATTEMPTS = 50;

    private static final String MISSING = """
            SELECT count(*) FROM unnest(?) AS acknowledged (number)
            WHERE NOT EXISTS (
                SELECT FROM drill.rows WHERE run = ? AND writer = ? AND rows.number = acknowledged.number)
            """;

    private final DisturbedDatabase database;
    private final long run = Wall.nanos();

    /** By writer, from the first one on: the numbers of the rows that were acknowledged. */
    private final List<Long[]> acknowledged = new ArrayList<>();

    DisturbedRows(DisturbedDatabase database) {
        this.database = database;
    }

    String name() {
        return database.name();
    }

    /** Once, before the first measurement. */
    void prepare() throws SQLException {
        database.prepareRows();
    }

    /** Writes, disturbs, and goes on writing until all redundancy is back. */
    Standstill measure(Disturbance what) throws IOException, InterruptedException {
        RowWriter writer = new RowWriter(database::session, run, acknowledged.size() + 1, INTERVAL);
        writer.start();
        try {
            require("before '" + what.title() + "'", () -> writer.acknowledged().size() >= UNDISTURBED);
            long fromNanos = database.disturb(what);
            if (what.movesPrimary()) {
                // Whether it did or not is seen in the rows.
                boolean _ = within(MOVE_LIMIT, () -> new Standstill(writer.acknowledged(), fromNanos).moved());
            }
            database.restore(what);
            long wholeNanos = Wall.nanos();
            require("after '" + what.title() + "'", () -> writer.lastNanos() > wholeNanos);
            return new Standstill(writer.acknowledged(), fromNanos);
        } finally {
            writer.end();
            acknowledged.add(
                    writer.acknowledged().stream().map(Acknowledged::number).toArray(Long[]::new));
        }
    }

    long acknowledged() {
        return acknowledged.stream().mapToLong(numbers -> numbers.length).sum();
    }

    /** How many acknowledged rows the primary does not have now. @throws SQLException if it cannot be asked */
    long missing() throws SQLException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try (Connection session = database.session()) {
                return missing(session);
            } catch (SQLException away) {
                if (attempt == MOST_ATTEMPTS) {
                    throw away;
                }
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private long missing(Connection session) throws SQLException {
        long missing = 0;
        try (PreparedStatement select = session.prepareStatement(MISSING)) {
            for (int index = 0; index < acknowledged.size(); index++) {
                select.setArray(1, session.createArrayOf("bigint", acknowledged.get(index)));
                select.setLong(2, run);
                select.setInt(3, index + 1);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    missing += row.getLong(1);
                }
            }
        }
        return missing;
    }

    private void require(String when, BooleanSupplier flows) throws IOException, InterruptedException {
        if (!within(FLOW_LIMIT, flows)) {
            throw new IOException(database.name() + " acknowledges no rows " + when + " within "
                    + FLOW_LIMIT.toSeconds() + " s; expected one each " + INTERVAL.toMillis() + " ms");
        }
    }

    private static boolean within(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
        return true;
    }
}
