package dev.holdfast.cli;

import dev.holdfast.protocol.Hash;
import dev.holdfast.runtime.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where Aeron keeps its scratch: in shared memory, named by the home so that two systems never meet. */
final class AeronFolders {

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private AeronFolders() {}

    static Path of(Path home, String host, String process) {
        return root().resolve(prefix(home) + host + "-" + process);
    }

    /** How the names of all of a home begin. */
    static Path beginning(Path home) {
        return root().resolve(prefix(home));
    }

    /** For when nothing of the home runs: killed processes leave theirs. */
    static void deleteAll(Path home) {
        try (Stream<Path> folders = Files.list(root())) {
            folders.filter(folder -> folder.getFileName().toString().startsWith(prefix(home)))
                    .toList()
                    .forEach(AeronFolders::delete);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot list " + root(), unreadable);
        }
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
        return String.format(java.util.Locale.ROOT, "holdfast-%016x-", Hash.text(0, home.toString()));
    }
}
