package dev.holdfast.drill;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Rows that a drill writes into a table of its own: one writer goes wherever the primary is, the other stays with the one there was
 * at the beginning, so that whatever that one still acknowledges is seen.
 */
final class Rows {

    /** Goes where the primary is. */
    static final int CLIENT = 1;

    /** Stays, and waits through a freeze. */
    static final int PINNED = 2;

    private static final Duration INTERVAL = Duration.ofMillis(10);
    private static final Duration PINNED_INTERVAL = Duration.ofMillis(20);
    private static final long STILL_NANOS = 500_000_000L;
    private static final int MOST_ATTEMPTS = 30;
    private static final long LOOK_AGAIN_MILLIS = 200;

    private final RunningSystem system;
    private final long run = Wall.nanos();
    private final RowWriter client;
    private final RowWriter pinned;

    /** @param host with the primary now */
    Rows(RunningSystem system, String host) {
        this.system = system;
        this.client = new RowWriter(system::primarySession, run, CLIENT, INTERVAL);
        this.pinned = new RowWriter(() -> system.sessionWith(host), run, PINNED, PINNED_INTERVAL);
    }

    /** Makes the table and waits until both write. @throws SQLException if they do not within a few seconds */
    void start() throws SQLException, InterruptedException {
        system.prepareRows();
        client.start();
        pinned.start();
        for (int look = 0;
                client.acknowledged().isEmpty() || pinned.acknowledged().isEmpty();
                look++) {
            if (look == MOST_ATTEMPTS) {
                throw new SQLException("no row of the drill was acknowledged within "
                        + MOST_ATTEMPTS * LOOK_AGAIN_MILLIS + " ms; './holdfast status' shows what the database lacks");
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    /** Whether commits go through now, in words if they do not: a standby may be back before the primary counts on it. */
    List<String> missing() {
        long ageNanos = Wall.nanos() - client.lastNanos();
        return ageNanos > STILL_NANOS
                ? List.of("no row of the drill was acknowledged for " + ageNanos / 1_000_000 + " ms")
                : List.of();
    }

    /** By time. */
    List<Acknowledged> acknowledged() {
        return Stream.concat(client.acknowledged().stream(), pinned.acknowledged().stream())
                .sorted(Comparator.comparingLong(Acknowledged::atNanos))
                .toList();
    }

    /** What the primary has, read from this address and no other. @throws SQLException if it cannot be read */
    Set<Acknowledged.Key> present(String address) throws SQLException, InterruptedException {
        List<String> problems = new ArrayList<>();
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            try (Connection session = system.primarySession();
                    PreparedStatement select = session.prepareStatement(
                            "SELECT host(inet_server_addr()), writer, number FROM drill.rows WHERE run = ?")) {
                select.setLong(1, run);
                Set<Acknowledged.Key> keys = new HashSet<>();
                boolean there = true;
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        there &= rows.getString(1).equals(address);
                        keys.add(new Acknowledged.Key(rows.getInt(2), rows.getLong(3)));
                    }
                }
                if (there) {
                    return keys;
                }
                problems.add("another server than " + address + " says that it is the primary");
            } catch (SQLException away) {
                problems.add(String.valueOf(away.getMessage()));
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
        throw new SQLException("the rows of the drill cannot be read from " + address + ": " + problems.getLast());
    }

    /** Ends both writers. */
    void end() throws InterruptedException {
        client.end();
        pinned.end();
    }
}
