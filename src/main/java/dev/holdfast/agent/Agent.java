package dev.holdfast.agent;

import dev.holdfast.agent.postgres.PostgresKeeping;
import dev.holdfast.agent.process.GatewayProcess;
import dev.holdfast.agent.process.JavaProcess;
import dev.holdfast.agent.process.TraderProcess;
import dev.holdfast.agent.redis.RedisSentinel;
import dev.holdfast.agent.redis.RedisServer;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.FolderLock;
import dev.holdfast.runtime.Health;
import dev.holdfast.runtime.Heartbeat;
import dev.holdfast.runtime.JavaCommand;
import dev.holdfast.runtime.JavaCommand.Kind;
import dev.holdfast.runtime.Loop;
import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after one host: starts the processes of its roles, restarts what ends, stops all in order. There is exactly one for each
 * host of a home. When it is killed, our own processes go on and the next agent takes them over.
 */
public final class Agent implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    /** What trading needs comes first; the rest catches up from the event stream. The end is the other way round. */
    private static final List<Role> START_ORDER =
            List.of(Role.TRADER, Role.GATEWAY, Role.POSTGRES, Role.REDIS, Role.SENTINEL, Role.DASHBOARD);

    /** Edges end before what they write to. */
    private static final List<List<String>> STOP_STAGES =
            List.of(List.of("dashboard", "gateway"), List.of("voter", "trader", "postgres", "redis", "sentinel"));

    private static final Duration BEAT = Duration.ofSeconds(1);

    private final HostLayout layout;
    private final FolderLock lock;
    private final List<Attended> attended = new ArrayList<>();
    private final AgentServer server;
    private final CountDownLatch stopAsked = new CountDownLatch(1);

    /**
     * @param voter this host's member of the recovery log, if it has one
     * @param recovery the recovery log; the caller closes it, before this
     * @throws FolderLock.Taken if this host of this home has a living agent
     * @throws IOException if its folder, or PostgreSQL's programs, cannot be used
     */
    public Agent(
            Path home,
            String hostName,
            Configuration configuration,
            Optional<AttendedVoter> voter,
            RecoveryLog recovery)
            throws IOException, InterruptedException {
        Configuration.Host host = configuration.host(hostName);
        Secrets secrets = new Secrets(home);
        this.layout = new HostLayout(home, hostName);
        this.lock = FolderLock.take(layout.folder("agent"));
        voter.ifPresent(attended::add);
        for (Role role : START_ORDER) {
            if (host.roles().contains(role)) {
                attended.add(attend(role, configuration, secrets, recovery));
            }
        }
        this.server = new AgentServer(host, secrets.read("agent"), attended, stopAsked::countDown);
        voter.ifPresent(member -> server.answering("/voter", member::health));
        for (Attended each : attended) {
            if (each instanceof DatabaseAttendant database) {
                server.answering("/primary", database::primary).answering("/replica", database::replica);
            }
        }
    }

    public void start() {
        server.start();
        attended.forEach(Attended::start);
        LOG.info(
                "agent started host={} processes={}",
                layout.host(),
                attended.stream().map(Attended::name).toList());
    }

    /**
     * Returns when someone asked through the HTTP interface to stop. Until then the agent's supervisor is told that it lives.
     *
     * @param eachSecond done beside that; bounded
     */
    public void awaitStop(Runnable eachSecond) throws InterruptedException {
        List<Loop> loops = attended.stream()
                .flatMap(each -> each instanceof Child child ? Stream.of(child.loop()) : Stream.empty())
                .toList();
        try (Heartbeat heartbeat = new Heartbeat(layout.folder("agent"))) {
            do {
                Health alive = Loop.health(loops);
                if (alive.healthy()) {
                    heartbeat.beat();
                } else {
                    LOG.error("this agent does not do its work: {}", alive.reason());
                }
                eachSecond.run();
            } while (!stopAsked.await(BEAT.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    /** Stops every process of the host, then the agent's own interface. Bounded by the graces of the processes. */
    @Override
    public void close() {
        for (List<String> stage : STOP_STAGES) {
            List<Thread> closing = attended.stream()
                    .filter(each -> stage.contains(each.name()))
                    .map(each -> Thread.ofVirtual().start(each::close))
                    .toList();
            closing.forEach(Agent::join);
        }
        server.close();
        lock.close();
        LOG.info("agent stopped host={}", layout.host());
    }

    private Attended attend(Role role, Configuration configuration, Secrets secrets, RecoveryLog recovery)
            throws IOException, InterruptedException {
        String name = role.name().toLowerCase(Locale.ROOT);
        Path home = layout.home();
        Path log = layout.logFile(name);
        if (role == Role.POSTGRES) {
            return new DatabaseAttendant(
                    new PostgresKeeping(configuration, layout.host(), home, secrets, recovery, log), log);
        }
        Caretaker caretaker = switch (role) {
            case TRADER -> trader(configuration);
            case GATEWAY -> gateway(configuration, secrets);
            case DASHBOARD ->
                java(Kind.DASHBOARD, address(configuration.host(layout.host()), Configuration.DASHBOARD_PORT));
            case REDIS -> new ServerCaretaker(() -> new RedisServer(configuration, layout.host(), home, secrets), log);
            case SENTINEL ->
                new ServerCaretaker(() -> new RedisSentinel(configuration, layout.host(), home, secrets), log);
            case VOTER, POSTGRES -> throw new IllegalStateException(role + " is no process of its own");
        };
        return new Child(name, caretaker, log);
    }

    private JavaProcess java(Kind kind, URI address) {
        JavaCommand command = new JavaCommand(kind, arguments());
        return new JavaProcess(layout.folder(kind.word()), layout.logFile(kind.word()), () -> command, address);
    }

    private Caretaker trader(Configuration configuration) {
        Configuration.Host own = configuration.host(layout.host());
        return new TraderProcess(
                java(Kind.TRADER, address(own, Configuration.TRADER_HEALTH_PORT)),
                configuration.hostsWith(Role.TRADER).indexOf(own),
                others(configuration, Role.TRADER, Configuration.TRADER_HEALTH_PORT));
    }

    private Caretaker gateway(Configuration configuration, Secrets secrets) {
        String name = Kind.GATEWAY.word();
        return new GatewayProcess(
                layout.folder(name),
                layout.logFile(name),
                arguments(),
                address(configuration.host(layout.host()), Configuration.GATEWAY_HEALTH_PORT),
                others(configuration, Role.GATEWAY, Configuration.GATEWAY_HEALTH_PORT),
                secrets.read("agent"));
    }

    private List<URI> others(Configuration configuration, Role role, int port) {
        return configuration.hostsWith(role).stream()
                .filter(host -> !host.name().equals(layout.host()))
                .map(host -> address(host, port))
                .toList();
    }

    private static URI address(Configuration.Host host, int port) {
        return URI.create("http://" + host.address() + ":" + port);
    }

    private List<String> arguments() {
        return List.of("--host", layout.host(), "--home", layout.home().toString());
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
