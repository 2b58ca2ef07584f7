package dev.holdfast.agent.postgres;

import dev.holdfast.agent.LeftBehind;
import dev.holdfast.agent.Server;
import dev.holdfast.agent.ServerFolder;
import dev.holdfast.agent.UnprivilegedUser;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A primary without standbys that nobody decides about: for measurements and tests of what writes to it. */
public final class PostgresServer implements Server {

    public static final String DATABASE = "holdfast";

    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresServer.class);
    private static final Duration LEFT_BEHIND_LIMIT = Duration.ofSeconds(5);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    private final Configuration.Host host;
    private final Secrets secrets;
    private final PostgresBinaries binaries;
    private final ServerFolder folder;
    private final PostgresSettings settings;
    private final Connections connections;

    /** Finds the programs and makes the folder; starts nothing. */
    public PostgresServer(Configuration configuration, String hostName, Path home, Secrets secrets)
            throws IOException, InterruptedException {
        this.host = configuration.host(hostName);
        this.secrets = secrets;
        this.binaries = PostgresBinaries.find();
        this.folder = ServerFolder.open(home, hostName, name(), UnprivilegedUser.forRoot("postgres", "nobody"));
        this.settings = new PostgresSettings(configuration, host, folder.path());
        this.connections = new Connections(secrets, folder.path());
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
        LeftBehind leftBehind = new LeftBehind(dataDirectory(), name());
        leftBehind.end("INT", LEFT_BEHIND_LIMIT);
        // Nobody works in the data directory, so its pid file is stale, even if a stranger has that pid by now.
        Files.deleteIfExists(dataDirectory().resolve("postmaster.pid"));
        writeConfiguration();
        if (Files.exists(dataDirectory().resolve("PG_VERSION"))) {
            return;
        }
        new DataDirectory(binaries, folder, settings, secrets, new Copying(folder)).initialise();
    }

    @Override
    public List<String> command() {
        return folder.asUser(List.of(
                binaries.program("postgres"),
                "-D",
                dataDirectory().toString(),
                "-c",
                "config_file=" + settings.serverFile()));
    }

    @Override
    public Path workingDirectory() {
        return folder.path();
    }

    @Override
    public Path dataDirectory() {
        return folder.resolve("data");
    }

    @Override
    public Probe probe() {
        try (Connection _ = connections.open(Connections.SHORT)) {
            return new Probe(true, true, "primary");
        } catch (SQLException failure) {
            return new Probe(false, false, Connections.firstLine(failure));
        }
    }

    /** SIGINT, PostgreSQL's fast shutdown; after the limit SIGQUIT, its immediate one; then every process in the data directory is killed. */
    @Override
    public void stop(Process process, Duration limit) throws InterruptedException {
        LeftBehind all = new LeftBehind(dataDirectory(), name());
        try {
            LeftBehind.signal(process.pid(), "INT");
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.warn(
                        "fast shutdown took longer than {} ms, immediate shutdown follows host={}",
                        limit.toMillis(),
                        host.name());
                LeftBehind.signal(process.pid(), "QUIT");
                process.waitFor(KILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            }
            all.end("KILL", KILL_LIMIT);
        } catch (IOException failure) {
            LOGGER.error("PostgreSQL could not be stopped host={}: {}", host.name(), failure.getMessage());
        } finally {
            process.destroyForcibly();
        }
    }

    private void writeConfiguration() throws IOException {
        folder.make(folder.resolve("conf"));
        folder.make(PostgresSettings.socketFolder(folder.path()));
        folder.write(settings.accessFile(), settings.access());
        folder.write(settings.identityFile(), PostgresSettings.identity());
        folder.write(settings.passwordFile(), "*:*:*:replicator:" + secrets.read("postgres-replication") + "\n");
        folder.write(settings.serverFile(), settings.alone());
    }
}
