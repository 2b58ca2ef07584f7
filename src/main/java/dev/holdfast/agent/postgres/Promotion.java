package dev.holdfast.agent.postgres;

import dev.holdfast.agent.postgres.Instance.Promoted;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a standby the primary, step by step. */
final class Promotion {

    private static final Logger LOGGER = LoggerFactory.getLogger(Promotion.class);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration RECEIVER_LIMIT = Duration.ofMillis(500);
    private static final Duration PROMOTION_LIMIT = Duration.ofSeconds(30);
    private static final long LOOK_AGAIN_MILLIS = 2;
    private static final long TRY_AGAIN_MILLIS = 20;

    private final Run run;
    private final NamesInForce names;
    private final ServerFiles files;
    private final Connections connections;
    private final Looker looker;
    private final String host;
    private final List<String> slots;

    private boolean asked;

    /** @param slots one for each other host */
    Promotion(
            Run run,
            NamesInForce names,
            ServerFiles files,
            Connections connections,
            Looker looker,
            String host,
            List<String> slots) {
        this.run = run;
        this.names = names;
        this.files = files;
        this.connections = connections;
        this.looker = looker;
        this.host = host;
        this.slots = List.copyOf(slots);
    }

    /**
     * Each step may be done again, so a connection that fails is only tried again: the machine may be slow just now.
     *
     * @throws SQLException if a step failed; then the server may be a standby or a primary, but nobody was told so
     */
    Promoted run(long term, String standbyNames, long namesNumber)
            throws SQLException, IOException, InterruptedException, Run.Ended {
        long startedNanos = System.nanoTime();
        while (true) {
            try {
                Promoted promoted = attempt(term, standbyNames, namesNumber);
                LOGGER.info(
                        "promoted host={} term={} timeline={} forkLsn={} millis={}",
                        host,
                        term,
                        promoted.timeline(),
                        promoted.forkLsn(),
                        (System.nanoTime() - startedNanos) / 1_000_000);
                return promoted;
            } catch (SQLException failure) {
                run.requireOpen();
                if (!mayPass(failure) || System.nanoTime() - startedNanos >= PROMOTION_LIMIT.toNanos()) {
                    throw failure;
                }
                LOGGER.warn("promotion is tried again host={}: {}", host, Connections.firstLine(failure));
            }
            Thread.sleep(TRY_AGAIN_MILLIS);
        }
    }

    /** A lock's holder is ended; a refusal ends when recovery does, and what the roles lack is put right by the looks after it. */
    private boolean mayPass(SQLException failure) {
        return Connections.isPassing(failure)
                || Connections.isLocked(failure)
                || (asked && String.valueOf(failure.getSQLState()).startsWith("28"));
    }

    private Promoted attempt(long term, String standbyNames, long namesNumber)
            throws SQLException, IOException, InterruptedException, Run.Ended {
        Connection letIn = null;
        if (!asked) {
            letIn = openIfLetIn();
            try {
                prepare(letIn, term, standbyNames, namesNumber);
                promote(letIn);
            } catch (SQLException | IOException | InterruptedException | Run.Ended failure) {
                close(letIn);
                throw failure;
            }
        }
        // A role that may not log in here, a lock that the old primary held: both end with recovery at the latest.
        try (Connection connection = letIn == null ? connections.openLocal(ANSWER) : letIn) {
            connection.setNetworkTimeout(Runnable::run, (int) ANSWER.toMillis());
            if (!await(connection, "SELECT NOT pg_is_in_recovery()", PROMOTION_LIMIT)) {
                throw new SQLException("it is still a standby " + PROMOTION_LIMIT.toSeconds()
                        + " s after it was promoted; see its log");
            }
            int timeline = ask(
                    connection,
                    "SELECT substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)",
                    row -> Integer.parseInt(row.getString(1), 16));
            long forkLsn = forkLsn(connection, timeline);
            for (String slot : slots) {
                makeSlot(connection, slot);
            }
            try {
                new TermRow(term, timeline).claim(connection, host);
            } catch (SQLException locked) {
                if (Connections.isLocked(locked)) {
                    looker.endBlockers();
                }
                throw locked;
            }
            return new Promoted(timeline, forkLsn, Look.flushedLsn(connection));
        }
    }

    private static void close(@Nullable Connection connection) throws SQLException {
        if (connection != null) {
            connection.close();
        }
    }

    /** Null when the server lets nobody in, or keeps them waiting: what the primary did to its catalogs is done here too. */
    private @Nullable Connection openIfLetIn() throws SQLException {
        try {
            return connections.openLocal(Connections.SHORT);
        } catch (SQLException shut) {
            LOGGER.warn(
                    "a standby that lets nobody in is promoted by signal host={}: {}",
                    host,
                    Connections.firstLine(shut));
            return null;
        }
    }

    private void prepare(@Nullable Connection standby, long term, String standbyNames, long namesNumber)
            throws SQLException, IOException, InterruptedException, Run.Ended {
        looker.row().requireNotAbove(term);
        if (standby != null) {
            row(standby).requireNotAbove(term);
        }
        stopFollowing(standby);
        names.apply(standbyNames, namesNumber);
        run.requireOpen();
        if (standby != null && !ask(standby, "SELECT pg_is_in_recovery()", row -> row.getBoolean(1))) {
            throw new SQLException("it is no standby, so it cannot be promoted; it is cloned anew first");
        }
    }

    /** Reads the term's row of a standby. If it cannot be read now, it is compared when the new row is written. */
    private static TermRow row(Connection standby) throws SQLException {
        try {
            return TermRow.read(standby);
        } catch (SQLException unread) {
            if (Connections.isPassing(unread)) {
                throw unread;
            }
            return TermRow.NONE;
        }
    }

    /** A promotion that meets a walreceiver waits for it; one that cannot end in time, on a dead network, is waited for no longer. */
    private void stopFollowing(@Nullable Connection standby)
            throws SQLException, IOException, InterruptedException, Run.Ended {
        synchronized (run) {
            run.requireOpen();
            files.leading();
        }
        if (standby == null) {
            run.reload();
            Thread.sleep(RECEIVER_LIMIT.toMillis());
            return;
        }
        NamesInForce.reload(standby);
        await(
                standby,
                "SELECT NOT EXISTS (SELECT FROM pg_stat_get_wal_receiver() WHERE pid IS NOT NULL)",
                RECEIVER_LIMIT);
    }

    private void promote(@Nullable Connection standby)
            throws SQLException, IOException, InterruptedException, Run.Ended {
        asked = true; // also when the answer is lost
        if (standby == null) {
            files.promote();
            run.signal("USR1");
            return;
        }
        // Its own wait looks only ten times a second. To a primary it is an error.
        ask(standby, "SELECT CASE WHEN pg_is_in_recovery() THEN pg_promote(false) END", row -> row.getBoolean(1));
        await(standby, "SELECT NOT pg_is_in_recovery()", PROMOTION_LIMIT);
    }

    /** The last line of a timeline's history says where it left its parent: parent, LSN, reason, with tabs between. */
    private static long forkLsn(Connection connection, int timeline) throws SQLException {
        String history = ask(
                connection,
                "SELECT pg_read_file('pg_wal/" + "%08X".formatted(timeline) + ".history')",
                row -> row.getString(1));
        String last = history.strip().lines().reduce((first, second) -> second).orElse("");
        String[] fields = last.split("\t", -1);
        if (fields.length < 2) {
            throw new SQLException(
                    "the history of timeline " + timeline + " ends with '" + last + "', which names no LSN");
        }
        return Lsn.parse(fields[1]);
    }

    /** One whose WAL was removed is useless and made anew. */
    static void makeSlot(Connection connection, String slot) throws SQLException {
        for (String statement : List.of(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                        + " WHERE slot_name = ? AND wal_status = 'lost' AND NOT active",
                "SELECT pg_create_physical_replication_slot(wanted) FROM (SELECT ?::name AS wanted) AS w"
                        + " WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = wanted)")) {
            try (PreparedStatement prepared = connection.prepareStatement(statement)) {
                prepared.setString(1, slot);
                prepared.execute();
            }
        }
    }

    private boolean await(Connection connection, String condition, Duration limit)
            throws SQLException, InterruptedException, Run.Ended {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!ask(connection, condition, row -> row.getBoolean(1))) {
            run.requireOpen();
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
        return true;
    }

    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static <T> T ask(Connection connection, String query, Reader<T> reader) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return reader.read(row);
        }
    }
}
