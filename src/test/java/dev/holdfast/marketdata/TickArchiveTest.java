package dev.holdfast.marketdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TickArchiveTest {

    private static final long HOUR = 3_600_000_000_000L;

    @TempDir
    Path folder;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Test
    void frames_come_back_as_they_were_in_a_file_an_hour() throws IOException {
        TickArchive archive = new TickArchive(folder, 1_000_000, 10_000_000, metrics);
        archive.start();
        archive.offer(10 * HOUR, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        archive.offer(10 * HOUR + 1, ByteBuffer.wrap(new byte[] {4}));
        archive.offer(11 * HOUR, ByteBuffer.wrap(new byte[] {5, 6}));
        archive.close();

        assertThat(files()).hasSize(2);
        assertThat(frames(files().get(0))).containsExactly("36000000000000 [1, 2, 3]", "36000000000001 [4]");
        assertThat(frames(files().get(1))).containsExactly("39600000000000 [5, 6]");
    }

    @Test
    void the_oldest_files_go_before_the_bound_is_passed() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        TickArchive archive = new TickArchive(folder, 10_000, 50_000, metrics);
        archive.start();
        for (int frame = 0; frame < 200; frame++) {
            byte[] bytes = new byte[1_000];
            random.nextBytes(bytes);
            archive.offer(frame * 1_000_000L, ByteBuffer.wrap(bytes));
        }
        archive.close();

        long total = 0;
        for (Path file : files()) {
            total += Files.size(file);
        }
        assertThat(total).isBetween(20_000L, 51_000L);
        assertThat(frames(files().getLast()).getLast()).startsWith("199000000 ");
    }

    @Test
    void a_disk_that_takes_nothing_only_counts() throws IOException {
        Path blocked = folder.resolve("file");
        Files.writeString(blocked, "not a folder");
        TickArchive archive = new TickArchive(blocked, 1_000, 10_000, metrics);
        archive.start();

        archive.offer(1, ByteBuffer.wrap(new byte[] {1}));
        archive.offer(2, ByteBuffer.wrap(new byte[] {2}));
        archive.close();

        assertThat(metrics.counter("holdfast.feed.archive.lost").count()).isEqualTo(2);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static List<String> frames(Path file) throws IOException {
        List<String> frames = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
            while (true) {
                long time = in.readLong();
                byte[] bytes = new byte[in.readInt()];
                in.readFully(bytes);
                frames.add(time + " " + java.util.Arrays.toString(bytes));
            }
        } catch (java.io.EOFException end) {
            return frames;
        }
    }
}
