package dev.holdfast.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server processes of an earlier run. They are known by their working directory, on Linux: a pid file may name a stranger
 * after a reboot, Redis rewrites its arguments, and PostgreSQL's backends leave the process group.
 */
public final class LeftBehind {

    private static final Logger LOGGER = LoggerFactory.getLogger(LeftBehind.class);
    private static final Path PROCESSES = Path.of("/proc");
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final Path folder;
    private final String program;

    /** @param program how the processes' name begins: a person's shell may stand in the folder too */
    public LeftBehind(Path folder, String program) {
        this.folder = folder;
        this.program = program;
    }

    /** The live ones. */
    public List<ProcessHandle> find() {
        if (!Files.isDirectory(PROCESSES) || !Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> processes = Files.list(PROCESSES)) {
            Path real = folder.toRealPath();
            return processes
                    .filter(process ->
                            Character.isDigit(process.getFileName().toString().charAt(0)))
                    .filter(process -> isOurs(process, real))
                    .flatMap(process -> ProcessHandle.of(
                            Long.parseLong(process.getFileName().toString()))
                            .stream())
                    .filter(ProcessHandle::isAlive)
                    .toList();
        } catch (IOException unreadable) {
            LOGGER.warn(
                    "processes cannot be listed, so none left behind in {} was looked for: {}",
                    folder,
                    unreadable.getMessage());
            return List.of();
        }
    }

    /**
     * Ends them: first by the signal, and what is left after the limit by force.
     *
     * @param signal asks this server to stop in order, as kill names it
     * @throws IOException if one survives
     */
    public void end(String signal, Duration limit) throws IOException, InterruptedException {
        List<ProcessHandle> found = find();
        if (found.isEmpty()) {
            return;
        }
        LOGGER.warn(
                "ending processes of an earlier run folder={} pids={}",
                folder,
                found.stream().map(ProcessHandle::pid).toList());
        for (ProcessHandle process : found) {
            signal(process.pid(), signal);
        }
        if (goneWithin(limit)) {
            return;
        }
        find().forEach(ProcessHandle::destroyForcibly);
        if (!goneWithin(KILL_LIMIT)) {
            throw new IOException(
                    "processes " + find().stream().map(ProcessHandle::pid).toList() + " work in " + folder
                            + " and cannot be killed; end them by hand");
        }
    }

    /** Sends a signal that Java has no name for. */
    public static void signal(long pid, String signal) throws IOException, InterruptedException {
        ShortCommand.run(List.of("kill", "-" + signal, Long.toString(pid)), KILL_LIMIT);
    }

    public boolean goneWithin(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!find().isEmpty()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
        return true;
    }

    private boolean isOurs(Path process, Path real) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).equals(real)
                    && Files.readString(process.resolve("comm")).startsWith(program);
        } catch (IOException ended) {
            return false;
        }
    }
}
