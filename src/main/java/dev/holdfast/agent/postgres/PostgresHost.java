package dev.holdfast.agent.postgres;

import dev.holdfast.agent.HostLayout;
import dev.holdfast.agent.ServerFolder;
import dev.holdfast.agent.UnprivilegedUser;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a keeper needs to keep the PostgreSQL of one host: the server, its fencer, its memory, and the clock they share. */
public final class PostgresHost implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresHost.class);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    private final BootClock clock;
    private final NewestFencer fencer = new NewestFencer();
    private final MemoryFile memory;
    private final Looker looker;
    private final PostgresInstance instance;

    /**
     * Finds the programs, makes the folder, reads the memory; starts nothing.
     *
     * @param keeperThread one thread: it calls the ports, and is told the results
     * @param logFile what server and fencer print is added to it
     * @throws IOException if the programs are missing, or the memory is damaged
     */
    public PostgresHost(
            Configuration configuration,
            String hostName,
            Path home,
            Secrets secrets,
            Executor keeperThread,
            Path logFile)
            throws IOException, InterruptedException {
        Configuration.Host host = configuration.host(hostName);
        this.memory =
                MemoryFile.open(new HostLayout(home, hostName).folder("agent").resolve("postgres.memory"));
        this.clock = BootClock.open();
        PostgresBinaries binaries = PostgresBinaries.find();
        ServerFolder folder =
                ServerFolder.open(home, hostName, "postgres", UnprivilegedUser.forRoot("postgres", "nobody"));
        PostgresSettings settings = new PostgresSettings(configuration, host, folder.path());
        ServerFiles files = new ServerFiles(folder, settings, secrets);
        Connections connections = new Connections(secrets, folder.path());
        DataProcesses processes = new DataProcesses(folder.path());
        Copying copying = new Copying(folder);
        DataDirectory directory = new DataDirectory(binaries, folder, settings, secrets, copying);
        Evidence evidence = new Evidence(folder.path());
        Blockers blockers = new Blockers(processes);
        this.looker = new Looker(
                configuration,
                folder.path(),
                files,
                new Upkeep(files, secrets, blockers),
                blockers,
                processes,
                connections);
        this.instance = new PostgresInstance(
                configuration,
                host,
                files,
                directory,
                processes,
                connections,
                fencer,
                new StandbyStart(binaries, folder, files, settings.serverFile(), processes, fencer, clock, logFile),
                new Clone(directory, files, processes, evidence, connections, PostgresSettings.standbyName(host)),
                copying,
                evidence,
                looker,
                keeperThread);
    }

    public void start() {
        looker.start();
    }

    public Instance instance() {
        return instance;
    }

    public Fencer fencer() {
        return fencer;
    }

    public Memory memory() {
        return memory;
    }

    public BootClock clock() {
        return clock;
    }

    /** 0 when it does not run. On the keeper's thread. */
    long postmasterPid() {
        return instance.postmasterPid();
    }

    /** Kills what still runs; who wants it stopped in order has the instance stopped before. On no thread that the keeper needs. */
    @Override
    public void close() throws IOException {
        instance.abandonClone();
        CountDownLatch killed = new CountDownLatch(1);
        instance.killWithoutKeeper(killed::countDown);
        try {
            if (!killed.await(KILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.error(
                        "PostgreSQL is not gone after {} ms; its fencer ends it with this process",
                        KILL_LIMIT.toMillis());
            }
            looker.close();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        clock.close();
    }
}
