package dev.holdfast.marketdata;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CandleTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final long START = 1_000 * MINUTE;

    private final Candle candle = new Candle();

    @Test
    void a_minute_has_the_first_highest_lowest_and_last_price_and_what_was_traded_in_it() {
        candle.add(START, 100, 1_000);
        candle.add(START + 10 * SECOND, 130, 1_010);
        candle.add(START + 20 * SECOND, 90, 1_030);
        candle.add(START + 59 * SECOND, 110, 1_050);

        Candle.Bar bar = candle.add(START + MINUTE, 111, 1_057);

        assertThat(bar).isEqualTo(new Candle.Bar(START, 100, 130, 90, 110, 50, 4));
        assertThat(candle.closeBefore(START + 2 * MINUTE))
                .isEqualTo(new Candle.Bar(START + MINUTE, 111, 111, 111, 111, 7, 1));
    }

    @Test
    void a_quiet_minute_closes_by_the_clock_and_only_once() {
        candle.add(START, 100, 5);

        assertThat(candle.closeBefore(START + MINUTE - 1)).isNull();
        assertThat(candle.closeBefore(START + MINUTE)).isNotNull();
        assertThat(candle.closeBefore(START + 5 * MINUTE)).isNull();
    }

    @Test
    void a_new_days_volume_starts_from_nothing() {
        candle.add(START, 100, 5_000);

        candle.add(START + 1_000 * MINUTE, 100, 40);

        assertThat(candle.closeBefore(Long.MAX_VALUE))
                .extracting(bar -> bar == null ? -1 : bar.volume())
                .isEqualTo(40L);
    }
}
