package dev.holdfast.runtime;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A number in a file that grows while a process lives, for a watcher that can only read files. Written in place, so that a full disk
 * does not look like a death; where it cannot be written at all there is no file, and nothing to be concluded. Not thread-safe.
 */
public final class Heartbeat implements AutoCloseable {

    /** Read by the supervisor of agents. */
    public static final String FILE = "alive";

    private static final Logger LOGGER = LoggerFactory.getLogger(Heartbeat.class);

    private final Path file;
    private long beats;
    private boolean failed;

    public Heartbeat(Path folder) {
        this.file = folder.resolve(FILE);
    }

    public void beat() {
        beats++;
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.write(String.format(Locale.ROOT, "%019d%n", beats).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException failure) {
            if (!failed) {
                LOGGER.warn(
                        "the heartbeat is not written, so nobody sees when this process freezes: {}",
                        failure.toString());
            }
            failed = true;
            close();
        }
    }

    /** Removes the file, so that nobody waits for the next beat. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            LOGGER.debug("{} stays: {}", file, failure.toString());
        }
    }
}
