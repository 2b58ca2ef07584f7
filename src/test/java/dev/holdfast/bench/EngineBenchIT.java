package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineBenchIT {

    @TempDir
    Path home;

    @Test
    void it_measures_the_engine_beside_an_echo_and_fsync_and_leaves_nothing_behind() throws Exception {
        List<BenchRow> rows =
                new EngineBench(home, 1_000, 1, Duration.ofMillis(200), Duration.ofMillis(200), line -> {}).measure();

        assertThat(rows)
                .extracting(BenchRow::name)
                .containsExactly(
                        "engine intents",
                        "engine intents, p99 at 100/s",
                        "engine intents fsync on",
                        "engine intents fsync on, p99 at 100/s");
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.n()).isEqualTo(1);
            assertThat(row.p50()).isPositive();
            assertThat(row.baselineP50()).isPositive();
            assertThat(row.ratio()).isPositive();
        });
        assertThat(home).isEmptyDirectory();
    }
}
