package dev.holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.types.BrokerProfile;
import java.time.LocalDateTime;
import java.time.LocalTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CalendarTest {

    @Test
    void on_the_simulated_market_the_feed_tells_the_day() {
        Calendar calendar = calendar(true, LocalTime.of(15, 30), "2026-11-22T12:00");

        assertThat(calendar.now(0)).isNull();
        assertThat(calendar.now(nanos("2019-01-04T09:15"))).isEqualTo(new Calendar.Moment(17_900, false));
        assertThat(calendar.now(nanos("2019-01-04T15:30"))).isEqualTo(new Calendar.Moment(17_900, true));
    }

    @Test
    void a_market_that_never_closes_ends_its_day_just_before_midnight() {
        Calendar calendar = calendar(true, null, "2026-11-22T12:00");

        assertThat(calendar.now(nanos("2019-01-04T23:59:34"))).isEqualTo(new Calendar.Moment(17_900, false));
        assertThat(calendar.now(nanos("2019-01-04T23:59:35"))).isEqualTo(new Calendar.Moment(17_900, true));
        assertThat(calendar.now(nanos("2019-01-05T00:00"))).isEqualTo(new Calendar.Moment(17_901, false));
    }

    @Test
    void a_real_brokers_lists_belong_to_yesterday_until_the_morning() {
        assertThat(calendar(false, LocalTime.of(15, 30), "2019-01-04T07:59").now(1))
                .isNull();
        assertThat(calendar(false, LocalTime.of(15, 30), "2019-01-04T08:00").now(0))
                .isEqualTo(new Calendar.Moment(17_900, false));
    }

    private static Calendar calendar(boolean simulated, @Nullable LocalTime close, String wallTime) {
        LocalTime open = close == null ? null : LocalTime.of(9, 15);
        return new Calendar(
                new Configuration.Broker(simulated, "", BrokerProfile.DRILL, open, close, "", "", ""),
                () -> nanos(wallTime));
    }

    private static long nanos(String time) {
        return LocalDateTime.parse(time).toEpochSecond(Calendar.INDIA) * 1_000_000_000L;
    }
}
