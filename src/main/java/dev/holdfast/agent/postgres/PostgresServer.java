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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One host's PostgreSQL. The first host with the role starts as the primary; the others clone it. A data directory that is
 * there already stays what it is.
 */
public final class PostgresServer implements Server {

    public static final String DATABASE = "holdfast";

    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresServer.class);
    private static final Duration LEFT_BEHIND_LIMIT = Duration.ofSeconds(5);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    private final Configuration configuration;
    private final Configuration.Host host;
    private final Secrets secrets;
    private final PostgresBinaries binaries;
    private final ServerFolder folder;
    private final PostgresSettings settings;
    private final Superuser superuser;

    /** Finds the programs and makes the folder; starts nothing. */
    public PostgresServer(Configuration configuration, String hostName, Path home, Secrets secrets)
            throws IOException, InterruptedException {
        this.configuration = configuration;
        this.host = configuration.host(hostName);
        this.secrets = secrets;
        this.binaries = PostgresBinaries.find();
        this.folder = ServerFolder.open(home, hostName, name(), UnprivilegedUser.forRoot("postgres", "nobody"));
        this.settings = new PostgresSettings(host, configuration.hosts(), configuration.namespaces(), folder.path());
        this.superuser = new Superuser(secrets);
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
        DataDirectory fresh = new DataDirectory(binaries, folder, settings, superuser, secrets);
        if (isFirst()) {
            fresh.initialise(standbys());
            LOGGER.info("initialised primary host={} data={}", host.name(), dataDirectory());
        } else {
            fresh.cloneFrom(configuration.hostsWith(Configuration.Role.POSTGRES), PostgresSettings.standbyName(host));
            LOGGER.info("cloned standby host={} data={}", host.name(), dataDirectory());
        }
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
        return superuser.probe(host.address());
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
        folder.make(settings.socketFolder(folder.path()));
        folder.write(settings.accessFile(), settings.access());
        folder.write(settings.identityFile(), "");
        folder.write(settings.passwordFile(), "*:*:*:replicator:" + secrets.read("postgres-replication") + "\n");
        folder.write(settings.serverFile(), settings.server(isFirst() ? "" : first().address()));
    }

    private boolean isFirst() {
        return first().name().equals(host.name());
    }

    private Configuration.Host first() {
        return configuration.hostsWith(Configuration.Role.POSTGRES).getFirst();
    }

    private List<String> standbys() {
        return configuration.hostsWith(Configuration.Role.POSTGRES).stream()
                .skip(1)
                .map(PostgresSettings::standbyName)
                .toList();
    }
}
