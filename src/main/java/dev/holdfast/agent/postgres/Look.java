package dev.holdfast.agent.postgres;

import dev.holdfast.agent.postgres.Instance.Standby;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one look at a server that answers shows.
 *
 * @param timeline the newest of which there is WAL: what the control file says lags behind until the next checkpoint
 * @param receivedLsn of a primary, and the two after it: what it has flushed
 * @param streamsFrom the address that a walreceiver streams from now, else empty
 * @param streamedTimeline of that stream
 * @param row as far as it has been replayed
 */
record Look(
        boolean primary,
        int timeline,
        long receivedLsn,
        long replayedLsn,
        long flushedLsn,
        String streamsFrom,
        int streamedTimeline,
        String standbyNames,
        TermRow row,
        List<Standby> standbys) {

    /**
     * Functions and no views: those read catalogs that a session can lock. The columns in this order: a timeline read before an LSN
     * could be older than it, and a follower would seem to have diverged.
     */
    private static final String STATE = """
            SELECT pg_is_in_recovery(),
                   %s,
                   %s,
                   %s,
                   %s,
                   coalesce(receiver.status = 'streaming', false),
                   coalesce(receiver.sender_host, ''),
                   coalesce(receiver.received_tli, 0),
                   current_setting('synchronous_standby_names'),
                   CASE WHEN pg_is_in_recovery()
                        THEN (SELECT max(substr(name, 1, 8)) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$')
                        ELSE substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END
            FROM (SELECT) AS always LEFT JOIN pg_stat_get_wal_receiver() AS receiver ON true
            """.formatted(
                    Lsn.sql("receiver.written_lsn"),
                    Lsn.sql("pg_last_wal_receive_lsn()"),
                    Lsn.sql("pg_last_wal_replay_lsn()"),
                    Lsn.sql("CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_flush_lsn() END"));

    private static final String STANDBYS = """
            SELECT session.application_name, sender.state = 'streaming' AND sender.sync_state IN ('sync', 'quorum'),
                   sender.sync_state = 'async', %s
            FROM pg_stat_get_wal_senders() AS sender JOIN pg_stat_get_activity(NULL) AS session ON session.pid = sender.pid
            ORDER BY session.backend_start
            """.formatted(Lsn.sql("sender.flush_lsn"));

    Look {
        standbys = List.copyOf(standbys);
    }

    /**
     * @param hosts by the names of their standbys
     * @param known the row when it was last read: on a standby it may be locked by what the primary did
     */
    static Look at(Connection connection, Map<String, String> hosts, TermRow known) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet state = statement.executeQuery(STATE)) {
            state.next();
            boolean primary = !state.getBoolean(1);
            long replayed = state.getLong(4);
            // After a restart nothing was received yet; what was replayed was on the disk.
            long flushed = primary ? state.getLong(5) : Math.max(state.getLong(3), replayed);
            String newestSegment = state.getString(10);
            int onDisk = newestSegment == null ? 0 : Integer.parseInt(newestSegment, 16);
            return new Look(
                    primary,
                    Math.max(onDisk, primary ? 0 : state.getInt(8)),
                    primary ? flushed : Math.max(state.getLong(2), flushed),
                    primary ? flushed : replayed,
                    flushed,
                    state.getBoolean(6) ? state.getString(7) : "",
                    state.getInt(8),
                    state.getString(9),
                    primary ? known : row(connection, known),
                    primary ? standbys(connection, hosts) : List.of());
        }
    }

    private static TermRow row(Connection connection, TermRow known) throws SQLException {
        try {
            return TermRow.read(connection);
        } catch (SQLException failure) {
            if (Connections.isPassing(failure)) {
                throw failure;
            }
            return known; // locked, or no longer the table that it was
        }
    }

    /** The processes that send a copy of everything, in {@code pg_stat_replication}. */
    static List<Long> cloners(Connection connection) throws SQLException {
        List<Long> pids = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pid FROM pg_stat_replication WHERE state = 'backup'")) {
            while (row.next()) {
                pids.add(row.getLong(1));
            }
        }
        return pids;
    }

    /**
     * One for each host. A connection that died may still be shown beside its successor: then the newer one's LSN counts, and both must
     * know that no commit waits for them.
     */
    static List<Standby> standbys(Connection connection, Map<String, String> hosts) throws SQLException {
        Map<String, Standby> found = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(STANDBYS)) {
            while (row.next()) {
                String host = hosts.get(row.getString(1));
                if (host != null) {
                    Standby older = found.get(host);
                    found.put(
                            host,
                            new Standby(
                                    host,
                                    row.getBoolean(2) || (older != null && older.sync()),
                                    row.getBoolean(3) && (older == null || older.async()),
                                    row.getLong(4)));
                }
            }
        }
        return new ArrayList<>(found.values());
    }

    /**
     * A transaction of its own that touches no table, so that no lock, trigger or missing table keeps it from being made.
     *
     * @return the end of what is flushed, which it is if the connection's commits are
     */
    static long writeAlive(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_logical_emit_message(true, 'holdfast', 'alive')");
        }
        return flushedLsn(connection);
    }

    /** The end of what is flushed here. */
    static long flushedLsn(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + Lsn.sql("pg_current_wal_flush_lsn()"))) {
            row.next();
            return row.getLong(1);
        }
    }
}
