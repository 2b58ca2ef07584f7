package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedBenchIT {

    @TempDir
    Path home;

    @Test
    void it_measures_both_kinds_of_packets_and_leaves_nothing_behind() throws Exception {
        List<BenchRow> rows = new FeedBench(home, 1, Duration.ofMillis(20)).measure();

        assertThat(rows).hasSize(2).allSatisfy(row -> {
            assertThat(row.n()).isEqualTo(1);
            assertThat(row.p50()).isPositive();
            assertThat(row.baselineP50()).isPositive();
            assertThat(row.ratio()).isPositive();
        });
        assertThat(home).isEmptyDirectory();
    }
}
