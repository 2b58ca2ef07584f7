package dev.holdfast.agent.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds and ends sessions that keep ours from what they need. Only functions are asked and no view: a view can be locked, and most
 * read catalogs that can be.
 */
final class Blockers {

    private static final Logger LOGGER = LoggerFactory.getLogger(Blockers.class);

    /** OIDs below it are those of the catalogs that initdb made (FirstNormalObjectId in transam.h). */
    private static final int FIRST_NORMAL_OID = 16384;

    /** A session with so many locks has taken most of the room that all share; then nobody can log in any more. */
    private static final int MANY_LOCKS = 1_000;

    /** Whoever is in the way of somebody who waits for a catalog, as each log-in does, or for the row of the term. */
    private static final String IN_THE_WAY = """
            SELECT DISTINCT blocker, 'it holds a lock that log-ins and the keeper wait for'
            FROM pg_lock_status() AS waits CROSS JOIN LATERAL unnest(pg_blocking_pids(waits.pid)) AS blocker
            WHERE NOT waits.granted AND waits.locktype = 'relation' AND blocker > 0
              AND (waits.relation < %d OR waits.relation = to_regclass('recovery.term')
                   OR waits.relation = to_regclass('public.recorder_position'))
            UNION
            SELECT pid, 'it holds ' || count(*) || ' locks, and nobody can log in when there is room for no more'
            FROM pg_lock_status() GROUP BY pid HAVING count(*) > %d
            """.formatted(FIRST_NORMAL_OID, MANY_LOCKS);

    /** Of the role that has most of them, those that idle, the longest first; else the youngest. */
    private static final String SLOT_HOLDERS = """
            SELECT pid, 'no place for a connection is left, and its role has most of them'
            FROM pg_stat_get_activity(NULL) AS each
            WHERE backend_type = 'client backend' AND application_name <> ?
              AND usesysid = (SELECT usesysid FROM pg_stat_get_activity(NULL)
                              WHERE backend_type = 'client backend' AND application_name <> ?
                              GROUP BY usesysid ORDER BY count(*) DESC LIMIT 1)
            ORDER BY state = 'idle' DESC, CASE WHEN state = 'idle' THEN state_change END, backend_start DESC
            LIMIT 4
            """;

    private static final String END = """
            SELECT pg_terminate_backend(pid), coalesce(application_name, ''), coalesce(host(client_addr), 'the socket'),
                   left(coalesce(query, ''), 100)
            FROM pg_stat_get_activity(?) WHERE application_name <> ?
            """;

    private final DataProcesses processes;

    /** @param processes of the server that blockers are sessions of */
    Blockers(DataProcesses processes) {
        this.processes = processes;
    }

    private record Blocker(int pid, String why) {}

    /** @return who was ended and why, for a person */
    List<String> end(Connection connection) throws SQLException {
        return end(connection, find(connection, IN_THE_WAY));
    }

    /** @return who was ended and why, for a person */
    List<String> freeSlots(Connection connection) throws SQLException {
        return end(connection, find(connection, SLOT_HOLDERS, Connections.APPLICATION, Connections.APPLICATION));
    }

    private static List<Blocker> find(Connection connection, String query, String... values) throws SQLException {
        List<Blocker> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Blocker(row.getInt(1), row.getString(2)));
                }
            }
        }
        return found;
    }

    private List<String> end(Connection connection, List<Blocker> blockers) throws SQLException {
        List<String> ended = new ArrayList<>();
        for (Blocker blocker : blockers) {
            try (PreparedStatement statement = connection.prepareStatement(END)) {
                statement.setInt(1, blocker.pid());
                statement.setString(2, Connections.APPLICATION);
                try (ResultSet row = statement.executeQuery()) {
                    if (row.next()) {
                        String words = "session " + blocker.pid() + " (" + row.getString(2) + " from "
                                + row.getString(3) + ") was ended: " + blocker.why() + "; its statement: "
                                + row.getString(4);
                        LOGGER.error("{}", words);
                        ended.add(words);
                    }
                }
            } catch (SQLException refused) {
                if (!Connections.isWantOfRoom(refused)) {
                    throw refused;
                }
                signal(blocker).ifPresent(ended::add);
            }
        }
        return ended;
    }

    /** Ends a session as pg_terminate_backend does, which first looks its role up and finds no room for the lock that this takes. */
    private Optional<String> signal(Blocker blocker) {
        if (!processes.contains(blocker.pid())
                || !ProcessHandle.of(blocker.pid()).map(ProcessHandle::destroy).orElse(false)) {
            return Optional.empty();
        }
        String words = "session " + blocker.pid() + " was ended by a signal: " + blocker.why();
        LOGGER.error("{}", words);
        return Optional.of(words);
    }
}
