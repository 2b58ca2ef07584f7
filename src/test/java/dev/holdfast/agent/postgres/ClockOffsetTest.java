package dev.holdfast.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ClockOffsetTest {

    private static final long STAMP_MILLIS = 1_700_000_000_000L;

    private final ClockOffset clock = new ClockOffset();

    @Test
    void an_event_that_is_read_again_long_after_its_stamp_does_not_count_as_a_clock_that_is_ahead() {
        heard(3_600_000);
        heard(12);
        heard(3_600_000);

        assertThat(clock.millis()).isEqualTo(12);
    }

    @Test
    void a_clock_that_is_behind_or_ahead_is_known_by_the_newest_events() {
        for (int event = 0; event < 50; event++) {
            heard(-2_000 + event % 7);
        }
        assertThat(clock.millis()).isEqualTo(-2_000);

        for (int event = 0; event < 50; event++) {
            heard(5_000 + event % 7);
        }
        assertThat(clock.millis()).isEqualTo(5_000);
    }

    private void heard(long differenceMillis) {
        clock.heard(STAMP_MILLIS * 1_000_000, STAMP_MILLIS + differenceMillis);
    }
}
