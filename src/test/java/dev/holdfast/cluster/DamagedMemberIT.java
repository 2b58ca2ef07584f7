package dev.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.log.EchoMachine;
import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.runtime.OwnedProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member whose own files are damaged joins the others, or halts with the reason and what to do. It never waits for good. */
final class DamagedMemberIT {

    private static final int COMMANDS = 1_000;

    /** In the log of so many commands, far from both ends. */
    private static final int MIDDLE = 20_000;

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** The member that is damaged. */
    private static final int DAMAGED = 2;

    @TempDir
    private Path folder;

    private List<TraderProcess> members = List.of();

    @BeforeEach
    void start() throws InterruptedException {
        members = IntStream.range(0, ClusterHosts.ADDRESSES.size())
                .mapToObj(member -> TraderProcess.start(member, folder))
                .toList();
        submit();
    }

    @AfterEach
    void kill() throws InterruptedException {
        for (TraderProcess member : members) {
            member.kill();
        }
    }

    @Test
    void a_list_of_recordings_that_is_gone_halts_its_member() throws IOException, InterruptedException {
        stop();
        Files.delete(archive().resolve("archive.catalog"));

        assertThat(outcome()).contains("HALTED", "recording 1 is not in the list");
    }

    @Test
    void an_archive_that_is_no_folder_halts_its_member() throws IOException, InterruptedException {
        stop();
        Files.move(archive(), archive().resolveSibling("moved"));
        Files.writeString(archive(), "a file where the folder was");

        assertThat(outcome()).contains("HALTED", "is no folder");
    }

    @Test
    void marks_that_are_gone_are_made_anew() throws IOException, InterruptedException {
        stop();
        Files.deleteIfExists(archive().resolve("archive-mark.dat"));

        assertThat(outcome()).isEqualTo("JOINED");
    }

    @Test
    void a_member_whose_log_is_cut_short_has_every_record_again() throws IOException, InterruptedException {
        damaged().kill();
        try (RandomAccessFile open = new RandomAccessFile(logFile().toFile(), "rw")) {
            open.setLength(MIDDLE);
        }

        endsWhole();
    }

    @Test
    void a_member_whose_log_is_changed_in_the_middle_halts_and_has_every_record_once_it_is_filled_anew()
            throws IOException, InterruptedException {
        damaged().kill();
        try (RandomAccessFile open = new RandomAccessFile(logFile().toFile(), "rw")) {
            open.seek(MIDDLE);
            open.write("changed".getBytes(StandardCharsets.US_ASCII));
        }

        assertThat(endsWhole()).contains("wrong checksum");
    }

    @Test
    void a_member_whose_logs_newest_file_is_gone_has_every_record_again() throws IOException, InterruptedException {
        damaged().kill();
        Files.delete(logFile());

        endsWhole();
    }

    /**
     * The damaged member joins by itself, or halts, says why and how to fill it anew, and joins then. Either way it lacks nothing.
     *
     * @return how it ended before it was filled
     */
    private String endsWhole() throws IOException, InterruptedException {
        String first = outcome();
        System.out.println("the member ended " + first.strip());
        if (!first.equals("JOINED")) {
            assertThat(first).startsWith("HALTED: its files are damaged, in " + archive());
            assertThatThrownBy(new HaltFile(options())::requireAbsent).hasMessageContaining("holdfast reseed");
            fillAnew();
            assertThat(outcome()).isEqualTo("JOINED");
        }
        everythingIsThere();
        return first;
    }

    /** In order: it leaves a snapshot, if one can be had. */
    private void stop() throws InterruptedException {
        damaged().askToStop();
        damaged().awaitEnd();
    }

    /** As './holdfast reseed' does. */
    private void fillAnew() throws IOException, InterruptedException {
        Files.move(options().folder(), folder.resolve("aside"));
        try (Log log = AeronLog.connect(ClusterHosts.client(folder, "leader"))) {
            ClusterHosts.await("a leader", () -> log.status().leader() >= 0);
            new Reseed(options()).run(log.status().leader());
        }
    }

    /** The member has the others' state, and alone every event of every command that was acknowledged. */
    private void everythingIsThere() throws InterruptedException {
        submit();
        try (Log log = AeronLog.connect(ClusterHosts.client(folder, "witness"))) {
            var _ = log.submitAndWait(
                    new Command.ControlStrategy(true, EchoMachine.HASH, "tester", ""), ClusterHosts.LIMIT);
            try (EventReader<Event> reader = log.readAfter(0)) {
                assertThat(ClusterHosts.read(reader, Event.StateHashed.class, members.size()).stream()
                                .map(Event.StateHashed::stateHash)
                                .distinct())
                        .hasSize(1);
            }
            for (TraderProcess member : members) {
                if (member != damaged()) {
                    member.kill();
                }
            }
            try (EventReader<Event> alone = log.readAfter(0)) {
                assertThat(ClusterHosts.read(alone, Event.Alarm.class, 2 * COMMANDS).stream()
                                .map(Event.Alarm::text)
                                .limit(2 * COMMANDS))
                        .containsExactlyElementsOf(IntStream.range(0, 2 * COMMANDS)
                                .mapToObj(each -> Integer.toString(each % COMMANDS + 1)) // each client counts from one
                                .toList());
            }
        }
    }

    /** Starts the member again whenever it ends, as its agent does, until it has joined, has halted, or the time is over. */
    private String outcome() throws IOException, InterruptedException {
        long began = System.nanoTime();
        long logged = damaged().output().length();
        damaged().restart();
        while (System.nanoTime() - began < ClusterHosts.LIMIT.toNanos()) {
            Path halt = options().folder().resolve(OwnedProcess.HALT_FILE);
            if (Files.exists(halt)) {
                damaged().awaitEnd();
                return "HALTED: " + Files.readString(halt);
            }
            if (damaged().output().substring((int) logged).contains("term began")
                    && !Files.exists(options().folder().resolve("joining"))) {
                return "JOINED";
            }
            if (damaged().ended()) {
                damaged().restart();
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return "STANDS " + damaged().output().substring((int) logged);
    }

    private TraderProcess damaged() {
        return members.get(DAMAGED);
    }

    private void submit() {
        try (Log log = AeronLog.connect(ClusterHosts.client(folder, "operator"))) {
            List<CompletableFuture<?>> answers = new ArrayList<>();
            for (int i = 0; i < COMMANDS; i++) {
                answers.add(log.submit(new Command.Probe()));
                if (answers.size() == 100) {
                    answers.forEach(CompletableFuture::join);
                    answers.clear();
                }
            }
        }
    }

    private TraderOptions options() {
        return ClusterHosts.options(DAMAGED, folder);
    }

    /** The second recording that is made; the first one is the events'. */
    private Path logFile() {
        return archive().resolve("1-0.rec");
    }

    private Path archive() {
        return options().archiveFolder();
    }
}
