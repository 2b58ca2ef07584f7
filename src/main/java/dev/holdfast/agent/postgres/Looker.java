package dev.holdfast.agent.postgres;

import dev.holdfast.agent.postgres.Instance.Sight;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.RecoveryEvent.PrimaryRouted;
import dev.holdfast.runtime.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the server some times a second through one kept connection, on a thread of its own; has a standby follow. */
final class Looker {

    private static final Logger LOGGER = LoggerFactory.getLogger(Looker.class);
    private static final long INTERVAL_MILLIS = 100;

    /** At a standby that streams. */
    private static final long CALM_INTERVAL_MILLIS = 250;

    private final Configuration configuration;
    private final Path folder;
    private final ServerFiles files;
    private final Upkeep upkeep;
    private final Blockers blockers;
    private final DataProcesses processes;
    private final Connections connections;
    private final Map<String, String> hostsByStandbyName;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;

    private volatile @Nullable Subject subject;
    private volatile Sight sight = Sight.nothing(0);
    private volatile List<Long> cloners = List.of();
    private volatile boolean closed;

    // Under the lock, which one look holds from its question to its answer: the sight never goes back in time.
    private @Nullable Connection connection;
    private @Nullable Subject connectedTo;
    private @Nullable PrimaryRouted followed;
    private TermRow row = TermRow.NONE;
    private @Nullable Subject rowOf;

    /** What is looked at. */
    record Subject(Run run, NamesInForce names) {}

    Looker(
            Configuration configuration,
            Path folder,
            ServerFiles files,
            Upkeep upkeep,
            Blockers blockers,
            DataProcesses processes,
            Connections connections) {
        this.configuration = configuration;
        this.folder = folder;
        this.files = files;
        this.upkeep = upkeep;
        this.blockers = blockers;
        this.processes = processes;
        this.connections = connections;
        this.hostsByStandbyName = configuration.hostsWith(Configuration.Role.POSTGRES).stream()
                .collect(Collectors.toMap(PostgresSettings::standbyName, Configuration.Host::name));
        this.thread = Thread.ofPlatform().daemon().name("postgres-looker").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void close() throws InterruptedException {
        closed = true;
        wake();
        thread.join();
    }

    Sight sight() {
        return sight;
    }

    /** The server's processes that sent a copy of everything when it was last looked at. */
    List<Long> cloners() {
        return cloners;
    }

    Map<String, String> hostsByStandbyName() {
        return hostsByStandbyName;
    }

    void lookAt(@Nullable Subject next) {
        subject = next;
        wake();
    }

    void wake() {
        wake.release();
    }

    /** Looks now; when it returns, the sight is not older than the call. */
    synchronized void look() {
        Subject now = subject;
        if (now == null || !now.equals(connectedTo)) {
            disconnect();
        }
        if (now != null && !now.equals(rowOf)) {
            row = TermRow.NONE;
            rowOf = now;
        }
        if (now == null || now.run.ended() || !processes.contains(now.run.postmaster())) {
            sight = Sight.nothing(freeBytes());
            return;
        }
        try {
            Connection open = connection;
            if (open == null) {
                // Its own changes wait for no standby.
                open = connections.openLocal(Connections.SHORT);
                if (!now.equals(connectedTo)) {
                    upkeep.begin();
                }
                connection = open;
                connectedTo = now;
                followed = null;
            }
            NamesInForce.InForce names = now.names.inForce();
            Look look = Look.at(open, hostsByStandbyName, row);
            row = look.row();
            if (!look.primary()) {
                upkeep.standby(open);
            } else if (now.run.term() != 0) {
                upkeep.primary(open);
                compare(now.names, names, look.standbyNames());
            }
            boolean asOrdered =
                    now.names.inForce().equals(names) && look.standbyNames().equals(names.names());
            sight = sight(look, now.run, asOrdered ? names.number() : 0);
            cloners = look.primary() ? Look.cloners(open) : List.of();
            follow(now.run, open);
        } catch (SQLException noAnswer) {
            LOGGER.debug("PostgreSQL does not answer data={}: {}", files.dataDirectory(), noAnswer.getMessage());
            if (Connections.isRefusal(noAnswer)) {
                upkeep.tell("the server refuses the keeper: " + Connections.firstLine(noAnswer));
            }
            disconnect();
            sight = silent(sight);
        } catch (IOException unwritten) {
            LOGGER.warn("files of PostgreSQL could not be written data={}", files.dataDirectory(), unwritten);
            sight = silent(sight);
        }
    }

    /** Compares the names in force with those ordered. Names that differed once are not trusted again under the same order. */
    private void compare(NamesInForce ordered, NamesInForce.InForce names, String inForce) {
        if (!inForce.equals(names.names())) {
            if (ordered.distrust(names)) {
                upkeep.tell("synchronous_standby_names was '" + inForce + "' and not '" + names.names()
                        + "' as ordered; somebody changed the server's files");
            }
        } else if (!names.names().isEmpty() && !upkeep.durable()) {
            ordered.distrust(names);
        }
    }

    /** Ends whoever keeps a log-in or a write of ours waiting, through the kept connection: it is already in. */
    synchronized void endBlockers() throws SQLException {
        Connection open = connection;
        if (open != null) {
            upkeep.tell(blockers.end(open));
        }
    }

    /**
     * A durable write through the kept connection, when a fresh one was refused: who refuses lives, and what the refusal comes from is
     * put right.
     *
     * @return the LSN; 0 when it could not be made
     */
    synchronized long aliveDespite(SQLException refused) throws SQLException, IOException {
        upkeep.tell("the server refuses new sessions of the keeper: " + Connections.firstLine(refused));
        Connection open = connection;
        if (open == null) {
            return 0;
        }
        try {
            if (Connections.isWantOfRoom(refused)) {
                List<String> ended = blockers.end(open);
                upkeep.tell(ended.isEmpty() ? blockers.freeSlots(open) : ended);
            }
            upkeep.soon();
            upkeep.primary(open);
        } catch (SQLException alsoRefused) {
            if (Connections.isPassing(alsoRefused)) {
                throw alsoRefused;
            }
            upkeep.tell("the keeper cannot put it right: " + Connections.firstLine(alsoRefused));
        }
        try {
            return Look.writeAlive(open);
        } catch (SQLException alsoRefused) {
            if (Connections.isPassing(alsoRefused)) {
                throw alsoRefused;
            }
            return 0; // whoever was ended still holds what the write needs
        }
    }

    /** The row of the newest term that was seen here. */
    synchronized TermRow row() {
        return row;
    }

    private void run() {
        while (!closed) {
            try {
                look();
            } catch (RuntimeException fault) {
                LOGGER.error("PostgreSQL cannot be looked at data={}", files.dataDirectory(), fault);
                sight = silent(sight);
            }
            try {
                long pause = sight.followedTerm() == 0 ? INTERVAL_MILLIS : CALM_INTERVAL_MILLIS;
                if (wake.tryAcquire(pause, TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException never) {
                closed = true;
            }
        }
        synchronized (this) {
            disconnect();
        }
    }

    /** Not before it is known whether this copy fits: a walsender takes a follower of another fork with the same number. */
    private void follow(Run run, Connection open) throws SQLException, IOException {
        PrimaryRouted routed = run.routed();
        if (routed == null || routed.equals(followed) || sight.role() != InstanceRole.STANDBY || sight.diverged()) {
            return;
        }
        synchronized (run) {
            if (run.term() != 0) {
                return; // Promotion has written that it follows nobody.
            }
            files.following(configuration.host(routed.host()).address());
        }
        NamesInForce.reload(open);
        followed = routed;
        LOGGER.info("standby follows host={} term={} timeline={}", routed.host(), routed.term(), routed.timeline());
    }

    private Sight sight(Look look, Run run, long namesNumber) {
        PrimaryRouted routed = look.primary() ? null : run.routed();
        return new Sight(
                look.primary() ? InstanceRole.PRIMARY : InstanceRole.STANDBY,
                true,
                look.primary() ? run.term() : 0,
                look.timeline(),
                look.receivedLsn(),
                look.replayedLsn(),
                look.flushedLsn(),
                routed != null && streamsFrom(look, routed) ? routed.term() : 0,
                routed != null && diverged(look, routed),
                namesNumber,
                look.standbyNames(),
                look.standbys(),
                freeBytes(),
                upkeep.trouble(),
                upkeep.checksumFailures());
    }

    /** The same host may have been primary before, so its address alone does not say whose stream it is. */
    private boolean streamsFrom(Look look, PrimaryRouted routed) {
        return look.streamedTimeline() == routed.timeline()
                && look.streamsFrom().equals(configuration.host(routed.host()).address());
    }

    /**
     * It has more of an older timeline than the primary took over; or the timeline of that number which another primary made, when two
     * were promoted that knew nothing of each other.
     */
    static boolean diverged(Look look, PrimaryRouted routed) {
        if (look.timeline() < routed.timeline()) {
            return look.flushedLsn() > routed.forkLsn();
        }
        return look.timeline() == routed.timeline()
                && look.row().timeline() == routed.timeline()
                && look.row().term() != routed.term();
    }

    private void disconnect() {
        Connection open = connection;
        connection = null;
        connectedTo = null;
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException gone) {
                LOGGER.debug("connection was gone data={}: {}", files.dataDirectory(), gone.getMessage());
            }
        }
    }

    private long freeBytes() {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException unreadable) {
            return 0; // which says that nothing can be relied on here
        }
    }

    private Sight silent(Sight last) {
        return new Sight(
                last.role() == InstanceRole.NONE ? InstanceRole.STANDBY : last.role(), // it is only ever started as one
                false,
                last.term(),
                last.timeline(),
                last.receivedLsn(),
                last.replayedLsn(),
                last.flushedLsn(),
                0,
                last.diverged(),
                last.namesNumber(),
                last.standbyNames(),
                last.standbys(),
                freeBytes(),
                upkeep.trouble(),
                last.checksumFailures());
    }
}
