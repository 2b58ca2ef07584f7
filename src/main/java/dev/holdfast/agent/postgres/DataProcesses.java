package dev.holdfast.agent.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes of one host's PostgreSQL, known by their working directory: backends leave the postmaster's group, outlive it and go
 * on committing. A postmaster works in the fencer's folder until it enters the data directory, and is found there too.
 */
final class DataProcesses {

    private static final Logger LOGGER = LoggerFactory.getLogger(DataProcesses.class);
    private static final Path ALL = Path.of("/proc");
    private static final long LOOK_AGAIN_MILLIS = 5;

    /** In a row: a process may fork behind the look that passes over it, and end. */
    private static final int CLEAN_LOOKS = 2;

    private static final int MOST_LOOKS = 120_000; // ten minutes
    private static final int LOOKS_BETWEEN_WARNINGS = 1_000;

    private final Path dataDirectory;
    private final Path fencerFolder;

    /** How the data directory is named to the postmaster, with the ends of the arguments around it. */
    private final String argument;

    /** @param folder their parent, which exists */
    DataProcesses(Path folder) throws IOException {
        Path real = folder.toRealPath(); // as the kernel names it
        this.dataDirectory = real.resolve("data");
        this.fencerFolder = real.resolve("fencer");
        this.argument = "\0-D\0" + folder.resolve("data") + "\0";
    }

    /** The live ones, and a fencer that may still kill; those that ended and wait for their parent do not count. */
    List<Long> find() {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(ALL, "[0-9]*")) {
            for (Path process : processes) {
                if (isOurs(process)) {
                    found.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        } catch (IOException unreadable) {
            throw new IllegalStateException(
                    ALL + " cannot be read, so nobody knows what runs in " + dataDirectory, unreadable);
        }
        return found;
    }

    boolean contains(long pid) {
        return isOurs(ALL.resolve(Long.toString(pid)));
    }

    /**
     * Kills until nothing is left.
     *
     * @throws IOException if something survives for ten minutes
     */
    void kill() throws IOException, InterruptedException {
        int clean = 0;
        for (int look = 1; look <= MOST_LOOKS; look++) {
            List<Long> found = find();
            clean = found.isEmpty() ? clean + 1 : 0;
            if (clean == CLEAN_LOOKS) {
                return;
            }
            found.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            if (look % LOOKS_BETWEEN_WARNINGS == 0) {
                LOGGER.error("processes do not die data={} pids={}; look at the machine's disks", dataDirectory, found);
            }
            if (!found.isEmpty()) {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            }
        }
        throw new IOException("processes " + find() + " work in " + dataDirectory
                + " and cannot be killed; end them by hand or restart the machine");
    }

    private boolean isOurs(Path process) {
        try {
            Path works = Files.readSymbolicLink(process.resolve("cwd"));
            if (works.equals(fencerFolder)) {
                return true;
            }
            // A person's shell may stand in the data directory too.
            return Files.readString(process.resolve("comm")).startsWith("postgres")
                    && (works.equals(dataDirectory) || isOnItsWay(process));
        } catch (IOException ended) {
            return false;
        }
    }

    /** A postmaster that starts looks for its own program and for a moment works where that is (resolve_symlinks in exec.c). */
    private boolean isOnItsWay(Path process) throws IOException {
        return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                .contains(argument);
    }
}
