package dev.holdfast.agent.postgres;

import dev.holdfast.agent.LeftBehind;
import dev.holdfast.protocol.RecoveryEvent.PrimaryRouted;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One start of the server, until it is killed. What was begun for it tells nothing afterwards. */
final class Run {

    private final Set<Connection> unbounded = new HashSet<>();
    private @Nullable FencerProcess fencer;
    private boolean ended;

    /** 0 until the fencer has told, -1 when there will be none. */
    private volatile long postmaster;

    private volatile long term;
    private volatile @Nullable PrimaryRouted routed;

    /** Thrown where something would be done for a run that is over. */
    static final class Ended extends Exception {
        Ended() {
            super("the server was killed meanwhile");
        }
    }

    /** Starts the fencer, unless the run is over. */
    interface Starter {
        FencerProcess start() throws IOException;
    }

    synchronized void start(Starter starter) throws IOException, Ended {
        requireOpen();
        fencer = starter.start();
    }

    synchronized FencerProcess fencer() throws Ended {
        if (fencer == null) {
            throw new Ended();
        }
        return fencer;
    }

    void postmaster(long pid) {
        postmaster = pid;
    }

    long postmaster() {
        return postmaster;
    }

    /** Keeps a connection that nothing but the end of this run bounds. */
    synchronized void keep(Connection connection) throws SQLException, Ended {
        if (ended) {
            connection.abort(Runnable::run);
        }
        requireOpen();
        unbounded.add(connection);
    }

    synchronized void release(Connection connection) {
        unbounded.remove(connection);
    }

    /** The earlier markers' waits are nobody's business any more. */
    synchronized void dropKept() throws SQLException {
        for (Connection connection : unbounded) {
            connection.abort(Runnable::run);
        }
        unbounded.clear();
    }

    /** Nothing is started or told for it from now on. Its processes may still be there. */
    synchronized void end() throws SQLException {
        ended = true;
        FencerProcess started = fencer;
        if (started != null) {
            started.kill();
        }
        dropKept();
    }

    synchronized boolean ended() {
        return ended;
    }

    synchronized void requireOpen() throws Ended {
        if (ended) {
            throw new Ended();
        }
    }

    /** @return whether this is news */
    boolean follow(PrimaryRouted primary) {
        if (term != 0 || primary.equals(routed)) {
            return false;
        }
        routed = primary;
        return true;
    }

    @Nullable
    PrimaryRouted routed() {
        return routed;
    }

    /** From now on it follows nobody. */
    void promote(long promotedTerm) {
        term = promotedTerm;
        routed = null;
    }

    /** Has the postmaster read its files again; as the owner of the process, whoever may log in. */
    void reload() throws IOException, InterruptedException, Ended {
        signal("HUP");
    }

    void signal(String signal) throws IOException, InterruptedException, Ended {
        requireOpen();
        if (postmaster > 0) {
            LeftBehind.signal(postmaster, signal);
        }
    }

    /** 0 unless it was told to be primary. */
    long term() {
        return term;
    }
}
