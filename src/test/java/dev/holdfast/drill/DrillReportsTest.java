package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.drill.DrillReport.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrillReportsTest {

    @TempDir
    Path folder;

    private DrillReports reports;

    @BeforeEach
    void make() {
        reports = new DrillReports(folder.resolve("drills"));
    }

    @Test
    void the_newest_report_of_a_drill_is_its_last_run_with_all_that_it_found() throws IOException {
        reports.keep(report("postgres-kill", "2026-01-02T09:00:00.5Z", Verdict.FAIL));
        DrillReport newest = report("postgres-kill", "2026-01-02T10:00:00.25Z", Verdict.PARTIAL);
        reports.keep(newest);
        reports.keep(report("postgres-kill-all", "2026-01-03T10:00:00Z", Verdict.PASS));

        assertThat(reports.last(Scenario.POSTGRES_KILL)).contains(newest);
        assertThat(reports.last(Scenario.POSTGRES_KILL_ALL).orElseThrow().verdict())
                .isEqualTo(Verdict.PASS);
    }

    @Test
    void a_drill_without_a_report_was_never_run() throws IOException {
        assertThat(reports.last(Scenario.GATEWAY_KILL)).isEmpty();

        reports.keep(report("postgres-kill", "2026-01-02T09:00:00Z", Verdict.PASS));

        assertThat(reports.last(Scenario.GATEWAY_KILL)).isEmpty();
    }

    @Test
    void verdicts_are_written_as_words_and_what_was_not_measured_as_null() throws IOException {
        String text = Files.readString(reports.keep(report("postgres-kill", "2026-01-02T09:00:00Z", Verdict.PASS)));

        assertThat(text).contains("\"verdict\" : \"pass\"").contains("\"splitBrainMillis\" : null");
    }

    @Test
    void a_report_from_before_a_figure_was_measured_is_read_without_it() throws IOException {
        Path file = reports.keep(report("postgres-kill", "2026-01-02T09:00:00Z", Verdict.PASS));
        Files.writeString(file, Files.readString(file).replaceFirst("(?m)^ *\"recoveryLeaderStruck\" : true,\n", ""));

        assertThat(reports.last(Scenario.POSTGRES_KILL).orElseThrow().recoveryLeaderStruck())
                .isNull();
    }

    @Test
    void a_report_that_cannot_be_read_is_named() throws IOException {
        Path file = reports.keep(report("postgres-kill", "2026-01-02T09:00:00Z", Verdict.PASS));
        Files.writeString(file, "{");

        assertThatThrownBy(() -> reports.last(Scenario.POSTGRES_KILL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.getFileName().toString());
    }

    private static DrillReport report(String name, String began, Verdict verdict) {
        return new DrillReport(
                name,
                verdict,
                "because",
                "a test",
                began,
                "a-postgres",
                List.of(new DrillReport.Phase("steady state", 0, 12)),
                1L,
                2L,
                3L,
                4L,
                5L,
                0L,
                0L,
                0L,
                0L,
                null,
                true,
                Map.of("OnePrimary", true),
                "idle");
    }
}
