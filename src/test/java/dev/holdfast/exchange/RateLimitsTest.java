package dev.holdfast.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.types.BrokerProfile;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

    private long nowNanos = 1_000 * Ist.NANOS_PER_SECOND;

    @Test
    void kite_takes_ten_orders_in_any_second() {
        RateLimits limits = new RateLimits(BrokerProfile.KITE, () -> nowNanos);

        assertThat(accepted(limits, 15)).isEqualTo(10);
        nowNanos += Ist.NANOS_PER_SECOND - 1;
        assertThat(accepted(limits, 15)).isZero();
        nowNanos += 1;
        assertThat(accepted(limits, 15)).isEqualTo(10);
    }

    @Test
    void kite_takes_four_hundred_orders_in_any_minute() {
        RateLimits limits = new RateLimits(BrokerProfile.KITE, () -> nowNanos);
        int accepted = 0;

        for (int second = 0; second < 59; second++) {
            accepted += accepted(limits, 10);
            nowNanos += Ist.NANOS_PER_SECOND;
        }

        assertThat(accepted).isEqualTo(400);
    }

    @Test
    void kite_takes_five_thousand_new_orders_a_day_and_cancels_beyond() {
        RateLimits limits = new RateLimits(BrokerProfile.KITE, () -> nowNanos);

        assertThat(refused(() -> limits.order(true, 5_000))).isFalse();
        assertThat(refused(() -> limits.order(true, 5_001))).isTrue();
        assertThat(refused(() -> limits.order(false, 5_001))).isFalse();
    }

    @Test
    void drills_have_more_room_and_no_daily_cap() {
        RateLimits limits = new RateLimits(BrokerProfile.DRILL, () -> nowNanos);

        assertThat(accepted(limits, 80)).isEqualTo(50);
        nowNanos += Ist.NANOS_PER_SECOND;
        assertThat(refused(() -> limits.order(true, 1_000_000))).isFalse();
    }

    @Test
    void a_refused_request_takes_no_room() {
        RateLimits limits = new RateLimits(BrokerProfile.KITE, () -> nowNanos);
        accepted(limits, 10_000);

        nowNanos += Ist.NANOS_PER_SECOND;

        assertThat(accepted(limits, 1)).isEqualTo(1);
    }

    private static int accepted(RateLimits limits, int asked) {
        int accepted = 0;
        for (int i = 0; i < asked; i++) {
            accepted += refused(() -> limits.order(true, 1)) ? 0 : 1;
        }
        return accepted;
    }

    private static boolean refused(Runnable request) {
        try {
            request.run();
            return false;
        } catch (KiteError error) {
            assertThat(error.status).isEqualTo(429);
            return true;
        }
    }
}
