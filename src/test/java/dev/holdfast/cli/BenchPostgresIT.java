package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.drill.Disturbance;
import dev.holdfast.runtime.JavaCommand;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole measurement, once, in a process of its own; beside Patroni where that is installed. */
class BenchPostgresIT {

    private static final long LIMIT_SECONDS = 420;

    @TempDir
    Path folder;

    @Test
    void it_measures_each_disturbance_and_leaves_nothing_behind() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        // The database's own user must be able to enter it.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        List<String> command = new ArrayList<>(JavaCommand.commandLine(
                List.of("bench", "postgres", "--runs", "1", "--addresses", "127.0.53", "--json")));
        command.add(1, "-Djava.io.tmpdir=" + temporary);

        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();

        assertThat(ended).as(Files.readString(err)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(err)).isZero();
        JsonNode rows = new JsonMapper().readTree(Files.readString(out));
        assertThat(rows.valueStream().map(row -> row.path("name").asString()))
                .containsExactlyElementsOf(Arrays.stream(Disturbance.values())
                        .map(Disturbance::title)
                        .toList());
        assertThat(rows.valueStream()).allSatisfy(row -> {
            assertThat(row.path("p50").asDouble()).isPositive();
            assertThat(row.path("baselineP50").isNumber()).as(row.toString()).isEqualTo(patroniIsInstalled());
        });
        assertThat(temporary).isEmptyDirectory();
    }

    private static boolean patroniIsInstalled() {
        return List.of("patroni", "etcd").stream()
                .allMatch(program -> Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, program))));
    }
}
