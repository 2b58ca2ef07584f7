package dev.holdfast.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.LeftBehind;
import dev.holdfast.agent.Region;
import dev.holdfast.agent.ServerFolder;
import dev.holdfast.agent.UnprivilegedUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The script with processes that only sleep, under the name that it looks for: what PostgreSQL adds is in FencerIT. */
final class FencerProcessTest {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final long FAR_NANOS = TimeUnit.HOURS.toNanos(1);

    /** A fencer that is told nothing looks at its postmaster this often, and a moment. */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1_100);

    private Path home;
    private ServerFolder folder;
    private Path data;
    private Path program;
    private Path log;
    private DataProcesses processes;
    private BootClock clock;
    private FencerProcess fencer;

    @BeforeEach
    void start() throws Exception {
        home = Files.createTempDirectory("holdfast-fencer");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        folder = ServerFolder.open(home, "a", "postgres", UnprivilegedUser.forRoot("postgres", "nobody"));
        data = folder.resolve("data");
        folder.make(data);
        program = home.resolve("postgres");
        Files.copy(Path.of("/bin/sleep"), program, StandardCopyOption.COPY_ATTRIBUTES);
        log = home.resolve("log");
        clock = BootClock.open();
        processes = new DataProcesses(folder.path());
        fencer = FencerProcess.start(
                folder, folder.resolve("fencer"), data, List.of(program.toString(), "600"), log, clock);
        backend();
    }

    @AfterEach
    void stop() throws Exception {
        processes.kill();
        clock.close();
        ServerFolder.deleteUnfinished(home);
    }

    @Test
    void it_answers_each_deadline() throws Exception {
        long before = clock.nanos();
        long deadline = before + FAR_NANOS;

        fencer.deadline(deadline);

        Region.await("the deadline is answered", LIMIT, () -> fencer.answeredDeadline() == deadline);
        assertThat(fencer.answeredNanos()).isBetween(before, clock.nanos());
        assertThat(fencer.alive()).isTrue();
    }

    @Test
    void everything_ends_at_the_deadline_and_not_before() throws Exception {
        long deadline = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(500);

        fencer.deadline(deadline);
        awaitNothingLeft();

        assertThat(clock.nanos()).isGreaterThanOrEqualTo(deadline - 2 * BootClock.RESOLUTION_NANOS);
        assertThat(Files.readString(log)).contains("its deadline has passed");
    }

    @Test
    void a_later_deadline_replaces_an_earlier_one() throws Exception {
        long first = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(300);
        long second = first + FAR_NANOS;

        fencer.deadline(first);
        fencer.deadline(second);
        Region.await("the second is answered", LIMIT, () -> fencer.answeredDeadline() == second);
        Region.await("the first passes", LIMIT, () -> clock.nanos() > first + 10 * BootClock.RESOLUTION_NANOS);

        assertThat(processes.find()).hasSize(3);
    }

    @Test
    void everything_ends_with_the_postmaster() throws Exception {
        ProcessHandle.of(fencer.postmaster().get()).orElseThrow().destroyForcibly();

        awaitNothingLeft();

        assertThat(Files.readString(log)).contains("the postmaster has ended");
    }

    @Test
    void a_fencer_frozen_past_its_deadline_kills_when_it_thaws_although_a_later_one_waits() throws Exception {
        long deadline = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(500);
        fencer.deadline(deadline);
        Region.await("the deadline is answered", LIMIT, () -> fencer.answeredDeadline() == deadline);
        LeftBehind.signal(pid(), "STOP");
        fencer.deadline(deadline + FAR_NANOS);
        Region.await("the deadline passes", LIMIT, () -> clock.nanos() > deadline);
        assertThat(processes.find()).hasSize(3);

        LeftBehind.signal(pid(), "CONT");
        awaitNothingLeft();

        assertThat(fencer.answeredDeadline()).isEqualTo(deadline);
    }

    @Test
    void a_deadline_that_comes_when_a_stalled_fencer_has_waited_long_enough_is_read_whole() throws Exception {
        long deadline = clock.nanos() + FAR_NANOS;
        for (int stall = 1; stall <= 3; stall++) {
            long stopped = clock.nanos();
            LeftBehind.signal(pid(), "STOP");
            Region.await("its wait is over", LIMIT, () -> clock.nanos() > stopped + LONGEST_WAIT_NANOS);
            long next = deadline + stall;
            fencer.deadline(next);

            LeftBehind.signal(pid(), "CONT");

            Region.await("the deadline is answered", LIMIT, () -> fencer.answeredDeadline() == next);
            assertThat(processes.find()).hasSize(3);
        }
    }

    @Test
    void no_caller_waits_for_a_frozen_fencer() throws Exception {
        long answered = clock.nanos() + FAR_NANOS;
        fencer.deadline(answered);
        Region.await("the deadline is answered", LIMIT, () -> fencer.answeredDeadline() == answered);
        LeftBehind.signal(pid(), "STOP");

        for (int i = 1; i <= 1_000_000; i++) { // many times what a pipe holds
            fencer.deadline(answered + i);
        }

        assertThat(fencer.answeredDeadline()).isEqualTo(answered);
        assertThat(fencer.alive()).isTrue();
    }

    @Test
    void signals_that_ask_a_process_to_end_do_not_end_it() throws Exception {
        for (String signal : List.of("HUP", "INT", "TERM")) {
            LeftBehind.signal(pid(), signal);
        }
        long deadline = clock.nanos() + FAR_NANOS;

        fencer.deadline(deadline);

        Region.await("the deadline is answered", LIMIT, () -> fencer.answeredDeadline() == deadline);
    }

    @Test
    void a_deadline_that_cannot_be_read_counts_as_passed() throws Exception {
        fencer.deadline(-1);

        awaitNothingLeft();

        assertThat(Files.readString(log)).contains("a deadline cannot be read: '-1'");
    }

    @Test
    void the_server_has_none_of_the_agents_pipes_and_no_ignored_signals() throws Exception {
        Path process = Path.of("/proc", Long.toString(fencer.postmaster().get()));

        for (String standard : List.of("0", "1", "2")) {
            assertThat(Files.readSymbolicLink(process.resolve("fd").resolve(standard))
                            .toString())
                    .isIn("/dev/null", log.toString());
        }
        try (var all = Files.list(process.resolve("fd"))) {
            assertThat(all).hasSize(3);
        }
    }

    /** It works in the data directory and belongs to nobody that the fencer knows. */
    private void backend() throws Exception {
        Process backend = new ProcessBuilder(folder.asUser(List.of(program.toString(), "600")))
                .directory(data.toFile())
                .start();
        fencer.postmaster().get();
        Region.await(
                "three processes work", LIMIT, () -> processes.find().size() == 3 && processes.contains(backend.pid()));
    }

    private long pid() throws Exception {
        return ProcessHandle.of(fencer.postmaster().get())
                .orElseThrow()
                .parent()
                .orElseThrow()
                .pid();
    }

    private void awaitNothingLeft() throws InterruptedException {
        Region.await("nothing is left", LIMIT, () -> processes.find().isEmpty());
        Region.await("the fencer ends", LIMIT, () -> !fencer.alive());
    }
}
