package dev.holdfast.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.LeftBehind;
import dev.holdfast.agent.Region;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever happens to the agent, the fencer or the postmaster: no backend of a real primary outlives its lease. */
final class FencerIT {

    private KeptRegion region;

    @BeforeEach
    void open() throws Exception {
        region = new KeptRegion();
    }

    @AfterEach
    void close() throws Exception {
        region.close();
    }

    @Test
    void everything_ends_with_a_killed_agent() throws Exception {
        Kept observer = region.host("a");
        Process agent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KeptProcess.class.getName(),
                        region.region().home().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = agent.inputReader()) {
            assertThat(output.lines().anyMatch(KeptProcess.READY::equals)).isTrue();
            observer.makeBusy();

            agent.destroyForcibly();

            awaitClean(observer);
        }
    }

    @Test
    void everything_ends_at_the_deadline() throws Exception {
        Kept host = busyPrimary();

        host.ports().fencer().deadline(host.ports().clock().nanos() + TimeUnit.MILLISECONDS.toNanos(300));

        awaitClean(host);
        Region.await("it is seen", Kept.LIMIT, () -> !host.instance().sight().answers());
        assertThat(host.instance().postmasterAlive()).isFalse();
        assertThat(host.ports().fencer().alive()).isFalse();
    }

    @Test
    void a_deadline_given_before_the_start_is_the_first_of_the_new_fencer() throws Exception {
        Kept host = region.host("a");
        host.initialise();
        long deadline = host.ports().clock().nanos() + TimeUnit.HOURS.toNanos(1);

        host.call(() -> host.ports().fencer().deadline(deadline));
        host.start();

        Region.await("it is answered", Kept.LIMIT, () -> host.ports().fencer().answeredDeadline() == deadline);
    }

    @Test
    void a_fencer_frozen_past_the_deadline_kills_when_it_thaws() throws Exception {
        Kept host = busyPrimary();
        long fencer = fencer(host);
        long deadline = host.ports().clock().nanos() + TimeUnit.MILLISECONDS.toNanos(500);
        host.ports().fencer().deadline(deadline);
        Region.await("it is answered", Kept.LIMIT, () -> host.ports().fencer().answeredDeadline() == deadline);
        LeftBehind.signal(fencer, "STOP");
        Region.await(
                "the deadline passes", Kept.LIMIT, () -> host.ports().clock().nanos() > deadline);
        assertThat(host.instance().clean()).isFalse();

        LeftBehind.signal(fencer, "CONT");

        awaitClean(host);
    }

    @Test
    void backends_do_not_outlive_a_postmaster_that_was_killed_alone() throws Exception {
        Kept host = busyPrimary();

        ProcessHandle.of(postmaster(host)).orElseThrow().destroyForcibly();

        awaitClean(host);
    }

    @Test
    void a_kill_leaves_nothing_although_fencer_and_postmaster_are_frozen() throws Exception {
        Kept host = busyPrimary();
        LeftBehind.signal(fencer(host), "STOP");
        LeftBehind.signal(postmaster(host), "STOP");

        host.kill();

        assertThat(host.instance().clean()).isTrue();
        assertThat(host.instance().postmasterAlive()).isFalse();
    }

    @Test
    void the_next_agent_ends_what_a_frozen_fencer_left_and_starts() throws Exception {
        Kept host = busyPrimary();
        LeftBehind.signal(fencer(host), "STOP");
        Kept next = region.host("a");
        assertThat(next.instance().clean()).isFalse();

        next.kill();
        next.start();

        assertThat(next.instance().sight().answers()).isTrue();
    }

    private Kept busyPrimary() throws Exception {
        Kept host = region.host("a");
        host.begin(1);
        host.makeBusy();
        return host;
    }

    private static long postmaster(Kept host) throws Exception {
        return Long.parseLong(host.ask("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"));
    }

    private static long fencer(Kept host) throws Exception {
        return ProcessHandle.of(postmaster(host))
                .orElseThrow()
                .parent()
                .orElseThrow()
                .pid();
    }

    private static void awaitClean(Kept host) throws InterruptedException {
        Region.await("nothing is left", Kept.LIMIT, () -> host.instance().clean());
    }
}
