package dev.holdfast.runtime;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Keeps a file that another process appends to within a bound, and reads its end. */
public final class BoundedLogFile {

    static final long MOST_BYTES = 16 * 1024 * 1024;

    private static final int TAIL_BYTES = 64 * 1024;

    private BoundedLogFile() {}

    /**
     * Past the bound, copies the file beside itself (name.1) and empties it. The writer appends, so it goes on at the new end; lines
     * printed between copy and emptying are lost, which a log may do.
     */
    public static void trim(Path file) throws IOException {
        if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
            Files.copy(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }
        }
    }

    /** The last lines, at most so many, of at most the last 64 KiB; none if there is no such file. */
    public static List<String> tail(Path file, int lines) {
        try (RandomAccessFile reader = new RandomAccessFile(file.toFile(), "r")) {
            byte[] end = new byte[(int) Math.min(TAIL_BYTES, reader.length())];
            reader.seek(reader.length() - end.length);
            reader.readFully(end);
            List<String> all = new String(end, StandardCharsets.UTF_8).lines().toList();
            return List.copyOf(all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException absent) {
            return List.of();
        }
    }
}
