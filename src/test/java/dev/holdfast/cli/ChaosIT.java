package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Chaos on a whole system of real processes, on addresses of its own. */
class ChaosIT {

    private static final long LIMIT_SECONDS = 240;
    private static final long LOOK_AGAIN_MILLIS = 20;
    private static final long SEED = 11;
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private Path home;

    @BeforeEach
    void up() throws IOException, InterruptedException {
        home = Files.createDirectories(folder.resolve("home"));
        try (InputStream template = Objects.requireNonNull(ChaosIT.class.getResourceAsStream("/holdfast.yaml"))) {
            String text = new String(template.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("127.0.1.", "127.0.44.")
                    .replace("127.0.3.1", "127.0.44.100");
            Files.writeString(home.resolve("holdfast.yaml"), text);
        }
        Launched up = launch("up");
        assertThat(up.exitCode()).as(up.err()).isZero();
    }

    /** Also after a failure: nothing of a test may stay behind, frozen or not. */
    @AfterEach
    void down() throws IOException, InterruptedException {
        launch("down").exitCode();
        for (ProcessHandle left : Home.open(home).processes()) {
            left.destroyForcibly();
        }
    }

    @Test
    void every_invariant_holds_under_random_faults_and_a_killed_run_leaves_nothing_behind()
            throws IOException, InterruptedException {
        Launched chaos = launch("chaos", "--for", "35s", "--seed", Long.toString(SEED), "--json");

        assertThat(chaos.exitCode()).as("seed " + SEED + ": " + chaos.err()).isZero();
        JsonNode report = JSON.readTree(chaos.out());
        assertThat(report.path("verdict").asString()).isEqualTo("pass");
        assertThat(report.path("faults").isEmpty()).isFalse();
        for (JsonNode fault : report.path("faults")) {
            assertThat(fault.path("nextOrderMillis").isNumber())
                    .as(fault.toString())
                    .isTrue();
            assertThat(fault.path("nextDurableMillis").isNumber())
                    .as(fault.toString())
                    .isTrue();
        }
        assertThat(report.path("invariants").properties())
                .isNotEmpty()
                .allMatch(each -> each.getValue().asBoolean());

        assertThat(drillStrategies("RUNNING")).isEmpty();

        killed_in_the_middle_of_a_freeze_it_leaves_nothing_frozen_and_no_load();
    }

    private void killed_in_the_middle_of_a_freeze_it_leaves_nothing_frozen_and_no_load()
            throws IOException, InterruptedException {
        Launched chaos = launch("chaos", "--for", "5m", "--seed", "3", "--only", "trader-follower-freeze");
        await("something is frozen", () -> frozen() > 0);

        chaos.process().destroyForcibly();
        chaos.process().waitFor();

        await("nothing is frozen", () -> frozen() == 0);
        await(
                "the load is off",
                () -> drillStrategies("RUNNING").isEmpty()
                        && !drillStrategies("STOPPED").isEmpty());
        Launched audit = launch("audit");
        assertThat(audit.exitCode()).as(audit.out() + audit.err()).isZero();
    }

    private List<String> drillStrategies(String state) throws IOException, InterruptedException {
        Launched list = launch("strategy", "list", "--json");
        assertThat(list.exitCode()).as(list.err()).isZero();
        List<String> names = new ArrayList<>();
        for (JsonNode strategy : JSON.readTree(list.out()).path("strategies")) {
            if (strategy.path("name").asString().startsWith("drill-")
                    && strategy.path("state").asString().equals(state)) {
                names.add(strategy.path("name").asString());
            }
        }
        return names;
    }

    private long frozen() {
        return Home.open(home).processes().stream()
                .filter(process -> state(process.pid()) == 'T')
                .count();
    }

    private static char state(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return 'X';
        }
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(String what, Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.holds()) {
            assertThat(System.nanoTime() - deadline).as(what + " in time").isNegative();
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    /** A command in a process of its own, as the launcher starts it. */
    private record Launched(List<String> arguments, Process process, Path outFile, Path errFile) {

        int exitCode() throws IOException, InterruptedException {
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(ended)
                    .as(arguments + " within " + LIMIT_SECONDS + " s: " + err())
                    .isTrue();
            return process.exitValue();
        }

        String out() throws IOException {
            return Files.readString(outFile);
        }

        String err() throws IOException {
            return Files.readString(errFile);
        }
    }

    private Launched launch(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dholdfast.log.level=WARN",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.holdfast.cli.Main"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--home", home.toString()));
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new Launched(List.of(arguments), process, out, err);
    }
}
