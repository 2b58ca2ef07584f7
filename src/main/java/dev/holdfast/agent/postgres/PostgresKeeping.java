package dev.holdfast.agent.postgres;

import dev.holdfast.log.RecoveryLog;
import dev.holdfast.log.RecoveryPicture;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaState;
import dev.holdfast.protocol.ReplyCode;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.RecoveryDurations;
import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The PostgreSQL of one host with its keeper: the keeper's thread, the decisions it reads, the server it looks after. */
public final class PostgresKeeping implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresKeeping.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A fast shutdown, and what is killed after it. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(4);

    private static final String FORGOTTEN =
            "there are data here, but the voters know nothing of them: their folders were lost. Nobody is promoted until"
                    + " './holdfast voters recover --accept-loss --reason TEXT'";

    private final Configuration configuration;
    private final String host;
    private final RecoveryLog log;
    private final RecoveryPicture view = new RecoveryPicture();
    private final KeeperThread thread;
    private final PostgresHost server;
    private final Instance instance;
    private final Keeper keeper;
    private final DecisionReader decisions;
    private final ClockOffset clock = new ClockOffset();
    private boolean configured;
    private boolean forgotten;
    private boolean closing;
    private volatile KeptStatus status = new KeptStatus(
            InstanceRole.NONE,
            false,
            false,
            "EMPTY",
            "",
            0,
            0,
            0,
            "waits for the recovery log to have a leader",
            0,
            "",
            "");

    /**
     * @param log of the recovery machine; the caller closes it, before this
     * @param logFile what the server prints
     * @throws IOException if PostgreSQL's programs, a folder or this host's memory cannot be used
     */
    public PostgresKeeping(
            Configuration configuration, String host, Path home, Secrets secrets, RecoveryLog log, Path logFile)
            throws IOException, InterruptedException {
        this.configuration = configuration;
        this.host = host;
        this.log = log;
        this.thread = new KeeperThread(host);
        this.server = new PostgresHost(configuration, host, home, secrets, thread, logFile);
        this.instance = server.instance();
        this.keeper = new Keeper(new Place(
                host,
                RANDOM.nextLong(1, Long.MAX_VALUE),
                thread,
                instance,
                server.fencer(),
                server.memory(),
                new LogOutbox(log, thread),
                view,
                new KeeperRules(),
                clock::millis,
                line -> LOGGER.info("postgres of host {} {}", host, line)));
        this.decisions = new DecisionReader(host, log, this::heard, clock);
    }

    public void start() {
        server.start();
        thread.execute(() -> {
            keeper.start();
            tick();
        });
        decisions.start();
    }

    /** What was last known; never waits. */
    public KeptStatus status() {
        return status;
    }

    /**
     * Has a standby restarted in order, with what programs and settings there are now.
     *
     * @return why not, empty when it is under way
     */
    public String restart() throws InterruptedException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        thread.execute(
                () -> answer.complete(closing ? "its agent stops" : keeper.restart("a person wants it restarted")));
        try {
            return answer.get(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException busy) {
            return "its keeper does not answer: " + busy;
        }
    }

    private void heard(List<RecoveryEvent> batch) {
        thread.execute(() -> {
            for (RecoveryEvent event : batch) {
                keeper.heard(event);
                boolean known = event instanceof RecoveryEvent.CheckpointEnded;
                if (known || event instanceof RecoveryEvent.LeaseGranted) {
                    configure();
                }
            }
            step();
        });
    }

    /** Once in each start, when the present is known: what the file says is in force, or becomes so. */
    private void configure() {
        RecoveryCommand.Configure wanted = wanted();
        if (configured || view.settings().filter(known -> isSame(known, wanted)).isPresent()) {
            return;
        }
        forgotten = view.settings().isEmpty() && view.lease().term() == 0 && usedTerm() > 0;
        if (view.settings().isEmpty() && !mayBegin()) {
            return;
        }
        configured = true;
        var _ = log.submit(wanted).thenAccept(reply -> {
            if (reply.code() != ReplyCode.OK) {
                LOGGER.error("the recovery machine refuses holdfast.yaml: {}", reply.text());
            }
        });
    }

    /**
     * A region begins by the word of the host that is to have its first primary, and only if that one has no past. A region that was
     * begun anew by a person goes on by anybody's.
     */
    private boolean mayBegin() {
        boolean first = configuration.hostsWith(Role.POSTGRES).getFirst().name().equals(host);
        return view.lease().term() > 0 || (first && usedTerm() == 0);
    }

    /** Data of unknown origin count as a past too. */
    private long usedTerm() {
        long known = Math.max(server.memory().usedTerm(), server.memory().clonedNumber());
        return known == 0 && instance.hasData() ? 1 : known;
    }

    private RecoveryCommand.Configure wanted() {
        List<Configuration.Host> hosts = configuration.hostsWith(Role.POSTGRES);
        RecoveryDurations waits = configuration.recovery();
        return new RecoveryCommand.Configure(
                hosts.stream().map(Configuration.Host::name).collect(Collectors.joining(",")),
                hosts.getFirst().name(),
                waits.leaseMillis(),
                waits.renewalMillis(),
                waits.marginMillis(),
                waits.patienceMillis(),
                waits.promotionMillis(),
                waits.standbyMillis(),
                waits.namesMillis(),
                waits.rebuildMillis(),
                waits.stopMillis(),
                "agent of host " + host,
                "holdfast.yaml names these hosts and durations");
    }

    private static boolean isSame(RecoveryEvent.RecoveryConfigured known, RecoveryCommand.Configure wanted) {
        return new RecoveryCommand.Configure(
                        known.hosts(),
                        known.firstPrimary(),
                        known.leaseMillis(),
                        known.renewMillis(),
                        known.marginMillis(),
                        known.patienceMillis(),
                        known.promotionMillis(),
                        known.standbyMillis(),
                        known.namesMillis(),
                        known.rebuildMillis(),
                        known.stopMillis(),
                        wanted.user(),
                        wanted.reason())
                .equals(wanted);
    }

    private void tick() {
        thread.after(Keeper.TICK_NANOS, this::tick);
        step();
    }

    private void step() {
        if (!closing) {
            keeper.step();
            status = look();
        }
    }

    private KeptStatus look() {
        Instance.Sight sight = instance.sight();
        boolean runs = instance.postmasterAlive();
        Primacy primacy = keeper.primacy();
        boolean serves = primacy != null && primacy.serves();
        long leaseMillis = primacy == null || primacy.isOver()
                ? 0
                : Math.max(0, (primacy.deadlineNanos() - thread.now()) / 1_000_000);
        boolean follows = runs
                && sight.role() == InstanceRole.STANDBY
                && sight.followedTerm() != 0
                && sight.followedTerm() == view.routed().term();
        return new KeptStatus(
                runs ? sight.role() : InstanceRole.NONE,
                serves,
                follows,
                view.phase().phase().name(),
                view.lease().host(),
                view.lease().term(),
                leaseMillis,
                server.postmasterPid(),
                runs ? detail(sight, serves, leaseMillis) : without(),
                usedTerm(),
                keeper.failure(),
                keeper.cloneFailure());
    }

    private String without() {
        RecoveryEvent.ReplicaChanged copy = view.replicas().get(host);
        if (copy != null && copy.state() == ReplicaState.REBUILDING) {
            return "copies the data of " + copy.source() + ", clone " + copy.cloneNumber()
                    + (view.clonesHeld() ? ", held back because the primary's writes are slow" : "") + ": "
                    + copy.reason();
        }
        return "does not run: " + (forgotten ? FORGOTTEN : view.phase().reason());
    }

    private String detail(Instance.Sight sight, boolean serves, long leaseMillis) {
        String damage = sight.checksumFailures() == 0
                ? ""
                : "; DAMAGED: " + sight.checksumFailures() + " checksum failures, see its log";
        return state(sight, serves, leaseMillis)
                + damage
                + (sight.trouble().isEmpty() ? "" : "; ATTENTION: " + sight.trouble());
    }

    private String state(Instance.Sight sight, boolean serves, long leaseMillis) {
        if (sight.role() == InstanceRole.PRIMARY) {
            String waits = sight.standbyNames().isEmpty() ? "waits for nobody" : "waits for " + sight.standbyNames();
            return "primary of term " + sight.term() + (serves ? ", lease " + leaseMillis + " ms, " : ", lease over, ")
                    + waits + ", streams to "
                    + sight.standbys().stream().map(Instance.Standby::host).toList();
        }
        if (sight.followedTerm() != 0) {
            boolean eligible =
                    view.eligible().eligible() && view.eligible().standby().equals(host);
            return "standby, streams from term " + sight.followedTerm() + " ("
                    + view.routed().host() + ")" + (eligible ? ", eligible" : "");
        }
        return "standby, not streaming" + (sight.diverged() ? ", holds WAL that the primary does not have" : "");
    }

    /** Stops the server in order. The lease is not given up: whoever stops everything wants no fail-over. */
    @Override
    public void close() {
        decisions.close();
        CountDownLatch ended = new CountDownLatch(1);
        thread.execute(() -> {
            closing = true;
            if (instance.postmasterAlive()) {
                instance.stop(() -> instance.kill(ended::countDown));
            } else {
                instance.kill(ended::countDown);
            }
        });
        await(ended);
        try {
            server.close();
        } catch (IOException failure) {
            LOGGER.warn("postgres of host {} was not closed in order: {}", host, failure.getMessage());
        }
        thread.close();
    }

    private void await(CountDownLatch ended) {
        try {
            if (!ended.await(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.warn(
                        "postgres of host {} did not end within {} ms; its fencer ends it",
                        host,
                        CLOSE_LIMIT.toMillis());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
