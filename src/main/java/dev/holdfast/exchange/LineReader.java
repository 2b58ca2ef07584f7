package dev.holdfast.exchange;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads lines with their byte offsets; a last line without its newline is not a line. */
final class LineReader implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private long position;
    private long lineStart;

    LineReader(Path path, long offset) throws IOException {
        InputStream raw = Files.newInputStream(path);
        try {
            raw.skipNBytes(offset);
        } catch (IOException failure) {
            raw.close();
            throw failure;
        }
        in = new BufferedInputStream(raw, BUFFER_BYTES);
        position = offset;
    }

    @Nullable
    String next() throws IOException {
        lineStart = position;
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        long read = 0;
        for (int next = in.read(); next != -1; next = in.read()) {
            read++;
            if (next == '\n') {
                position += read;
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(next);
        }
        return null;
    }

    /** Offset of the line that {@link #next} returned last. */
    long lineStart() {
        return lineStart;
    }

    /** Offset just past it. */
    long position() {
        return position;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
