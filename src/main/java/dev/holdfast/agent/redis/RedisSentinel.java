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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One host's Sentinel. It keeps its state in its configuration file, so we write that file once and later change only who may
 * log in.
 */
public final class RedisSentinel implements Server {

    /** Sentinel's own floor for a fail-over is this plus about 1.2 s. */
    static final int DOWN_AFTER_MILLIS = 1_000;

    static final int FAILOVER_TIMEOUT_MILLIS = 5_000;

    private static final Duration LEFT_BEHIND_LIMIT = Duration.ofSeconds(3);
    private static final int ANSWER_MILLIS = 1_000;

    private final Configuration.Host host;
    private final int quorum;
    private final Secrets secrets;
    private final Path program;
    private final ServerFolder folder;
    private final RedisMaster master;
    private final RedisConnection connection;

    /** Finds the program and makes the folder; starts nothing. */
    public RedisSentinel(Configuration configuration, String hostName, Path home, Secrets secrets)
            throws IOException, InterruptedException {
        this.host = configuration.host(hostName);
        this.quorum = configuration.hostsWith(Configuration.Role.SENTINEL).size() / 2 + 1;
        this.secrets = secrets;
        this.program = RedisBinary.find();
        this.folder = ServerFolder.open(home, hostName, name(), UnprivilegedUser.forRoot("redis", "nobody"));
        this.master = new RedisMaster(configuration, secrets);
        this.connection = new RedisConnection(secrets, ANSWER_MILLIS);
    }

    @Override
    public String name() {
        return "sentinel";
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
        new LeftBehind(dataDirectory(), "redis").end("TERM", LEFT_BEHIND_LIMIT);
        List<String> settings = Files.exists(settingsFile())
                ? Files.readAllLines(settingsFile())
                : settings(master.now().orElse(master.initial()));
        folder.write(settingsFile(), RedisRules.ofSentinel(settings, secrets));
    }

    @Override
    public List<String> command() {
        return folder.asUser(List.of(program.toString(), settingsFile().toString(), "--sentinel"));
    }

    @Override
    public Path workingDirectory() {
        return dataDirectory();
    }

    @Override
    public Path dataDirectory() {
        return folder.path();
    }

    @Override
    public void ping() throws IOException {
        connection.ping(host.address(), Configuration.SENTINEL_PORT);
    }

    @Override
    public Probe probe() {
        try {
            Map<String, String> seen = connection.ask(
                    host.address(),
                    Configuration.SENTINEL_PORT,
                    sentinel -> sentinel.sentinelMaster(Configuration.REDIS_MASTER));
            return new Probe(
                    true,
                    false,
                    "master " + seen.get("ip") + " (" + seen.get("flags") + "), " + seen.get("num-slaves")
                            + " replicas, " + seen.get("num-other-sentinels") + " other Sentinels");
        } catch (JedisException noAnswer) {
            return new Probe(false, false, String.valueOf(noAnswer.getMessage()));
        }
    }

    @Override
    public void stop(Process process, Duration limit) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
        }
    }

    private Path settingsFile() {
        return folder.resolve("sentinel.conf");
    }

    private List<String> settings(String masterAddress) {
        return """
                # Written by holdfast once; Sentinel keeps its state here.
                bind %1$s
                port %2$d
                protected-mode yes
                daemonize no
                dir "%3$s"
                logfile ""
                sentinel announce-ip %1$s
                sentinel monitor %4$s %5$s %6$d %7$d
                sentinel down-after-milliseconds %4$s %8$d
                sentinel failover-timeout %4$s %9$d
                sentinel parallel-syncs %4$s 2
                """.formatted(
                host.address(),
                Configuration.SENTINEL_PORT,
                dataDirectory(),
                Configuration.REDIS_MASTER,
                masterAddress,
                Configuration.REDIS_PORT,
                quorum,
                DOWN_AFTER_MILLIS,
                FAILOVER_TIMEOUT_MILLIS).lines().toList();
    }
}
