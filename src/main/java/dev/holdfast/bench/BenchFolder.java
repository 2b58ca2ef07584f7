package dev.holdfast.bench;

import dev.holdfast.runtime.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;
import org.agrona.CloseHelper;

/** A folder of one measurement under the home, on the disk the system would use; deleted with all that is in it. */
final class BenchFolder implements AutoCloseable {

    private final Path home;
    private final Path path;
    private final boolean ownHome;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Thread atSignal = new Thread(this::close, "bench-cleanup");
    private boolean closed;

    private BenchFolder(Path home, Path path, boolean ownHome) {
        this.home = home;
        this.path = path;
        this.ownHome = ownHome;
    }

    /** Closes this before the folder is deleted, what came last first; also when a signal ends the measurement. */
    synchronized <T extends AutoCloseable> T own(T part) {
        parts.push(part);
        return part;
    }

    static BenchFolder under(Path home) throws IOException {
        boolean ownHome = !Files.exists(home);
        Files.createDirectories(home);
        Path path = Files.createTempDirectory(home, "bench-");
        // The database's own user must be able to pass it.
        OwnerOnly.passage(path);
        BenchFolder folder = new BenchFolder(home, path, ownHome);
        Runtime.getRuntime().addShutdownHook(folder.atSignal);
        return folder;
    }

    Path path() {
        return path;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        while (!parts.isEmpty()) {
            CloseHelper.quietClose(parts.pop());
        }
        if (Thread.currentThread() != atSignal) {
            forgetSignal();
        }
        try {
            delete(path);
            if (ownHome) {
                Files.deleteIfExists(home);
            }
        } catch (IOException undeletable) {
            System.err.println("left behind, delete it by hand: " + undeletable);
        }
    }

    private void forgetSignal() {
        try {
            Runtime.getRuntime().removeShutdownHook(atSignal);
        } catch (IllegalStateException signalled) {
            // The hook waits for this object, and finds all done.
            Thread.onSpinWait();
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
