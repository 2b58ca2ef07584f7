package dev.holdfast.bench;

import dev.holdfast.agent.ServerFolder;
import dev.holdfast.agent.postgres.PostgresServer;
import dev.holdfast.projection.Migrations;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.Secrets;
import dev.holdfast.types.BrokerProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server of its own, set up as the system's, with the system's tables. */
final class BenchDatabase implements AutoCloseable {

    private static final String HOST = "a";
    private static final String ADDRESS = "127.0.40.9";
    private static final Duration START_LIMIT = Duration.ofSeconds(40);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 50;

    private final Path folder;
    private final PostgresServer server;
    private @Nullable Process process;

    private BenchDatabase(Path folder, PostgresServer server) {
        this.folder = folder;
        this.server = server;
    }

    static BenchDatabase start(Path folder) throws IOException, InterruptedException {
        Secrets secrets = new Secrets(folder);
        for (String each :
                List.of("postgres-superuser", "postgres-replication", "postgres-recorder", "postgres-reader")) {
            secrets.readOrCreate(each);
        }
        BenchDatabase database = new BenchDatabase(folder, new PostgresServer(configuration(), HOST, folder, secrets));
        try {
            database.launch();
            new Migrations(configuration(), secrets).run(START_LIMIT);
            return database;
        } catch (IOException | InterruptedException | RuntimeException failure) {
            database.close();
            throw failure;
        } catch (SQLException failure) {
            database.close();
            throw new BenchFailure("the database cannot be prepared: " + failure.getMessage(), failure);
        }
    }

    /** As the measuring process needs it, too. */
    static Configuration configuration() {
        return new Configuration(
                "bench",
                List.of(new Configuration.Host(HOST, ADDRESS, List.of(Role.POSTGRES))),
                new Configuration.Broker(true, "", BrokerProfile.DRILL, null, null, "", "", ""),
                new Configuration.Risk(1, 1, 1, 1, 1, 1, 1),
                List.of(),
                List.of());
    }

    private void launch() throws IOException, InterruptedException {
        server.prepare();
        Process started = new ProcessBuilder(server.command())
                .directory(server.workingDirectory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("postgres.log").toFile()))
                .start();
        process = started;
        long deadlineNanos = System.nanoTime() + START_LIMIT.toNanos();
        while (!server.probe().serving()) {
            if (!started.isAlive() || System.nanoTime() - deadlineNanos > 0) {
                throw new BenchFailure("PostgreSQL does not serve at " + ADDRESS + ":" + Configuration.POSTGRES_PORT
                        + ": " + server.probe().detail() + "; its log: "
                        + BenchProcess.lastLines(folder.resolve("postgres.log")));
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            try {
                server.stop(running, STOP_LIMIT);
            } catch (InterruptedException interrupted) {
                running.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        try {
            BenchFolder.delete(ServerFolder.outside(folder));
        } catch (IOException undeletable) {
            System.err.println("left behind, delete it by hand: " + undeletable);
        }
    }
}
