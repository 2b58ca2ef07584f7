package dev.holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.types.BrokerProfile;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PacerTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void no_window_of_a_second_or_a_minute_ever_holds_more_than_the_profile_allows() {
        long seed = Long.getLong("seed", 42);
        SplittableRandom random = new SplittableRandom(seed);
        Pacer pacer = Pacer.of(BrokerProfile.KITE);
        Deque<Long> second = new ArrayDeque<>();
        Deque<Long> minute = new ArrayDeque<>();
        long now = -5 * SECOND;

        for (int call = 0; call < 3_000; call++) {
            now += random.nextLong(SECOND / 20);
            now += pacer.waitNanos(now);
            pacer.went(now);
            keep(second, now, SECOND);
            keep(minute, now, 60 * SECOND);
            assertThat(second).as("seed %d call %d", seed, call).hasSizeLessThanOrEqualTo(8);
            assertThat(minute).as("seed %d call %d", seed, call).hasSizeLessThanOrEqualTo(400);
        }
    }

    private static void keep(Deque<Long> window, long now, long length) {
        window.add(now);
        while (window.element() <= now - length) {
            window.remove();
        }
    }

    @Test
    void after_a_429_it_waits() {
        Pacer pacer = Pacer.of(BrokerProfile.DRILL);

        pacer.pause(3 * SECOND);

        assertThat(pacer.waitNanos(SECOND)).isEqualTo(2 * SECOND);
        assertThat(pacer.waitNanos(3 * SECOND)).isZero();
    }
}
