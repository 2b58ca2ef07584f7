package dev.holdfast.agent.postgres;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * CLOCK_BOOTTIME as {@code /proc/uptime} shows it (proc_uptime(5)), which also counts while the machine sleeps. The fencer, a
 * shell script, has no other source; with the same one a container that shifts it shifts both.
 */
public final class BootClock implements AutoCloseable {

    /** It shows hundredths of a second, rounded down. */
    public static final long RESOLUTION_NANOS = 10_000_000;

    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final int MOST_BYTES = 64;

    // Not a channel: an interrupted thread would close it for all.
    private final RandomAccessFile file;
    private final byte[] read = new byte[MOST_BYTES];

    private BootClock(RandomAccessFile file) {
        this.file = file;
    }

    /** @throws IOException if this is not Linux */
    public static BootClock open() throws IOException {
        return new BootClock(new RandomAccessFile(UPTIME.toFile(), "r"));
    }

    /** Nanoseconds since the machine started, rounded down to the resolution. */
    public synchronized long nanos() {
        try {
            file.seek(0);
            int length = file.read(read);
            long hundredths = 0;
            for (int i = 0; i < length && read[i] != ' '; i++) {
                if (read[i] != '.') {
                    hundredths = hundredths * 10 + digit(read[i], length);
                }
            }
            return hundredths * RESOLUTION_NANOS;
        } catch (IOException failure) {
            throw new UncheckedIOException(UPTIME + " cannot be read, so no lease can be counted", failure);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private int digit(byte character, int length) throws IOException {
        if (character < '0' || character > '9') {
            throw new IOException("expected seconds with two decimals and found '"
                    + new String(read, 0, length, StandardCharsets.US_ASCII).strip() + "'");
        }
        return character - '0';
    }
}
