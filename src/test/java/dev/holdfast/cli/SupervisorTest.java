package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.runtime.Heartbeat;
import dev.holdfast.runtime.OwnedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {

    private static final long LIMIT_SECONDS = 90;
    private static final String LOOK_SECONDS = "0.1";

    /** Tells its pid and goes on until it is killed. */
    private static final List<String> AGENT = List.of("sh", "-c", "echo $$ > agent; while :; do sleep 0.1; done");

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void requireProcesses() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "needs Linux");
    }

    @AfterEach
    void end() throws IOException, InterruptedException {
        supervisor().forbid();
        for (Process each : started) {
            each.destroyForcibly();
        }
        for (ProcessHandle left : OwnedProcess.workingUnder(folder)) {
            left.destroyForcibly();
        }
    }

    @Test
    void an_agent_that_is_stopped_is_killed_and_started_again() throws IOException, InterruptedException {
        String said = supervise("kill -STOP $$");

        assertThat(said).contains("the agent lives and does nothing", "exit code 137");
    }

    @Test
    void an_agent_whose_heartbeat_stands_is_killed_and_started_again() throws IOException, InterruptedException {
        String said = supervise("echo 1 > '" + folder.resolve(Heartbeat.FILE) + "'; while :; do sleep 0.1; done");

        assertThat(said).contains("the agent lives and does nothing", "exit code 137");
    }

    @Test
    void an_agent_that_ends_in_order_ends_its_supervisor() throws IOException, InterruptedException {
        Process ended = start(List.of("true"), Optional.empty());

        awaitEnd(ended);
        assertThat(ended.exitValue()).isZero();
    }

    @Test
    void a_second_supervisor_ends_and_leaves_the_first_one_and_its_agent_alone()
            throws IOException, InterruptedException {
        Process first = start(AGENT, Optional.empty());
        long agent = awaitAgent(_ -> true);

        Process second = start(List.of("touch", "second"), Optional.empty());
        awaitEnd(second);

        assertThat(log()).contains("has a supervisor already");
        assertThat(folder.resolve("second")).doesNotExist();
        assertThat(supervisor().running().map(ProcessHandle::pid)).contains(first.pid());
        assertThat(ProcessHandle.of(agent).map(ProcessHandle::isAlive)).contains(true);
    }

    @Test
    void a_new_supervisor_takes_over_the_agent_of_a_killed_one_and_starts_it_again()
            throws IOException, InterruptedException {
        Process first = start(AGENT, Optional.empty());
        long agent = awaitAgent(_ -> true);
        first.destroyForcibly().waitFor();
        assertThat(supervisor().running()).isEmpty();

        Process second = start(AGENT, ProcessHandle.of(agent));
        awaitRunning(second.pid());
        assertThat(awaitAgent(_ -> true)).isEqualTo(agent);
        ProcessHandle.of(agent).orElseThrow().destroyForcibly();

        awaitAgent(pid -> pid != agent);
        assertThat(log()).contains("has a new supervisor", "the agent ended and is started again");
    }

    @Test
    void a_supervisor_that_is_gone_is_replaced_by_its_agent() throws IOException, InterruptedException {
        SupervisorWatch watch = new SupervisorWatch(supervisor(), AGENT);

        watch.run();

        awaitRunning(0);
    }

    @Test
    void a_supervisor_that_is_frozen_for_ten_looks_is_killed_and_replaced() throws IOException, InterruptedException {
        Process frozen = start(AGENT, Optional.empty());
        awaitRunning(frozen.pid());
        new ProcessBuilder("kill", "-STOP", Long.toString(frozen.pid())).start().waitFor();
        SupervisorWatch watch = new SupervisorWatch(supervisor(), AGENT);

        for (int look = 0; look < 9; look++) {
            watch.run();
        }
        assertThat(frozen.isAlive()).isTrue();
        watch.run();

        awaitEnd(frozen);
        awaitRunning(0);
    }

    @Test
    void nothing_is_replaced_once_it_is_forbidden() throws IOException, InterruptedException {
        Process supervisor = start(AGENT, Optional.empty());
        long agent = awaitAgent(_ -> true);
        supervisor().forbid();

        ProcessHandle.of(agent).orElseThrow().destroyForcibly();
        awaitEnd(supervisor);
        new SupervisorWatch(supervisor(), AGENT).run();

        assertThat(OwnedProcess.workingUnder(folder)).isEmpty();
        assertThat(log()).doesNotContain("started again");
    }

    /** The first agent does this, the second one ends in order. */
    private String supervise(String first) throws IOException, InterruptedException {
        awaitEnd(start(List.of("sh", "-c", "[ -e second ] && exit 0; touch second; " + first), Optional.empty()));
        return log();
    }

    private Supervisor supervisor() {
        return new Supervisor(folder, folder.resolve("log"));
    }

    private Process start(List<String> agentCommand, Optional<ProcessHandle> agent) throws IOException {
        Process process = new ProcessBuilder(supervisor().around(agentCommand, agent, LOOK_SECONDS))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
        started.add(process);
        return process;
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    private void awaitEnd(Process process) throws IOException, InterruptedException {
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as(log()).isTrue();
    }

    /** @param pid 0 for any */
    private void awaitRunning(long pid) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (supervisor()
                .running()
                .filter(shell -> pid == 0 || shell.pid() == pid)
                .isEmpty()) {
            assertThat(System.nanoTime() - deadline).as("no supervisor").isNegative();
            Thread.onSpinWait();
        }
    }

    private long awaitAgent(Predicate<Long> wanted) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (true) {
            Path told = folder.resolve("agent");
            String text = Files.exists(told) ? Files.readString(told).strip() : "";
            if (!text.isEmpty() && wanted.test(Long.parseLong(text))) {
                return Long.parseLong(text);
            }
            assertThat(System.nanoTime() - deadline).as("no agent").isNegative();
            Thread.onSpinWait();
        }
    }
}
