package dev.holdfast.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnedProcessTest {

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final List<String> LONG_LIFE = List.of("/bin/sh", "-c", "echo begun; exec sleep 600");

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        OwnedProcess.workingUnder(folder).forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void whoever_comes_later_finds_the_process_and_can_end_it() throws IOException, InterruptedException {
        OwnedProcess starter = process();
        starter.start(LONG_LIFE, Map.of());
        long pid = starter.running().orElseThrow().pid();

        OwnedProcess successor = process();

        assertThat(successor.running()).map(ProcessHandle::pid).contains(pid);
        successor.stop(GRACE);
        assertThat(successor.running()).isEmpty();
        assertThat(process().running()).isEmpty();
    }

    @Test
    void another_process_with_the_remembered_pid_is_not_believed() throws IOException {
        Files.createDirectories(folder.resolve("work"));
        Files.writeString(
                folder.resolve("work").resolve("pid"), ProcessHandle.current().pid() + " 12345\n");

        assertThat(process().running()).isEmpty();
    }

    @Test
    void a_torn_pid_file_does_not_hide_the_process() throws IOException {
        OwnedProcess starter = process();
        starter.start(LONG_LIFE, Map.of());
        Files.writeString(folder.resolve("work").resolve("pid"), "12");

        assertThat(process().running())
                .map(ProcessHandle::pid)
                .isEqualTo(starter.running().map(ProcessHandle::pid));
    }

    @Test
    void the_log_stays_within_its_bound_and_shows_its_end() throws IOException {
        Path log = folder.resolve("some.log");
        Files.write(log, new byte[(int) BoundedLogFile.MOST_BYTES + 1]);

        BoundedLogFile.trim(log);

        assertThat(log).isEmptyFile();
        Files.writeString(log, "one\ntwo\nthree\n");
        assertThat(BoundedLogFile.tail(log, 2)).containsExactly("two", "three");
    }

    private OwnedProcess process() {
        return new OwnedProcess(folder.resolve("work"), folder.resolve("work.log"));
    }
}
