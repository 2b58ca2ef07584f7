package dev.holdfast.drill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every disturbance is written here, and on the disk, before it is made, and again when it is lifted: so whoever comes after a
 * killed run knows what is left. One JSON object a line. Thread-safe.
 */
public final class Journal implements AutoCloseable {

    static final String NAME = "journal.jsonl";

    private static final JsonMapper JSON = new JsonMapper();

    private final FileChannel channel;

    private Journal(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * One line.
     *
     * @param entry what happened
     * @param number of the fault; 0 for the run and the load
     * @param kind of the fault, or the seed of the run
     * @param struck the processes; for the load, none
     * @param names hosts whose agents were killed, that were cut off or whose disk was filled; strategies of the load
     * @param restore strategies to start again when the load is off
     * @param plannedEndNanos 0 when it has none
     */
    record Line(
            Entry entry,
            int number,
            String kind,
            List<Struck> struck,
            List<String> names,
            List<String> restore,
            long atNanos,
            long plannedEndNanos) {
        Line {
            struck = List.copyOf(struck);
            names = List.copyOf(names);
            restore = List.copyOf(restore);
        }
    }

    enum Entry {
        RUN,
        LOAD_ON,
        LOAD_OFF,
        BEGUN,
        LIFTED
    }

    /** A process that was killed or frozen. */
    record Struck(String label, ProcessIdentity process) {}

    /** Begins a new one; the folder's old one must have nothing unfinished. */
    static Journal begin(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new Journal(FileChannel.open(
                folder.resolve(NAME),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING));
    }

    /** Returns when it is on the disk. */
    synchronized void write(Line line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
    }

    /** What was begun and not lifted, in order. A half-written last line was never acted on. */
    static List<Line> unfinished(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        TreeMap<Integer, Line> open = new TreeMap<>();
        Deque<Line> load = new ArrayDeque<>();
        for (Line line : Files.exists(file) ? read(file) : List.<Line>of()) {
            switch (line.entry()) {
                case RUN -> {}
                case LOAD_ON -> load.add(line);
                case LOAD_OFF -> load.clear();
                case BEGUN -> open.put(line.number(), line);
                case LIFTED -> open.remove(line.number());
            }
        }
        return Stream.concat(load.stream(), open.values().stream()).toList();
    }

    private static List<Line> read(Path file) throws IOException {
        List<Line> lines = new ArrayList<>();
        String text = Files.readString(file);
        for (String each : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            try {
                lines.add(JSON.readValue(each, Line.class));
            } catch (JacksonException malformed) {
                throw new IOException("line " + (lines.size() + 1) + " of " + file + " cannot be read ("
                        + malformed.getOriginalMessage() + "); look by hand for what is left, then delete the file");
            }
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
