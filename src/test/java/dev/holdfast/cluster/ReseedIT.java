package dev.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that lost everything gets it back from the others while they go on. */
final class ReseedIT {

    private static final int COMMANDS = 2_000;

    /** Of some 500 bytes each: more than a segment of the log holds. */
    private static final int LONG_COMMANDS = 20_000;

    /** Where no answer can come, there is no use in waiting for long. */
    private static final Duration NO_ANSWER = Duration.ofSeconds(3);

    @TempDir
    private Path folder;

    private List<TraderProcess> members = List.of();

    private void start() {
        members = IntStream.range(0, ClusterHosts.ADDRESSES.size())
                .mapToObj(member -> TraderProcess.start(member, folder))
                .toList();
    }

    @AfterEach
    void kill() throws InterruptedException {
        for (TraderProcess member : members) {
            member.kill();
        }
    }

    @Test
    void a_member_wiped_under_load_is_seeded_from_the_others_and_carries_the_cluster_when_the_leader_dies()
            throws InterruptedException {
        start();

        try (Log log = AeronLog.connect(ClusterHosts.client(folder, "loader"))) {
            submit(log);
            int leader = log.status().leader();
            TraderProcess wiped = members.get((leader + 1) % members.size());
            wiped.kill();
            delete(wiped.options().folder());
            List<CompletableFuture<Reply>> load = send(log);

            Reseed.Result seeded = new Reseed(wiped.options()).run(leader);
            wiped.restart();
            await(load);

            assertThat(seeded.eventBytes()).isPositive();
            ClusterHosts.await("the seeded member to follow", () -> follows(wiped));
            assertThat(wiped.output()).doesNotContain("events lost");
            members.get(leader).kill();
            submit(log);
            var _ = log.submitAndWait(
                    new Command.ControlStrategy(true, EchoMachine.HASH, "tester", ""), ClusterHosts.LIMIT);
            List<Event.StateHashed> hashes = hashes(log, 2);
            assertThat(hashes.get(0).member()).isNotEqualTo(hashes.get(1).member());
            assertThat(hashes.get(0).stateHash()).isEqualTo(hashes.get(1).stateHash());

            members.stream().filter(member -> member != wiped).forEach(ReseedIT::end);
            try (EventReader<Event> alone = log.readAfter(0)) {
                assertThat(read(alone, 3 * COMMANDS)).isEqualTo(numbers(3 * COMMANDS));
            }
        }
    }

    @Test
    void a_wiped_member_is_seeded_from_a_snapshot_when_the_log_before_it_is_gone()
            throws InterruptedException, IOException {
        ClusterHosts.purge(folder);
        start();

        try (Log log = AeronLog.connect(ClusterHosts.client(folder, "loader"))) {
            String reason = "x".repeat(190);
            for (int i = 0; i < LONG_COMMANDS; i++) {
                var _ = log.submit(new Command.CancelOrder(i, reason, reason));
                if (i % COMMANDS == 0) {
                    submit(log);
                }
            }
            submit(log);
            int leader = log.status().leader();
            TraderProcess wiped = members.get((leader + 1) % members.size());
            ClusterHosts.await(
                    "the leader to purge its log",
                    () -> members.get(leader).output().contains("log purged"));
            wiped.kill();
            delete(wiped.options().folder());

            Reseed.Result seeded = new Reseed(wiped.options()).run(leader);
            wiped.restart();

            assertThat(seeded.snapshotPosition()).isPositive();
            ClusterHosts.await("the seeded member to follow", () -> follows(wiped));
            assertThat(wiped.output()).contains("snapshot loaded").doesNotContain("events lost");
            members.get(leader).kill();
            submit(log);
            members.stream().filter(member -> member != wiped).forEach(ReseedIT::end);
            try (EventReader<Event> alone = log.readAfter(0)) {
                int count = LONG_COMMANDS + COMMANDS * (LONG_COMMANDS / COMMANDS + 2);
                assertThat(read(alone, count)).isEqualTo(numbers(count));
            }
        }
    }

    @Test
    void without_members_that_have_a_leader_it_says_so() {
        members = List.of(TraderProcess.start(0, folder));

        TraderOptions wiped = ClusterHosts.options(2, folder);
        assertThatThrownBy(() -> new Reseed(wiped, NO_ANSWER).run(0))
                .isInstanceOf(TraderFailure.class)
                .hasMessageContaining("none of the other members answered for 3 s")
                .hasMessageContaining("have a leader");
    }

    private static void submit(Log log) {
        await(send(log));
    }

    private static List<CompletableFuture<Reply>> send(Log log) {
        return IntStream.range(0, COMMANDS)
                .mapToObj(each -> log.submit(new Command.Probe()))
                .toList();
    }

    private static void await(List<CompletableFuture<Reply>> replies) {
        CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
                .orTimeout(ClusterHosts.LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
        assertThat(replies).allMatch(reply -> reply.join().accepted());
    }

    private static boolean follows(TraderProcess member) {
        String output = member.output();
        int restarted = output.lastIndexOf("trader started");
        return output.indexOf("events recording extended") >= 0
                && restarted >= 0
                && output.indexOf("term began", restarted) >= 0;
    }

    /** Of the loader's commands, in the stream's order. */
    private static List<Long> read(EventReader<Event> reader, int count) {
        List<Long> read = new ArrayList<>();
        while (read.size() < count) {
            int delivered = reader.poll(
                    (header, event) -> {
                        if (event instanceof Event.Alarm alarm && read.size() < count) {
                            read.add(Long.valueOf(alarm.text()));
                        }
                    },
                    1_000,
                    ClusterHosts.LIMIT);
            assertThat(delivered).as("events after %s", reader.sequence()).isPositive();
        }
        return read;
    }

    private static List<Event.StateHashed> hashes(Log log, int count) {
        try (EventReader<Event> reader = log.readAfter(0)) {
            return ClusterHosts.read(reader, Event.StateHashed.class, count);
        }
    }

    private static List<Long> numbers(int count) {
        return LongStream.rangeClosed(1, count).boxed().toList();
    }

    private static void end(TraderProcess member) {
        try {
            member.kill();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
