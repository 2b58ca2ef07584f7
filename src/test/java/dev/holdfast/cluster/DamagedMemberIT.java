package dev.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.runtime.OwnedProcess;
import java.io.IOException;
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
        damaged().askToStop();
        damaged().awaitEnd();
    }

    @AfterEach
    void kill() throws InterruptedException {
        for (TraderProcess member : members) {
            member.kill();
        }
    }

    @Test
    void a_list_of_recordings_that_is_gone_halts_its_member() throws IOException, InterruptedException {
        Files.delete(archive().resolve("archive.catalog"));

        assertThat(outcome()).contains("HALTED", "recording 1 is not in the list");
    }

    @Test
    void an_archive_that_is_no_folder_halts_its_member() throws IOException, InterruptedException {
        Files.move(archive(), archive().resolveSibling("moved"));
        Files.writeString(archive(), "a file where the folder was");

        assertThat(outcome()).contains("HALTED", "is no folder");
    }

    @Test
    void marks_that_are_gone_are_made_anew() throws IOException, InterruptedException {
        Files.deleteIfExists(archive().resolve("archive-mark.dat"));

        assertThat(outcome()).isEqualTo("JOINED");
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

    private Path archive() {
        return options().archiveFolder();
    }
}
