package dev.holdfast.agent.postgres;

import dev.holdfast.agent.LeftBehind;
import dev.holdfast.protocol.RecoveryEvent.PrimaryRouted;
import dev.holdfast.runtime.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The real server. Its methods are the keeper's and run on its thread; each gives what waits to a thread of its own, because a frozen
 * server may hold one up while another must kill. Whatever belongs to a server that was killed tells nothing more.
 */
final class PostgresInstance implements Instance {

    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresInstance.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final long LOOK_AGAIN_MILLIS = 10;
    private static final long ABANDON_MILLIS = 10_000;

    private final Configuration configuration;
    private final Configuration.Host host;
    private final ServerFiles files;
    private final DataDirectory directory;
    private final DataProcesses processes;
    private final Connections connections;
    private final NewestFencer fencer;
    private final StandbyStart start;
    private final Clone clone;
    private final Copying copying;
    private final Evidence evidence;
    private final Looker looker;
    private final Executor keeper;

    /** What is killed for one run is not what was started for the next. */
    private final Object lifeAndDeath = new Object();

    // Changed on the keeper's thread only.
    private volatile Looker.@Nullable Subject current;
    private volatile @Nullable Thread cloning;
    private volatile @Nullable Thread abandoned;
    private volatile @Nullable Thread initialising;

    PostgresInstance(
            Configuration configuration,
            Configuration.Host host,
            ServerFiles files,
            DataDirectory directory,
            DataProcesses processes,
            Connections connections,
            NewestFencer fencer,
            StandbyStart start,
            Clone clone,
            Copying copying,
            Evidence evidence,
            Looker looker,
            Executor keeper) {
        this.configuration = configuration;
        this.host = host;
        this.files = files;
        this.directory = directory;
        this.processes = processes;
        this.connections = connections;
        this.fencer = fencer;
        this.start = start;
        this.clone = clone;
        this.copying = copying;
        this.evidence = evidence;
        this.looker = looker;
        this.keeper = keeper;
    }

    @Override
    public Sight sight() {
        return looker.sight();
    }

    @Override
    public boolean clean() {
        return processes.find().isEmpty();
    }

    @Override
    public boolean hasData() {
        Thread clone = abandoned;
        boolean changing = clone != null && clone.isAlive(); // its last step may be under way
        return !changing && Files.exists(files.dataDirectory().resolve("PG_VERSION"));
    }

    @Override
    public boolean postmasterAlive() {
        if (current == null) {
            return false;
        }
        long postmaster = current.run().postmaster();
        return postmaster == 0 || processes.contains(postmaster); // 0: it is being started
    }

    /** 0 when it does not run. */
    long postmasterPid() {
        Looker.Subject subject = current;
        return subject != null && postmasterAlive() ? subject.run().postmaster() : 0;
    }

    @Override
    public void initialise(Consumer<Outcome> done) {
        initialising = outcome("initialise", done, () -> {
            files.writeConfiguration();
            directory.initialise(); // promotion makes the slots
            return Outcome.DONE;
        });
    }

    @Override
    public void startStandby(Consumer<Outcome> done) {
        Run run = new Run();
        Looker.Subject subject = new Looker.Subject(run, new NamesInForce(run, files, connections));
        current = subject;
        outcome("start", done, () -> {
            long startedNanos = System.nanoTime();
            looker.lookAt(subject);
            synchronized (lifeAndDeath) {
                start.begin(run);
            }
            Outcome outcome = start.await(run);
            looker.look();
            LOGGER.info(
                    "started as standby host={} pid={} millis={} failure='{}'",
                    host.name(),
                    run.postmaster(),
                    (System.nanoTime() - startedNanos) / 1_000_000,
                    outcome.failure());
            return outcome;
        });
    }

    @Override
    public void follow(PrimaryRouted primary) {
        if (current != null
                && !primary.host().equals(host.name())
                && current.run().follow(primary)) {
            looker.wake();
        }
    }

    @Override
    public void promote(long term, String standbyNames, long namesNumber, Consumer<Promoted> done) {
        Looker.Subject subject = requireStarted("promoted");
        subject.run().promote(term);
        subject.names().order(namesNumber);
        List<String> slots = configuration.hostsWith(Configuration.Role.POSTGRES).stream()
                .filter(other -> !other.name().equals(host.name()))
                .map(PostgresSettings::standbyName)
                .toList();
        Promotion promotion =
                new Promotion(subject.run(), subject.names(), files, connections, looker, host.name(), slots);
        work("promotion", () -> {
            Promoted promoted;
            try {
                promoted = promotion.run(term, standbyNames, namesNumber);
            } catch (SQLException failure) {
                subject.run().requireOpen();
                LOGGER.error("promotion failed host={} term={}: {}", host.name(), term, Connections.firstLine(failure));
                return;
            }
            looker.look();
            subject.run().requireOpen();
            keeper.execute(() -> done.accept(promoted));
        });
    }

    @Override
    public void write(long term, LongConsumer done) {
        Run run = requireStarted("written to").run();
        work("write", () -> {
            try (Connection connection = connections.openLocal(Connections.SHORT)) {
                tell(run, done, Look.writeAlive(connection));
            } catch (SQLException refused) {
                if (!Connections.isRefusal(refused)) {
                    throw refused;
                }
                long writtenLsn = looker.aliveDespite(refused);
                tell(run, done, writtenLsn == 0 ? writtenBeside() : writtenLsn);
            }
        });
    }

    /**
     * Nobody is let in, which is no death: the server answers. That its disk takes writes is proved beside it.
     *
     * @return the last LSN that was seen
     */
    private long writtenBeside() throws IOException {
        files.proveDisk();
        return Math.max(1, sight().flushedLsn());
    }

    @Override
    public void setNames(String standbyNames, long namesNumber) {
        Looker.Subject subject = requireStarted("given names");
        if (subject.names().order(namesNumber)) {
            work("names", () -> {
                subject.names().keepApplying(standbyNames, namesNumber);
                looker.wake();
            });
        }
    }

    @Override
    public void endBlockers() {
        work("end blockers", looker::endBlockers);
    }

    @Override
    public void putRight() {
        NamesInForce names = requireStarted("put right").names();
        work("put right", () -> {
            names.putRight();
            looker.wake();
        });
    }

    @Override
    public void standbys(Consumer<List<Standby>> done) {
        Run run = requireStarted("asked").run();
        work("standbys", () -> {
            try (Connection connection = connections.open(Connections.SHORT)) {
                List<Standby> found = Look.standbys(connection, looker.hostsByStandbyName());
                run.requireOpen();
                keeper.execute(() -> done.accept(found));
            }
        });
    }

    @Override
    public void marker(LongConsumer done) {
        Run run = requireStarted("marked").run();
        work("marker", () -> {
            try (Connection connection = connections.openUnbounded();
                    Statement statement = connection.createStatement()) {
                run.dropKept();
                run.keep(connection);
                // A commit like any other, and no row that the health write could have to wait for.
                statement.execute("SELECT pg_logical_emit_message(true, 'holdfast', 'marker')");
                long committedLsn = Look.flushedLsn(connection);
                run.release(connection);
                tell(run, done, committedLsn);
            } catch (SQLException failure) {
                run.requireOpen(); // else its connection was closed with it, as it should
                throw failure;
            }
        });
    }

    @Override
    public void stop(Runnable done) {
        Looker.Subject subject = requireStarted("stopped");
        long postmaster = subject.run().postmaster();
        work("stop", () -> {
            if (processes.contains(postmaster)) {
                LeftBehind.signal(postmaster, "INT");
            }
            long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
            while (processes.contains(postmaster) && !subject.run().ended() && System.nanoTime() - deadline < 0) {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            }
            killAll(subject);
            keeper.execute(() -> {
                if (isCurrent(subject)) {
                    fencer.forget();
                }
                done.run();
            });
        });
    }

    @Override
    public void kill(Runnable done) {
        fencer.forget();
        killWithoutKeeper(() -> keeper.execute(done));
    }

    /** For the end of the agent, when the keeper's thread may be gone. */
    void killWithoutKeeper(Runnable done) {
        Looker.Subject subject = current;
        Thread making = initialising;
        if (making != null) {
            making.interrupt(); // what it has made so far is made anew
        }
        work("kill", () -> {
            if (making != null) {
                making.join(ABANDON_MILLIS);
            }
            killAll(subject);
            done.run();
        });
    }

    @Override
    public void cloneFrom(String source, long cloneNumber, boolean oldMayGo, Consumer<Outcome> done) {
        Thread before = cloning;
        abandonClone();
        String address = configuration.host(source).address();
        cloning = outcome("clone", done, () -> {
            if (before != null) {
                before.join(ABANDON_MILLIS);
            }
            return clone.run(source, address, cloneNumber, oldMayGo);
        });
    }

    @Override
    public void abandonClone() {
        if (cloning != null) {
            cloning.interrupt();
            abandoned = cloning;
            cloning = null;
        }
    }

    @Override
    public void paceClone(int percent) {
        copying.pace(percent);
    }

    @Override
    public void endClones() {
        List<Long> cloners = looker.cloners();
        if (cloners.isEmpty()) {
            return;
        }
        work("end of clones", () -> {
            for (long cloner : cloners) {
                if (processes.contains(cloner)) {
                    LOGGER.warn(
                            "ends a clone that is made from here host={} pid={}: its own writes take too long",
                            host.name(),
                            cloner);
                    LeftBehind.signal(cloner, "TERM");
                }
            }
        });
    }

    @Override
    public void forgetEvidence() {
        work("evidence", evidence::forget);
    }

    /** Whether no other server was started since. */
    private boolean isCurrent(Looker.Subject subject) {
        Looker.Subject newest = current;
        return newest != null && newest.run() == subject.run();
    }

    private void killAll(Looker.@Nullable Subject subject) throws SQLException, IOException, InterruptedException {
        if (subject != null) {
            subject.run().end();
        }
        synchronized (lifeAndDeath) {
            if (subject == null
                    ? current == null
                    : isCurrent(subject)) { // else that one's end was told already, and the next server may be here
                processes.kill();
            }
        }
        looker.look();
    }

    private Looker.Subject requireStarted(String what) {
        if (current == null) {
            throw new IllegalStateException("PostgreSQL of host " + host.name() + " cannot be " + what
                    + ": it was not started by this agent; start it as a standby first");
        }
        return current;
    }

    private void tell(Run run, LongConsumer done, long lsn) throws Run.Ended {
        run.requireOpen();
        keeper.execute(() -> done.accept(lsn));
    }

    private interface Work {
        void run() throws SQLException, IOException, InterruptedException, Run.Ended;
    }

    private interface Attempt {
        Outcome run() throws SQLException, IOException, InterruptedException, Run.Ended;
    }

    /** Tells also what failed; only an end that was asked for is not told. */
    private Thread outcome(String what, Consumer<Outcome> done, Attempt attempt) {
        return work(what, () -> {
            Outcome outcome;
            try {
                outcome = attempt.run();
            } catch (SQLException failure) {
                outcome = new Outcome(Connections.firstLine(failure));
            } catch (IOException | RuntimeException failure) {
                outcome = new Outcome(String.valueOf(failure.getMessage()));
            }
            Outcome told = outcome;
            keeper.execute(() -> done.accept(told));
        });
    }

    private Thread work(String what, Work work) {
        return Thread.ofPlatform().daemon().name("postgres-" + what).start(() -> {
            try {
                work.run();
            } catch (Run.Ended | InterruptedException _) {
                LOGGER.info(
                        "{} was given up host={}: its server was killed, or a new order replaced it",
                        what,
                        host.name());
            } catch (SQLException failure) {
                LOGGER.warn("{} failed host={}: {}", what, host.name(), Connections.firstLine(failure));
            } catch (IOException | RuntimeException failure) {
                LOGGER.error("{} failed host={}", what, host.name(), failure);
            }
        });
    }
}
