package dev.holdfast.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordingTest {

    private static RecorderStatus status(long sequence, long stillMillis, long lagMillis, String problem) {
        return new RecorderStatus(
                sequence,
                900,
                1,
                lagMillis,
                true,
                0,
                false,
                0,
                stillMillis,
                problem,
                problem.isEmpty() ? "" : "do this");
    }

    @Test
    void a_recorder_that_keeps_up_is_durable() {
        Recording recording = Recording.of(status(900, 800, 800, ""), 905);

        assertThat(recording.durable()).isTrue();
        assertThat(recording.lagEvents()).isEqualTo(5);
    }

    @Test
    void a_recorder_that_stopped_is_not_durable_and_lags_by_what_is_not_recorded() {
        Recording recording = Recording.of(status(900, 20_000, 20_000, "table trades is missing"), 1_400);

        assertThat(recording.durable()).isFalse();
        assertThat(recording.reason()).isEqualTo("recording stopped: table trades is missing; do this");
        assertThat(recording.lagEvents()).isEqualTo(500);
    }

    @Test
    void a_failure_that_passes_within_seconds_is_no_stop() {
        assertThat(Recording.of(status(900, 2_000, 2_000, "the connection broke"), 910)
                        .durable())
                .isTrue();
    }

    @Test
    void what_nobody_knows_is_neither_zero_nor_durable() {
        Recording recording = Recording.of(status(-1, -1, -1, ""), 0);

        assertThat(recording.durable()).isFalse();
        assertThat(recording.sequence()).isNull();
        assertThat(recording.lagEvents()).isNull();
    }

    @Test
    void a_position_that_stands_still_without_a_problem_is_not_durable() {
        assertThat(Recording.of(status(900, 9_000, 9_000, ""), 1_000).reason())
                .isEqualTo("recording stands still: event 900 was recorded 9 s ago and nothing since, 100 events wait");
    }

    @Test
    void a_recorder_that_catches_up_is_not_durable_yet() {
        assertThat(Recording.of(status(900, 10, 60_000, ""), 40_000).reason())
                .startsWith("recording is 60 s behind the log and catches up, 39100 events wait");
    }

    @Test
    void a_position_ahead_of_the_log_is_not_a_lag_of_zero() {
        Recording recording = Recording.of(status(5_000, 10, 10, ""), 1_000);

        assertThat(recording.durable()).isFalse();
        assertThat(recording.reason())
                .startsWith("recorder_position is at event 5000, 4000 after the newest of the log");
    }

    @ParameterizedTest
    @CsvSource({
        "42P01, a table is missing, true, true",
        "42501, the recorder lacks a right, true, true",
        "23505, the next rows do not go into their table, true, true",
        "53100, the disk of the primary PostgreSQL is full, true, true",
        "25006, PostgreSQL takes no writes, true, true",
        "08006, the words of the server, false, false",
        "40P01, the words of the server, true, false",
        ", the words of the server, false, false"
    })
    void what_the_database_refused_is_told_in_words(
            String state, String cause, boolean databaseReachable, boolean needsPerson) {
        Impediment found = Impediment.of(new SQLException("the words of the server\nand more of them", state));

        assertThat(found.cause())
                .startsWith(cause)
                .contains("the words of the server")
                .doesNotContain("and more");
        assertThat(found.remedy()).isNotEmpty();
        assertThat(found.databaseReachable()).isEqualTo(databaseReachable);
        assertThat(found.needsPerson()).isEqualTo(needsPerson);
    }
}
