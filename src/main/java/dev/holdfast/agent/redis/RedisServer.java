package dev.holdfast.agent.redis;

import dev.holdfast.agent.LeftBehind;
import dev.holdfast.agent.Server;
import dev.holdfast.agent.ServerFolder;
import dev.holdfast.agent.UnprivilegedUser;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One host's Redis. Its configuration is written once: from then on Sentinel rewrites it at each fail-over, and only who
 * may log in and whom it follows is written anew before a start.
 */
public final class RedisServer implements Server {

    private static final Logger LOGGER = LoggerFactory.getLogger(RedisServer.class);
    private static final Duration LEFT_BEHIND_LIMIT = Duration.ofSeconds(5);
    private static final int ANSWER_MILLIS = 1_000;

    private final Configuration.Host host;
    private final Secrets secrets;
    private final Path program;
    private final ServerFolder folder;
    private final RedisMaster master;
    private final RedisConnection connection;

    /** Finds the program and makes the folder; starts nothing. */
    public RedisServer(Configuration configuration, String hostName, Path home, Secrets secrets)
            throws IOException, InterruptedException {
        this.host = configuration.host(hostName);
        this.secrets = secrets;
        this.program = RedisBinary.find();
        this.folder = ServerFolder.open(home, hostName, name(), UnprivilegedUser.forRoot("redis", "nobody"));
        this.master = new RedisMaster(configuration, secrets);
        this.connection = new RedisConnection(secrets, ANSWER_MILLIS);
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
        new LeftBehind(dataDirectory(), name()).end("TERM", LEFT_BEHIND_LIMIT);
        folder.make(dataDirectory());
        Optional<String> now = master.now();
        List<String> settings;
        if (!Files.exists(settingsFile())) {
            settings = following(settings(), now.orElse(master.initial()));
        } else {
            List<String> kept = Files.readAllLines(settingsFile());
            // A master that died and returns must not take writes until a Sentinel notices it.
            settings = now.isPresent() ? following(kept, now.get()) : kept;
        }
        folder.write(settingsFile(), RedisRules.ofServer(settings, secrets));
    }

    @Override
    public List<String> command() {
        return folder.asUser(List.of(program.toString(), settingsFile().toString()));
    }

    @Override
    public Path workingDirectory() {
        return dataDirectory();
    }

    @Override
    public Path dataDirectory() {
        return folder.resolve("data");
    }

    @Override
    public void ping() throws IOException {
        connection.ping(host.address(), Configuration.REDIS_PORT);
    }

    @Override
    public Probe probe() {
        try {
            String replication =
                    connection.ask(host.address(), Configuration.REDIS_PORT, redis -> redis.info("replication"));
            boolean primary = replication.contains("role:master");
            String detail = replication
                    .lines()
                    .filter(line -> line.startsWith("role:")
                            || line.startsWith("master_link_status:")
                            || line.startsWith("connected_slaves:"))
                    .map(line -> line.replace("slave", "replica"))
                    .reduce((a, b) -> a + ", " + b)
                    .orElse("no role given");
            return new Probe(true, primary, detail);
        } catch (JedisException noAnswer) {
            return new Probe(false, false, String.valueOf(noAnswer.getMessage()));
        }
    }

    /** SIGTERM: Redis writes its append-only file out and leaves. */
    @Override
    public void stop(Process process, Duration limit) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            LOGGER.warn("Redis took longer than {} ms to stop and was killed host={}", limit.toMillis(), host.name());
            process.destroyForcibly();
        }
    }

    private Path settingsFile() {
        return folder.resolve("redis.conf");
    }

    private List<String> following(List<String> settings, String masterAddress) {
        List<String> changed = new ArrayList<>(
                settings.stream().filter(line -> !line.startsWith("replicaof ")).toList());
        if (!masterAddress.equals(host.address())) {
            changed.add("replicaof " + masterAddress + " " + Configuration.REDIS_PORT);
        }
        return changed;
    }

    private List<String> settings() {
        return """
                # Written by holdfast once; Sentinel rewrites it at each fail-over.
                bind %1$s
                port %2$d
                protected-mode yes
                daemonize no
                dir "%3$s"
                logfile ""
                databases 1
                tcp-keepalive 5
                timeout 0
                maxmemory 64mb
                # Ticks are written again by the next one; a session that does not fit must be refused, not evict another.
                maxmemory-policy noeviction
                save ""
                appendonly yes
                appendfsync everysec
                auto-aof-rewrite-min-size 16mb
                replica-announce-ip %1$s
                repl-timeout 5
                repl-ping-replica-period 1
                repl-diskless-sync yes
                repl-diskless-sync-delay 0
                repl-backlog-size 4mb
                min-replicas-to-write 0
                """.formatted(host.address(), Configuration.REDIS_PORT, dataDirectory())
                .lines()
                .toList();
    }
}
