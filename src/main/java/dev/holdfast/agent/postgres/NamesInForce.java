package dev.holdfast.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;

/**
 * Whom commits wait for, in one run. NamesInForce are in force when three have read them: the postmaster and with it each new
 * session, as {@code SHOW} says there; and the checkpointer. As long as that one has not, commits do not wait at all
 * ({@code SyncRepUpdateSyncStandbysDefined} in syncrep.c), and a checkpoint can keep it from reading for long.
 */
final class NamesInForce {

    private static final long LOOK_AGAIN_MILLIS = 5;
    private static final int MOST_LOOKS = 12_000; // a minute
    private static final int MOST_ATTEMPTS = 100;
    private static final long TRY_AGAIN_MILLIS = 100;
    private static final long SIGHUP_BIT = 1;

    /** Where it waits after it has read what there is to read (checkpointer.c). */
    private static final List<String> CHECKPOINTER_RESTS = List.of("CheckpointerMain", "CheckpointWriteDelay");

    private static final String CHECKPOINTER =
            "SELECT pid, coalesce(wait_event, '') FROM pg_stat_get_activity(NULL) WHERE backend_type = 'checkpointer'";

    private final Run run;
    private final ServerFiles files;
    private final Connections connections;

    private long orderedNumber;

    /** Whether the file may hold other names than those in force. */
    private boolean changing;

    /** Whether somebody else may have changed the file, or what wins over it, since. */
    private boolean touched;

    private volatile InForce inForce = new InForce("", 0);

    /** @param number of the order */
    record InForce(String names, long number) {}

    NamesInForce(Run run, ServerFiles files, Connections connections) {
        this.run = run;
        this.files = files;
        this.connections = connections;
    }

    /** The newest that were in force, which they are until a higher number replaces them. */
    InForce inForce() {
        return inForce;
    }

    /** @return whether it is higher than any before */
    synchronized boolean order(long number) {
        if (number <= orderedNumber) {
            return false;
        }
        orderedNumber = number;
        return true;
    }

    /** Returns when they are in force, or when a higher number has replaced them. */
    void apply(String names, long number) throws SQLException, IOException, InterruptedException, Run.Ended {
        if (!write(names, number)) {
            return;
        }
        if (isChanging()) {
            try (Connection connection = connections.open(Connections.SHORT)) {
                run.reload();
                await(number, () -> show(connection).equals(names));
            }
            // The postmaster tells its children one after the other; when it takes a connection it is done.
            try (Connection connection = connections.open(Connections.SHORT)) {
                await(number, () -> show(connection).equals(names) && checkpointerHasRead(connection));
            }
        }
        took(names, number);
    }

    /** The same, again and again while the server does not answer. */
    void keepApplying(String names, long number) throws SQLException, IOException, InterruptedException, Run.Ended {
        for (int attempt = 1; ; attempt++) {
            try {
                apply(names, number);
                return;
            } catch (SQLException failure) {
                if (attempt == MOST_ATTEMPTS || replaced(number)) {
                    throw failure;
                }
                Thread.sleep(TRY_AGAIN_MILLIS);
            }
        }
    }

    /**
     * Somebody changed them, or what they rest on: the order is not in force until a higher one has replaced it.
     *
     * @return whether it was in force
     */
    synchronized boolean distrust(InForce seen) {
        boolean news = !changing && seen.equals(inForce) && seen.number == orderedNumber && seen.number != 0;
        if (news) {
            inForce = new InForce(seen.names, 0);
        }
        return news;
    }

    /** Writes the names again, and takes away what wins over them. */
    void putRight() throws IOException, InterruptedException, Run.Ended {
        synchronized (this) {
            run.requireOpen();
            files.overruleAlterSystem();
            if (!changing) {
                files.names(inForce.names);
            }
            touched = true; // the next order begins from its file, whatever is in force
        }
        run.reload();
    }

    static void reload(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    /** Under the lock, so that of two orders the newer one's file stays. */
    private synchronized boolean write(String names, long number) throws IOException, Run.Ended {
        run.requireOpen();
        if (number != orderedNumber) {
            return false;
        }
        if (changing || touched || !names.equals(inForce.names)) {
            changing = true;
            files.names(names);
        }
        return true;
    }

    private synchronized boolean isChanging() {
        return changing;
    }

    private synchronized void took(String names, long number) {
        if (number == orderedNumber) {
            inForce = new InForce(names, number);
            changing = false;
            touched = false;
        }
    }

    private synchronized boolean replaced(long number) {
        return number != orderedNumber;
    }

    private interface Condition {
        boolean holds() throws SQLException, IOException;
    }

    private void await(long number, Condition condition)
            throws SQLException, IOException, InterruptedException, Run.Ended {
        for (int look = 0; look < MOST_LOOKS; look++) {
            run.requireOpen();
            if (replaced(number) || condition.holds()) {
                return;
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
        throw new SQLException("names of order " + number + " were not read by the server within a minute");
    }

    private static String show(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW synchronous_standby_names")) {
            row.next();
            return row.getString(1);
        }
    }

    /**
     * It was sent SIGHUP before this connection was taken. Once that is not pending its latch is set, so it cannot sleep in one of its
     * rests before it has read the files.
     */
    private static boolean checkpointerHasRead(Connection connection) throws SQLException, IOException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CHECKPOINTER)) {
            if (!row.next() || !CHECKPOINTER_RESTS.contains(row.getString(2))) {
                return false;
            }
            return sleepsWithNothingPending(Files.readString(Path.of("/proc", row.getString(1), "status")));
        }
    }

    /** @param status as in proc_pid_status(5) */
    static boolean sleepsWithNothingPending(String status) {
        return field(status, "State").startsWith("S")
                && ((Long.parseUnsignedLong(field(status, "SigPnd"), 16)
                                        | Long.parseUnsignedLong(field(status, "ShdPnd"), 16))
                                & SIGHUP_BIT)
                        == 0;
    }

    private static String field(String status, String name) {
        return Arrays.stream(status.split("\n", -1))
                .filter(line -> line.startsWith(name + ":"))
                .findFirst()
                .map(line -> line.substring(name.length() + 1).strip())
                .orElseThrow(() -> new IllegalArgumentException("no " + name + " in a process's status"));
    }
}
