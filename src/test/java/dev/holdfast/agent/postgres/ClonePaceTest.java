package dev.holdfast.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A clone takes less of its source each time that was too much, and more again after a while. */
final class ClonePaceTest {

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final ClonePace pace = new ClonePace();

    @Test
    void it_begins_at_full_speed_and_hardly_reads_while_it_is_held() {
        assertThat(pace.percent(false, 0)).isEqualTo(100);
        assertThat(pace.percent(true, SECOND_NANOS)).isEqualTo(10);
    }

    @Test
    void each_time_it_was_held_it_goes_on_at_half_the_speed_and_never_stands_still() {
        int[] after = new int[5];
        for (int time = 0; time < 5; time++) {
            pace.percent(true, time * SECOND_NANOS);
            after[time] = pace.percent(false, time * SECOND_NANOS + 1);
        }

        assertThat(after).containsExactly(50, 25, 12, 10, 10);
    }

    @Test
    void after_each_five_seconds_without_it_reads_twice_as_much_again() {
        pace.percent(true, 0);
        pace.percent(false, 1);
        pace.percent(true, 2);
        pace.percent(false, 3);

        assertThat(pace.percent(false, 4 * SECOND_NANOS)).isEqualTo(25);
        assertThat(pace.percent(false, 5 * SECOND_NANOS + 3)).isEqualTo(50);
        assertThat(pace.percent(false, 10 * SECOND_NANOS + 3)).isEqualTo(100);
    }

    @Test
    void after_one_that_failed_the_next_begins_at_half_its_speed_and_waits_as_long_before_it_reads_more() {
        pace.failed();
        pace.begins(100 * SECOND_NANOS);

        assertThat(pace.percent(false, 104 * SECOND_NANOS)).isEqualTo(50);
        assertThat(pace.percent(false, 105 * SECOND_NANOS)).isEqualTo(100);
    }
}
