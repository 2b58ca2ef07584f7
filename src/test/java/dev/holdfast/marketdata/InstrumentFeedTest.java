package dev.holdfast.marketdata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.Command;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class InstrumentFeedTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long TIME = 1_546_573_500L * SECOND;

    private final InstrumentFeed feed = new InstrumentFeed(3, 0);

    @Test
    void what_is_put_together_keeps_the_newest_state_the_extremes_and_the_count() {
        feed.add(tick(100, 10, TIME), 0);
        feed.add(tick(140, 20, TIME), 0);
        feed.add(tick(90, 30, TIME + SECOND), 0);
        feed.add(tick(110, 40, TIME + SECOND), 0);

        Command.ReportTick report = Objects.requireNonNull(feed.pending(7, 2, 0));

        assertThat(report.lastPricePaise()).isEqualTo(110);
        assertThat(report.highPaise()).isEqualTo(140);
        assertThat(report.lowPaise()).isEqualTo(90);
        assertThat(report.volume()).isEqualTo(40);
        assertThat(report.conflated()).isEqualTo(4);
        assertThat(report.marketTimeNanos()).isEqualTo(TIME + SECOND);
    }

    @Test
    void what_the_log_did_not_take_is_put_together_with_what_follows() {
        feed.add(tick(140, 10, TIME), 0);
        assertThat(feed.pending(7, 2, 0)).isNotNull();
        feed.add(tick(100, 10, TIME), 0);

        assertThat(Objects.requireNonNull(feed.pending(7, 2, 0)).highPaise()).isEqualTo(140);

        feed.reported();
        assertThat(feed.pending(7, 2, 0)).isNull();
        feed.add(tick(101, 10, TIME), 0);
        assertThat(Objects.requireNonNull(feed.pending(7, 2, 0)).highPaise()).isEqualTo(101);
    }

    @Test
    void a_tick_from_the_past_is_not_used() {
        feed.add(tick(100, 10, TIME), 0);

        assertThat(feed.add(tick(90, 10, TIME - SECOND), 0)).isEqualTo(InstrumentFeed.Order.TIME_WENT_BACK);

        assertThat(Objects.requireNonNull(feed.pending(7, 2, 0)).lowPaise()).isEqualTo(100);
    }

    @Test
    void volume_that_goes_back_within_a_day_is_a_gap_and_on_a_new_day_it_is_not() {
        feed.add(tick(100, 10, TIME), 0);

        assertThat(feed.add(tick(100, 9, TIME), 0)).isEqualTo(InstrumentFeed.Order.VOLUME_WENT_BACK);
        assertThat(feed.add(tick(100, 0, TIME + 86_400 * SECOND), 0)).isEqualTo(InstrumentFeed.Order.NEXT);
    }

    @Test
    void after_a_reconnect_an_earlier_time_is_accepted() {
        feed.add(tick(100, 10, TIME), 0);
        feed.forgetOrder();

        assertThat(feed.add(tick(90, 1, TIME - 500 * SECOND), 0)).isEqualTo(InstrumentFeed.Order.NEXT);
    }

    @Test
    void staleness_is_told_when_it_changes() {
        feed.add(tick(100, 10, TIME), 5 * SECOND);

        assertThat(feed.updateStale(7 * SECOND, 3 * SECOND)).isFalse();
        assertThat(feed.updateStale(9 * SECOND, 3 * SECOND)).isTrue();
        assertThat(feed.updateStale(10 * SECOND, 3 * SECOND)).isFalse();
        feed.add(tick(100, 10, TIME), 11 * SECOND);
        assertThat(feed.updateStale(11 * SECOND, 3 * SECOND)).isTrue();
        assertThat(feed.stale()).isFalse();
    }

    private static Tick tick(long price, long volume, long time) {
        return new Tick(1, price, 1, volume, 0, 0, 0, 0, 0, 0, 0, 0, time);
    }
}
