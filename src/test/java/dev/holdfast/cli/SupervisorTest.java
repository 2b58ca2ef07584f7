package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.runtime.Heartbeat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {

    private static final long LIMIT_SECONDS = 90;

    @TempDir
    Path folder;

    private @Nullable Process supervisor;

    @BeforeEach
    void requireProcesses() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "needs Linux");
    }

    @AfterEach
    void end() {
        Process started = supervisor;
        if (started != null) {
            started.descendants().forEach(ProcessHandle::destroyForcibly);
            started.destroyForcibly();
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
    void an_agent_that_ends_in_order_ends_its_supervisor_and_its_watcher() throws IOException, InterruptedException {
        Process ended = start("true");

        assertThat(ended.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(ended.exitValue()).isZero();
    }

    /** The first agent does this, the second one ends in order. */
    private String supervise(String first) throws IOException, InterruptedException {
        Process process = start("[ -e second ] && exit 0; touch second; " + first);
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                .as(Files.readString(folder.resolve("log")))
                .isTrue();
        return Files.readString(folder.resolve("log"));
    }

    private Process start(String agent) throws IOException {
        Process process = new ProcessBuilder(Supervisor.around(List.of("sh", "-c", agent), folder, "0.1"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        supervisor = process;
        return process;
    }
}
