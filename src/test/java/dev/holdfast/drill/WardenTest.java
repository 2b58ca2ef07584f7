package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real processes. */
class WardenTest {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(90);

    @TempDir
    Path folder;

    @Test
    void it_tidies_up_when_its_master_is_killed() throws IOException {
        Path ready = folder.resolve("ready");
        Path tidied = folder.resolve("tidied");
        Process master = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Master.class.getName(),
                        ready.toString(),
                        tidied.toString()))
                .inheritIO()
                .start();
        await(() -> Files.exists(ready));
        assertThat(tidied).doesNotExist();

        master.destroyForcibly();

        await(() -> Files.exists(tidied));
    }

    @Test
    void a_closed_one_leaves_no_process() throws IOException {
        List<ProcessHandle> started;
        try (Warden _ = Warden.watching(List.of("true"))) {
            await(() -> ours().anyMatch(handle -> handle.descendants().findAny().isPresent()));
            started = ours().toList();
        }

        await(() -> started.stream().noneMatch(ProcessHandle::isAlive));
    }

    private static java.util.stream.Stream<ProcessHandle> ours() {
        return ProcessHandle.current().descendants();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("waited too long").isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** Sets a warden and stays. */
    static final class Master {

        private Master() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            Warden warden = Warden.watching(List.of("touch", arguments[1]));
            Files.createFile(Path.of(arguments[0]));
            Thread.sleep(60_000);
            warden.close();
        }
    }
}
