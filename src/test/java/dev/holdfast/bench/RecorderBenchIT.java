package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderBenchIT {

    @TempDir
    Path home;

    @Test
    void it_measures_following_and_catching_up_beside_copy_and_leaves_nothing_behind() throws Exception {
        // The database's own user must be able to enter it.
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));

        List<BenchRow> rows = new RecorderBench(home, 1, 200, line -> {}).measure();

        assertThat(rows).extracting(BenchRow::name).containsExactly("recorder, following", "recorder, catching up");
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.p50()).isPositive();
            assertThat(row.baselineP50()).isPositive();
            assertThat(row.ratio()).isPositive();
        });
        assertThat(home).isEmptyDirectory();
    }
}
