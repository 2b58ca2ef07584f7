package dev.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import io.aeron.cluster.RecordingLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

/** Three members in processes of their own, killed, stopped, damaged and started again. */
final class ClusterRecoveryIT {

    private static final int COMMANDS = 3_000;

    @TempDir
    private Path folder;

    private List<TraderProcess> members = List.of();

    @BeforeEach
    void start() {
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
    void killing_leaders_under_load_loses_nothing_and_repeats_nothing() throws InterruptedException {
        try (Log log = AeronLog.connect(ClusterHosts.client(folder, "loader"));
                EventReader<Event> reader = log.readAfter(0);
                EventReader<Event> other = log.readAfter(0)) {
            List<Long> read = new ArrayList<>();
            List<Long> readElsewhere = new ArrayList<>();
            List<CompletableFuture<Reply>> replies = new ArrayList<>();
            log.submitAndWait(new Command.Probe(), ClusterHosts.LIMIT);

            int firstKilled = submitAndKillLeader(log, replies);
            members.get(firstKilled).restart();
            read(reader, read, replies.size());
            ClusterHosts.await(
                    "member " + firstKilled + " to follow again", () -> followsAgain(members.get(firstKilled)));
            int secondKilled = submitAndKillLeader(log, replies);
            members.get(secondKilled).restart();

            await(replies);
            assertThat(replies).allMatch(reply -> reply.join().accepted());
            read(reader, read, replies.size() + 1);
            read(other, readElsewhere, replies.size() + 1);
            assertThat(read)
                    .isEqualTo(LongStream.rangeClosed(1, replies.size() + 1L)
                            .boxed()
                            .toList());
            assertThat(readElsewhere).isEqualTo(read);
        }
    }

    @Test
    void a_new_leader_reports_how_old_the_last_renewal_is_and_never_more_than_that() throws InterruptedException {
        try (Log log = AeronLog.connect(ClusterHosts.client(folder, "loader"));
                EventReader<Event> reader = log.readAfter(0)) {
            long askedNanos = System.nanoTime();
            log.submitAndWait(new Command.Probe(), ClusterHosts.LIMIT);
            int killed = log.status().leader();
            members.get(killed).kill();

            Event.OperatorActed report =
                    ClusterHosts.read(reader, Event.OperatorActed.class, 1).getFirst();
            long seenNanos = System.nanoTime();

            assertThat(report.target()).isEqualTo("term " + log.status().term());
            assertThat(Long.parseLong(report.result())).isPositive().isLessThan(seenNanos - askedNanos);
        }
    }

    @Test
    void members_go_on_from_their_snapshot_and_from_the_older_one_when_the_newest_is_damaged()
            throws InterruptedException, IOException {
        try (Log log = AeronLog.connect(ClusterHosts.client(folder, "loader"));
                EventReader<Event> reader = log.readAfter(0)) {
            List<Long> read = new ArrayList<>();
            log.submitAndWait(new Command.Probe(), ClusterHosts.LIMIT);

            stopAll();
            members.forEach(TraderProcess::restart);
            log.submitAndWait(new Command.Probe(), ClusterHosts.LIMIT);
            assertThat(members).allMatch(member -> member.output().contains("snapshot loaded"));

            stopAll();
            flipByte(recording(members.get(0), 0));
            truncate(recording(members.get(1), 0));
            flipByte(recording(members.get(2), -1));
            members.forEach(TraderProcess::restart);
            Reply third = log.submitAndWait(new Command.Probe(), ClusterHosts.LIMIT);

            assertThat(third.value()).isEqualTo(3);
            for (TraderProcess member : members) {
                ClusterHosts.await(
                        "a member to refuse its damaged snapshot; it wrote:\n" + member.output(),
                        () -> member.output().contains("instead=snapshot at"));
            }
            read(reader, read, 3);
            assertThat(read).containsExactly(1L, 2L, 3L);
        }
    }

    @Test
    void with_two_members_killed_nothing_is_answered_until_one_returns_and_then_all_goes_on_by_itself()
            throws InterruptedException {
        try (Log log = AeronLog.connect(ClusterHosts.client(folder, "loader"))) {
            log.submitAndWait(new Command.Probe(), ClusterHosts.LIMIT);
            members.get(1).kill();
            members.get(2).kill();

            CompletableFuture<Reply> waiting = log.submit(new Command.Probe());
            ClusterHosts.await(
                    "the client to be without a leader", () -> !log.status().connected());
            assertThat(waiting).isNotDone();
            members.get(2).restart();

            await(List.of(waiting));
            assertThat(waiting.join().accepted()).isTrue();
            assertThat(waiting.join().value()).isEqualTo(2);
        }
    }

    @Test
    void a_member_whose_last_messages_were_torn_by_a_loss_of_power_starts_and_gets_them_from_the_others()
            throws InterruptedException, IOException {
        try (Log log = AeronLog.connect(ClusterHosts.client(folder, "loader"));
                EventReader<Event> reader = log.readAfter(0)) {
            List<Long> read = new ArrayList<>();
            for (int i = 0; i < COMMANDS; i++) {
                var _ = log.submit(new Command.Probe());
            }
            log.submitAndWait(new Command.Probe(), ClusterHosts.LIMIT);
            TraderProcess torn = members.get((log.status().leader() + 1) % members.size());
            torn.kill();

            tear(torn.options().archiveFolder().resolve("0-0.rec"));
            tear(torn.options().archiveFolder().resolve("1-0.rec"));
            torn.restart();

            ClusterHosts.await("the torn member to follow", () -> followsAgain(torn));
            assertThat(torn.output())
                    .contains("cut off recording=0 verdict=\"(recordingId=0) OK\"")
                    .contains("cut off recording=1 verdict=\"(recordingId=1) OK\"");
            int leader = log.status().leader();
            members.get(leader).kill();
            log.submitAndWait(new Command.Probe(), ClusterHosts.LIMIT);
            read(reader, read, COMMANDS + 2);
            assertThat(read)
                    .isEqualTo(LongStream.rangeClosed(1, COMMANDS + 2L).boxed().toList());
        }
    }

    private int submitAndKillLeader(Log log, List<CompletableFuture<Reply>> replies) throws InterruptedException {
        for (int i = 0; i < COMMANDS; i++) {
            replies.add(log.submit(new Command.Probe()));
        }
        replies.get(replies.size() - COMMANDS)
                .orTimeout(ClusterHosts.LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
        int leader = log.status().leader();
        members.get(leader).kill();
        await(replies);
        return leader;
    }

    private boolean followsAgain(TraderProcess member) {
        String output = member.output();
        int restarted = output.lastIndexOf("trader started");
        return restarted >= 0
                && output.indexOf("term began", restarted) >= 0
                && output.indexOf("events recording extended") >= 0;
    }

    private void stopAll() throws InterruptedException {
        members.forEach(TraderProcess::askToStop);
        for (TraderProcess member : members) {
            member.awaitEnd();
            assertThat(member.output()).contains("snapshot=true").doesNotContain("trader halts");
        }
    }

    private static void await(List<CompletableFuture<Reply>> replies) {
        CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
                .orTimeout(ClusterHosts.LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Reads until that many numbered commands were seen. */
    private static void read(EventReader<Event> reader, List<Long> read, int count) {
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
    }

    private static Path recording(TraderProcess member, int serviceId) {
        TraderOptions options = member.options();
        try (RecordingLog log = new RecordingLog(options.clusterFolder().toFile(), false)) {
            long recording = log.getLatestSnapshot(serviceId).recordingId;
            return options.archiveFolder().resolve(recording + "-0.rec");
        }
    }

    private static void flipByte(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            long at = 60; // in the payload of the first message
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 0x10)).rewind();
            channel.write(one, at);
        }
    }

    /** Loses all from a page's boundary on, as the system's cache does, where that leaves a message's first part. */
    private static void tear(Path file) throws IOException {
        ByteBuffer content =
                ByteBuffer.wrap(java.nio.file.Files.readAllBytes(file)).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        int page = 4096;
        int boundary = 0;
        for (int at = 0; content.getInt(at) > 0; ) {
            int next = at + (content.getInt(at) + 31 & ~31);
            if (at / page != (next - 1) / page) {
                boundary = next / page * page;
            }
            at = next;
        }
        assertThat(boundary).isPositive();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long length = channel.size();
            channel.truncate(boundary);
            channel.write(ByteBuffer.allocate(1), length - 1);
        }
    }

    private static void truncate(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(96);
        }
    }
}
