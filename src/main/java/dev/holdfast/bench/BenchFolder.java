package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder of one measurement under the home, on the disk the system would use; deleted with all that is in it. */
final class BenchFolder implements AutoCloseable {

    private final Path home;
    private final Path path;
    private final boolean ownHome;

    private BenchFolder(Path home, Path path, boolean ownHome) {
        this.home = home;
        this.path = path;
        this.ownHome = ownHome;
    }

    static BenchFolder under(Path home) throws IOException {
        boolean ownHome = !Files.exists(home);
        Files.createDirectories(home);
        Path path = Files.createTempDirectory(home, "bench-");
        // The database's own user must be able to enter it.
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new BenchFolder(home, path, ownHome);
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            delete(path);
            if (ownHome) {
                Files.deleteIfExists(home);
            }
        } catch (IOException undeletable) {
            System.err.println("left behind, delete it by hand: " + undeletable);
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
