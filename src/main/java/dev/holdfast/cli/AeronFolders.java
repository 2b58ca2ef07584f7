package dev.holdfast.cli;

import dev.holdfast.protocol.Hash;
import dev.holdfast.runtime.Folders;
import dev.holdfast.runtime.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where Aeron keeps its scratch: in shared memory, in a folder of the owner alone that is named by the home, so that two systems
 * never meet. Who can open a driver's files there can use and end what runs on it.
 */
final class AeronFolders {

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private AeronFolders() {}

    static Path of(Path home, String host, String process) {
        return closed(beginning(home)).resolve(host + "-" + process);
    }

    private static Path closed(Path folder) {
        try {
            return OwnerOnly.folder(folder);
        } catch (IOException unusable) {
            throw new UncheckedIOException("cannot work in shared memory: " + unusable.getMessage(), unusable);
        }
    }

    /** The common prefix of all Aeron folders of a home, as a path. */
    static Path beginning(Path home) {
        return root().resolve(prefix(home));
    }

    /** For when nothing of the home runs: killed processes leave theirs. */
    static void deleteAll(Path home) {
        try (Stream<Path> folders = Files.list(root())) {
            folders.filter(folder -> isOf(home, folder.getFileName().toString()))
                    .toList()
                    .forEach(AeronFolders::delete);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot list " + root(), unreadable);
        }
    }

    /** Earlier releases had no common folder. */
    private static boolean isOf(Path home, String name) {
        return name.equals(prefix(home)) || name.startsWith(prefix(home) + "-");
    }

    private static void delete(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException | UncheckedIOException stillUsed) {
            // It is scratch: what cannot be deleted now is emptied by its next user.
            return;
        }
    }

    private static Path root() {
        return Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static String prefix(Path home) {
        return String.format(java.util.Locale.ROOT, "holdfast-%016x", Hash.text(0, home.toString()));
    }
}
