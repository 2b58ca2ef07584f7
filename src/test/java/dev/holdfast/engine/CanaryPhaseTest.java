package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CanaryPhaseTest {

    private static final long TENTH = 100_000_000L;
    private static final long BEGIN = 1_795_000_000L * 1_000_000_000L;

    /** Five canaries at 2 a second are one wish each tenth of a second, also after an outage that kept all of them waiting. */
    @Test
    void canaries_with_phases_stay_spread_also_after_an_outage() {
        List<Canary> canaries = new ArrayList<>();
        for (int phase = 0; phase < 5; phase++) {
            canaries.add(new Canary(2, phase));
        }
        wishesAt(canaries, 0);

        int atOnce = wishesAt(canaries, 50);

        assertThat(atOnce).as("after the outage all are late").isEqualTo(5);
        for (int tenth = 51; tenth < 71; tenth++) {
            assertThat(wishesAt(canaries, tenth)).as("tenth " + tenth).isEqualTo(1);
        }
    }

    @Test
    void a_tick_that_comes_a_little_late_each_time_skips_no_turn() {
        Canary canary = new Canary(2, 3);
        int wishes = 0;

        for (int tick = 0; tick < 200; tick++) {
            wishes += canary.onTimer(at(BEGIN + tick * (TENTH + 400_000))).size();
        }

        assertThat(wishes).isBetween(40, 41);
    }

    @Test
    void a_phase_is_a_tenth_of_a_second() {
        assertThatThrownBy(() -> new Canary(1, 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Canary(1, -2)).isInstanceOf(IllegalArgumentException.class);
    }

    private static int wishesAt(List<Canary> canaries, int tenth) {
        return canaries.stream()
                .mapToInt(canary -> canary.onTimer(at(BEGIN + tenth * TENTH)).size())
                .sum();
    }

    private static Strategy.View at(long nanos) {
        return new Strategy.View() {
            @Override
            public long nowNanos() {
                return nanos;
            }

            @Override
            public long quantity() {
                return 0;
            }

            @Override
            public long lotSize() {
                return 1;
            }

            @Override
            public boolean hasLiveOrder() {
                return false;
            }
        };
    }
}
