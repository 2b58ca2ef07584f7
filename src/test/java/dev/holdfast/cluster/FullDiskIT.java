package dev.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members in processes of their own on one small disk that is filled to its last byte while they work. */
final class FullDiskIT {

    private static final int COMMANDS = 4_000;
    private static final long ALMOST_BYTES = 80L << 20;

    @TempDir
    private Path folder;

    private Path disk = Path.of("");
    private List<TraderProcess> members = List.of();

    @BeforeEach
    void start() throws IOException, InterruptedException {
        disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", disk.toString()) == 0,
                "needs to mount a small disk: run it as root");
        members = IntStream.range(0, ClusterHosts.ADDRESSES.size())
                .mapToObj(member -> TraderProcess.start(member, disk, folder))
                .toList();
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        for (TraderProcess member : members) {
            member.kill();
        }
        run("umount", "--lazy", disk.toString());
    }

    @Test
    void every_member_ends_on_a_full_disk_and_goes_on_with_nothing_lost_when_there_is_room()
            throws IOException, InterruptedException {
        try (Log log = AeronLog.connect(ClusterHosts.client(folder, "loader"));
                EventReader<Event> reader = log.readAfter(0)) {
            log.submitAndWait(new Command.Probe(), ClusterHosts.LIMIT);

            List<CompletableFuture<Reply>> replies = new ArrayList<>();
            for (int i = 0; i < COMMANDS; i++) {
                replies.add(log.submit(new Command.Probe()));
                if (i == COMMANDS / 4) {
                    // The last stretch goes faster than the members look at their disk.
                    fill(ALMOST_BYTES);
                    fill(0);
                }
            }

            for (TraderProcess member : members) {
                member.awaitEnd();
                assertThat(member.exitCode()).isEqualTo(1);
                assertThat(member.output()).contains("the disk is full: ").contains("make room");
            }

            for (TraderProcess member : members) {
                member.restart();
                member.awaitEnd();
                assertThat(member.exitCode()).isEqualTo(1);
                assertThat(member.output()).contains("MiB to start; make room");
            }

            Files.delete(filler());
            members.forEach(TraderProcess::restart);

            CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
                    .orTimeout(ClusterHosts.LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .join();
            assertThat(replies).allMatch(reply -> reply.join().accepted());
            assertThat(read(reader, COMMANDS + 1))
                    .isEqualTo(LongStream.rangeClosed(1, COMMANDS + 1L).boxed().toList());
        }
    }

    private Path filler() {
        return disk.resolve("filler");
    }

    /** A tmpfs gives a file its room only when it is written. */
    private void fill(long leftBytes) throws IOException {
        byte[] block = new byte[1 << 20];
        try (RandomAccessFile file = new RandomAccessFile(filler().toFile(), "rw")) {
            file.seek(file.length());
            for (int length = block.length; length > 0 && disk.toFile().getUsableSpace() > leftBytes; ) {
                try {
                    file.write(block, 0, length);
                } catch (IOException full) {
                    length /= 2; // to the last page
                }
            }
        }
    }

    private static List<Long> read(EventReader<Event> reader, int count) {
        List<Long> read = new ArrayList<>();
        while (read.size() < count) {
            int delivered = reader.poll(
                    (header, event) -> {
                        if (event instanceof Event.Alarm alarm) {
                            read.add(Long.valueOf(alarm.text()));
                        }
                    },
                    1_000,
                    ClusterHosts.LIMIT);
            assertThat(delivered).as("events after %s", reader.sequence()).isPositive();
        }
        return read;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
