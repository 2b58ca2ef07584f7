package dev.holdfast.bench.patroni;

import dev.holdfast.agent.ServerFolder;
import dev.holdfast.drill.Wall;
import dev.holdfast.runtime.Configuration.Host;
import dev.holdfast.runtime.OwnedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One host of the cluster: a member of etcd, a Patroni, and the PostgreSQL that it keeps. All work in folders below the node's. */
final class PatroniNode {

    /** As our agents set it for their session where root starts them: what is late on a busy machine is late for both. */
    private static final String PRIORITY = "{ echo -10 > /proc/self/autogroup; } 2> /dev/null; exec \"$@\"";

    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    private final Host host;
    private final ServerFolder folder;
    private final PatroniPrograms programs;
    private final PatroniSettings settings;
    private final OwnedProcess etcd;
    private final OwnedProcess patroni;

    /** @param logs folder for what its processes print */
    PatroniNode(Host host, ServerFolder folder, Path logs, PatroniPrograms programs, PatroniSettings settings) {
        this.host = host;
        this.folder = folder;
        this.programs = programs;
        this.settings = settings;
        this.etcd = new OwnedProcess(folder.resolve("etcd"), logs.resolve(host.name() + "-etcd.log"));
        this.patroni = new OwnedProcess(folder.resolve("patroni"), logs.resolve(host.name() + "-patroni.log"));
    }

    Host host() {
        return host;
    }

    Path patroniLog() {
        return patroni.logFile();
    }

    /** Starts what does not run; Patroni starts PostgreSQL. */
    void start() throws IOException {
        Path configuration = folder.resolve("patroni.yml");
        folder.make(etcd.folder());
        folder.make(patroni.folder());
        folder.write(configuration, settings.patroni(host, folder.path()));
        if (etcd.running().isEmpty()) {
            List<String> command = new ArrayList<>(List.of(programs.etcd()));
            command.addAll(settings.etcd(host, etcd.folder().resolve("data")));
            start(etcd, command);
        }
        if (patroni.running().isEmpty()) {
            start(patroni, List.of(programs.patroni(), configuration.toString()));
        }
    }

    private void start(OwnedProcess process, List<String> command) throws IOException {
        List<String> words = new ArrayList<>(List.of("sh", "-c", PRIORITY, host.name()));
        words.addAll(folder.asUser(command));
        process.start(words, Map.of());
    }

    /** @return the last instant before, epoch nanoseconds */
    long killPostmaster() throws IOException, InterruptedException {
        String pid =
                Files.readAllLines(data().resolve("postmaster.pid")).getFirst().strip();
        return kill(OwnedProcess.workingUnder(data()).stream()
                .filter(each -> Long.toString(each.pid()).equals(pid))
                .toList());
    }

    /** The postmaster and every backend; Patroni lives. @return the last instant before, epoch nanoseconds */
    long killPostgres() throws IOException, InterruptedException {
        return kill(OwnedProcess.workingUnder(data()));
    }

    /** Everything on this host. @return the last instant before, epoch nanoseconds */
    long kill() throws IOException, InterruptedException {
        long atNanos = kill(OwnedProcess.workingUnder(folder.path()));
        // What it had begun to start when we looked.
        OwnedProcess.workingUnder(folder.path()).forEach(ProcessHandle::destroyForcibly);
        return atNanos;
    }

    private long kill(List<ProcessHandle> processes) throws IOException, InterruptedException {
        if (processes.isEmpty()) {
            throw new IOException("nothing of " + host.name() + " runs that could be killed");
        }
        long atNanos = Wall.nanos();
        processes.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : processes) {
            if (!OwnedProcess.awaitExit(each, KILL_LIMIT)) {
                throw new IOException(
                        "process " + each.pid() + " of " + host.name() + " was killed and is still there");
            }
        }
        return atNanos;
    }

    private Path data() {
        return folder.resolve("data");
    }
}
