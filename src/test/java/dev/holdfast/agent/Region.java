package dev.holdfast.agent;

import dev.holdfast.agent.postgres.PostgresServer;
import dev.holdfast.agent.redis.RedisSentinel;
import dev.holdfast.agent.redis.RedisServer;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.RedisUser;
import dev.holdfast.runtime.Secrets;
import dev.holdfast.types.BrokerProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** Real servers of three hosts on loopback addresses, in a home of their own. */
public final class Region implements AutoCloseable {

    private static final Duration READY_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(90);

    /** What is left at the end of a test may end by force. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final Path home;
    private final Secrets secrets;
    private final Configuration configuration;
    private final Map<String, Server> servers = new LinkedHashMap<>();
    private final Map<String, Process> processes = new LinkedHashMap<>();

    public Region() throws IOException {
        // A server's own user must be able to enter the home.
        this.home = Files.createTempDirectory("holdfast-it");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        this.secrets = new Secrets(home);
        for (String secret :
                List.of("postgres-superuser", "postgres-replication", "postgres-recorder", "postgres-reader")) {
            secrets.readOrCreate(secret);
        }
        RedisUser.secrets().forEach(secrets::readOrCreate);
        this.configuration = configurationOfThree();
    }

    /** The same for each region. */
    public static Configuration configurationOfThree() {
        List<Role> roles = List.of(Role.POSTGRES, Role.REDIS, Role.SENTINEL);
        return new Configuration(
                "mumbai",
                List.of(
                        new Configuration.Host("a", "127.0.34.1", roles),
                        new Configuration.Host("b", "127.0.34.2", roles),
                        new Configuration.Host("c", "127.0.34.3", roles)),
                new Configuration.Broker(true, "", BrokerProfile.DRILL, null, null, "", "", ""),
                new Configuration.Risk(1, 1, 1, 1, 1, 1, 1),
                List.of(),
                List.of("NSE:INFY"));
    }

    public Path home() {
        return home;
    }

    public Secrets secrets() {
        return secrets;
    }

    public Configuration configuration() {
        return configuration;
    }

    /** Prepares, starts and awaits one server. */
    public void start(String kind, String host) throws IOException, InterruptedException {
        String key = kind + "-" + host;
        Server server = servers.get(key);
        if (server == null) {
            server = switch (kind) {
                case "postgres" -> new PostgresServer(configuration, host, home, secrets);
                case "redis" -> new RedisServer(configuration, host, home, secrets);
                case "sentinel" -> new RedisSentinel(configuration, host, home, secrets);
                default -> throw new IllegalArgumentException(kind);
            };
            servers.put(key, server);
        }
        server.prepare();
        processes.put(
                key,
                new ProcessBuilder(server.command())
                        .directory(server.workingDirectory().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                home.resolve(key + ".log").toFile()))
                        .start());
        Server started = server;
        await(key + " serves", READY_LIMIT, () -> started.probe().serving());
    }

    public Server server(String kind, String host) {
        return Objects.requireNonNull(servers.get(kind + "-" + host));
    }

    public Process process(String kind, String host) {
        return Objects.requireNonNull(processes.get(kind + "-" + host));
    }

    public void stop(String kind, String host) throws InterruptedException {
        Process process = process(kind, host);
        processes.remove(kind + "-" + host);
        server(kind, host).stop(process, STOP_LIMIT);
    }

    /** Kills a server as the machine's power loss would: every process of it, at once. */
    public void kill(String kind, String host) throws InterruptedException {
        Process process = process(kind, host);
        processes.remove(kind + "-" + host);
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }

    public String log(String kind, String host) throws IOException {
        return Files.readString(home.resolve(kind + "-" + host + ".log"));
    }

    /** Waits for a condition, or fails with its name. */
    public static void await(String what, Duration limit, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            for (Map.Entry<String, Process> running :
                    List.copyOf(processes.entrySet()).reversed()) {
                Objects.requireNonNull(servers.get(running.getKey())).stop(running.getValue(), CLOSE_LIMIT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            processes.values().forEach(Process::destroyForcibly);
        }
        ServerFolder.deleteUnfinished(home);
    }
}
