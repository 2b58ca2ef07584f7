package dev.holdfast.bench.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.OwnedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real processes. */
class PatroniFolderTest {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(90);

    @TempDir
    Path temporary;

    @Test
    void what_works_in_it_is_ended_and_it_is_gone_when_it_is_closed() throws Exception {
        PatroniFolder folder = PatroniFolder.make();
        start(folder, "exec sleep 600");
        await(() -> !OwnedProcess.workingUnder(folder.path()).isEmpty());

        folder.close();

        assertThat(folder.path()).doesNotExist();
        assertThat(OwnedProcess.workingUnder(folder.path())).isEmpty();
    }

    @Test
    void and_when_its_maker_is_killed() throws Exception {
        Path told = temporary.resolve("told");
        Process maker = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Maker.class.getName(),
                        told.toString()))
                .inheritIO()
                .start();
        await(() -> Files.exists(told));
        Path folder = Path.of(Files.readString(told));
        await(() -> !OwnedProcess.workingUnder(folder).isEmpty());

        maker.destroyForcibly();

        await(() -> !Files.exists(folder));
        assertThat(OwnedProcess.workingUnder(folder)).isEmpty();
    }

    private static void start(PatroniFolder folder, String script) throws IOException {
        new OwnedProcess(folder.path().resolve("own"), folder.path().resolve("log"))
                .start(List.of("sh", "-c", script), Map.of());
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("waited too long").isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** Makes one and stays. */
    static final class Maker {

        private Maker() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            PatroniFolder folder = PatroniFolder.make();
            start(folder, "trap '' INT; while :; do sleep 600; done"); // which does not end when it is asked to
            Path told = Path.of(arguments[0]);
            Path fresh = told.resolveSibling("fresh");
            Files.writeString(fresh, folder.path().toString());
            Files.move(fresh, told);
            Thread.sleep(600_000);
            folder.close();
        }
    }
}
