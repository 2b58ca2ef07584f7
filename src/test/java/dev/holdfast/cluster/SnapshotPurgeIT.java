package dev.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.log.EchoMachine;
import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots on schedule, and what they let go, on a cluster of one member within this process. */
final class SnapshotPurgeIT {

    private static final int BATCHES = 12;
    private static final int BATCH = 2_000;

    @TempDir
    private Path folder;

    @Test
    @SuppressWarnings("try") // the member is closed while its log is open; closing it again does nothing
    void scheduled_snapshots_let_old_log_and_old_snapshots_go_and_the_member_starts_from_what_is_left()
            throws InterruptedException, IOException {
        long value;
        Trader trader = new Trader(options(), EchoMachine::new);
        try (trader;
                Log log = AeronLog.connect(client())) {
            trader.start();
            value = submit(log);

            ClusterHosts.await("the log's first segment to go", () -> !Files.exists(logSegment()));
            ClusterHosts.await("two snapshots to be left", () -> snapshotFiles() <= 4);
        }
        assertThat(trader.awaitTermination().orderly()).isTrue();

        try (Trader again = new Trader(options(), EchoMachine::new)) {
            again.start();
            try (Log log = AeronLog.connect(client());
                    EventReader<Event> reader = log.readAfter(0)) {
                Reply reply = log.submitAndWait(new Command.Probe(), ClusterHosts.LIMIT);

                assertThat(reply.value()).isEqualTo(value + 1);
                int events = 0;
                while (reader.sequence() < reply.sequence()) {
                    int delivered = reader.poll((header, event) -> {}, 10_000, ClusterHosts.LIMIT);
                    assertThat(delivered).isPositive();
                    events += delivered;
                }
                assertThat(events).isGreaterThanOrEqualTo((int) reply.sequence());
            }
        }
    }

    private static long submit(Log log) {
        String reason = "x".repeat(190);
        CompletableFuture<Reply> last = log.submit(new Command.Probe());
        for (int batch = 0; batch < BATCHES; batch++) {
            for (int i = 0; i < BATCH; i++) {
                last = log.submit(new Command.CancelOrder(i, reason, reason));
            }
            last.orTimeout(ClusterHosts.LIMIT.toSeconds(), TimeUnit.SECONDS).join();
        }
        return last.join().value();
    }

    private Path logSegment() {
        // The event stream is recorded first, the log next.
        return options().archiveFolder().resolve("1-0.rec");
    }

    private long snapshotFiles() {
        try (Stream<Path> files = Files.list(options().archiveFolder())) {
            return files.filter(file -> file.getFileName().toString().endsWith("-0.rec"))
                    .filter(file -> !file.endsWith("0-0.rec") && !file.endsWith("1-0.rec"))
                    .count();
        } catch (IOException passing) {
            return Long.MAX_VALUE; // a file went while they were listed
        }
    }

    private TraderOptions options() {
        TraderOptions plain = ClusterHosts.options(0, folder);
        return new TraderOptions(
                MemberProfile.TRADER,
                0,
                List.of(plain.address()),
                plain.folder(),
                plain.aeronFolder(),
                plain.clusterSecret(),
                false,
                Duration.ofMillis(500),
                Duration.ZERO,
                Long.MAX_VALUE);
    }

    private AeronLogOptions client() {
        AeronLogOptions three = ClusterHosts.client(folder, "client");
        return new AeronLogOptions(
                three.name(),
                three.ownAddress(),
                List.of(three.ownAddress()),
                three.clusterSecret(),
                three.aeronFolder());
    }
}
