package dev.holdfast.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How often this member was started since it last took part: kept in a file, for each start is a process of its own. A member whose
 * files are damaged may fail in many ways, at once or after a while, or wait for good; what they have in common is that it never joins.
 */
final class JoinAttempts {

    /** A machine may lose its power in the middle of a start; twice in a row is no accident. */
    private static final int SUSPICIOUS = 2;

    private final Path file;

    JoinAttempts(TraderOptions options) {
        this.file = options.folder().resolve("joining");
    }

    /**
     * Counts one more start.
     *
     * @return whether so many before it came to nothing that the member's files must be looked at
     */
    boolean begin() {
        int before = count();
        write(before + 1);
        return before >= SUSPICIOUS;
    }

    /** Makes the next start read all files of the member before it joins. */
    void suspect() {
        write(SUSPICIOUS);
    }

    void joined() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot delete " + file, failure);
        }
    }

    private int count() {
        try {
            return Files.exists(file)
                    ? Files.size(file) > 0
                            ? Integer.parseInt(Files.readString(file).strip())
                            : 0
                    : 0;
        } catch (IOException | NumberFormatException unreadable) {
            return 0; // a hint only
        }
    }

    private void write(int count) {
        try {
            Files.writeString(file, count + "\n");
        } catch (IOException full) {
            // The file is only a hint, and a full disk is reported elsewhere.
            return;
        }
    }
}
