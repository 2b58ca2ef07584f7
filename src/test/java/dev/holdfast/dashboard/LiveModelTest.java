package dev.holdfast.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.log.LogStatus;
import dev.holdfast.protocol.AmendmentState;
import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.StrategyState;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LiveModelTest {

    private static final LogStatus LOG = new LogStatus(true, 1, 4);

    private long nowMillis = 1_000_000;
    private long sequence;
    private final LiveModel model = new LiveModel(() -> nowMillis * 1_000_000, () -> nowMillis);

    private void apply(Event... events) {
        for (Event event : events) {
            model.apply(new EventHeader(++sequence, 0, nowMillis * 1_000_000), event);
        }
    }

    private void applyCheckpoint(Event... state) {
        apply(new Event.CheckpointStarted());
        apply(state);
        apply(new Event.CheckpointEnded());
    }

    private static Event.InstrumentDefined infosys() {
        return new Event.InstrumentDefined(4, 408_065, InstrumentKind.EQUITY, 5, 1, 0, 0, 0, "NSE", "INFY");
    }

    private static Event.TickApplied tick(long pricePaise) {
        return new Event.TickApplied(4, pricePaise, 1, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    }

    private static Event.OrderChanged order(long number, OrderState state) {
        return new Event.OrderChanged(
                number,
                Origin.INTENT,
                4,
                Side.BUY,
                Product.MIS,
                OrderType.MARKET,
                1,
                0,
                state,
                OrderState.COMMITTED,
                0,
                0,
                AmendmentState.NONE,
                0,
                0,
                false,
                20_779,
                0,
                1,
                1,
                "T" + number,
                "",
                "canary",
                "",
                "");
    }

    private static Event.PositionChanged position(long quantity, long costPaise) {
        return new Event.PositionChanged(4, Product.MIS, 20_779, quantity, 0, costPaise, 700, quantity, 0);
    }

    private static Event.Pulse pulse(boolean canTrade, String reason) {
        return new Event.Pulse(canTrade, 0, 120, 40, 2_900, -1, 0, 0, 0, reason);
    }

    @Test
    void the_first_checkpoint_is_the_whole_picture() {
        applyCheckpoint(infosys(), order(7, OrderState.WORKING), tick(152_000));

        LiveView view = model.since(0, LOG);

        assertThat(view.whole()).isTrue();
        assertThat(view.status().loaded()).isTrue();
        assertThat(view.instruments()).extracting(LiveView.Instrument::symbol).containsExactly("INFY");
        assertThat(view.orders()).extracting(LiveView.Order::orderNumber).containsExactly(7L);
        assertThat(view.ticks()).extracting(LiveView.Tick::lastPricePaise).containsExactly(152_000L);
    }

    @Test
    void an_update_holds_only_what_changed_since_and_each_row_once() {
        applyCheckpoint(infosys(), order(7, OrderState.WORKING), order(8, OrderState.WORKING));
        long seen = model.since(0, LOG).version();

        apply(order(8, OrderState.PARTLY_FILLED), tick(1), tick(2), tick(3), order(8, OrderState.FILLED));

        LiveView update = model.since(seen, LOG);
        assertThat(update.whole()).isFalse();
        assertThat(update.instruments()).isEmpty();
        assertThat(update.orders()).extracting(LiveView.Order::state).containsExactly(OrderState.FILLED);
        assertThat(update.ticks()).extracting(LiveView.Tick::lastPricePaise).containsExactly(3L);
    }

    @Test
    void a_checkpoint_in_passing_changes_nothing_and_keeps_the_history() {
        applyCheckpoint(infosys(), order(7, OrderState.WORKING));
        apply(tick(152_000), order(7, OrderState.FILLED));
        long seen = model.since(0, LOG).version();

        applyCheckpoint(infosys(), tick(152_000));

        LiveView update = model.since(seen, LOG);
        assertThat(update.whole()).isFalse();
        assertThat(update.orders()).isEmpty();
        assertThat(model.since(0, LOG).orders()).hasSize(1);
        assertThat(model.history(4).pricesPaise()).containsExactly(152_000);
    }

    @Test
    void a_new_reader_keeps_the_old_picture_until_its_checkpoint_replaces_it() {
        applyCheckpoint(infosys(), order(7, OrderState.WORKING), tick(152_000));
        long seen = model.since(0, LOG).version();

        model.expectCheckpoint();
        assertThat(model.since(0, LOG).orders()).hasSize(1);
        applyCheckpoint(infosys(), order(9, OrderState.WORKING));

        LiveView update = model.since(seen, LOG);
        assertThat(update.whole()).isTrue();
        assertThat(update.orders()).extracting(LiveView.Order::orderNumber).containsExactly(9L);
        assertThat(update.ticks()).isEmpty();
    }

    @Test
    void the_oldest_finished_order_makes_room_and_an_open_one_stays() {
        applyCheckpoint();
        apply(order(1, OrderState.WORKING));
        for (int number = 2; number <= LiveModel.MAX_ORDERS + 1; number++) {
            apply(order(number, OrderState.FILLED));
        }

        List<LiveView.Order> orders = model.since(0, LOG).orders();

        assertThat(orders).hasSize(LiveModel.MAX_ORDERS);
        assertThat(orders).extracting(LiveView.Order::orderNumber).contains(1L).doesNotContain(2L);
    }

    @Test
    void profit_is_realised_plus_what_the_last_tick_makes_of_the_position() {
        applyCheckpoint(infosys());
        apply(position(-10, -10 * 152_000L), tick(151_500));

        LiveView.Position row = model.since(0, LOG).positions().getFirst();

        assertThat(row.unrealisedPaise()).isEqualTo(10 * 500);
        assertThat(row.realisedPaise()).isEqualTo(700);
        assertThat(model.since(0, LOG).status().unrealisedPaise()).isEqualTo(5_000);
    }

    @Test
    void the_brokers_own_position_stands_beside_ours_and_its_absence_shows() {
        applyCheckpoint(infosys());
        apply(position(10, 0));
        assertThat(model.since(0, LOG).positions().getFirst().brokerQuantity()).isNull();

        apply(new Event.BrokerPositionSeen(4, Product.MIS, 8, -2));
        apply(new Event.BrokerPositionSeen(4, Product.CNC, 5, 5));

        List<LiveView.Position> rows = model.since(0, LOG).positions();
        assertThat(rows).extracting(LiveView.Position::brokerQuantity).containsExactly(8L, 5L);
        assertThat(rows).extracting(LiveView.Position::difference).containsExactly(-2L, 5L);
    }

    @Test
    void a_strategy_shows_its_own_share_and_what_belongs_to_none_has_a_row_too() {
        applyCheckpoint(infosys());
        apply(new Event.StrategyChanged(
                StrategyState.RUNNING, 4, Product.MIS, 1, "canary", "canary", "", "operator", "start"));
        apply(new Event.ProfitChanged(20_779, 4, Product.MIS, 2, 0, 300, 5, "canary"));
        apply(new Event.ProfitChanged(20_779, 4, Product.MIS, 0, 0, -50, 2, ""));

        List<LiveView.Strategy> rows = model.since(0, LOG).strategies();

        assertThat(rows).extracting(LiveView.Strategy::name).containsExactly("canary", "");
        assertThat(rows).extracting(LiveView.Strategy::realisedPaise).containsExactly(300L, -50L);
        assertThat(rows.getLast().state()).isNull();
    }

    @Test
    void the_verdict_is_the_pulses_until_it_grows_old() {
        applyCheckpoint();
        assertThat(model.readiness().verdict()).isEqualTo(LiveView.Verdict.UNKNOWN);

        apply(pulse(true, ""));
        assertThat(model.readiness().verdict()).isEqualTo(LiveView.Verdict.CAN_TRADE);

        apply(pulse(false, "the feed is stale"));
        assertThat(model.readiness().verdict()).isEqualTo(LiveView.Verdict.CANNOT_TRADE);
        assertThat(model.readiness().reason()).isEqualTo("the feed is stale");

        nowMillis += LiveModel.STALE_AFTER_MILLIS + 1;
        assertThat(model.readiness().verdict()).isEqualTo(LiveView.Verdict.UNKNOWN);
        assertThat(model.since(0, LOG).status().eventAgeMillis()).isEqualTo(LiveModel.STALE_AFTER_MILLIS + 1);
    }

    @Test
    void the_brokers_session_and_its_detail_are_told() {
        applyCheckpoint();

        apply(new Event.BrokerSessionChanged(BrokerSessionState.DEAD, "token expired"));

        assertThat(model.since(0, LOG).status().brokerSession()).isEqualTo(BrokerSessionState.DEAD);
        assertThat(model.since(0, LOG).status().brokerDetail()).isEqualTo("token expired");
    }

    @Test
    void whoever_waits_is_woken_by_a_change_and_not_kept_without_one() throws InterruptedException {
        applyCheckpoint();
        long seen = model.since(0, LOG).version();

        model.awaitChange(seen, Duration.ofMillis(1));
        Thread writer = Thread.ofVirtual().start(() -> apply(tick(5)));
        model.awaitChange(seen, Duration.ofSeconds(90));
        writer.join();

        assertThat(model.since(0, LOG).version()).isGreaterThan(seen);
    }

    @Test
    void the_chart_keeps_the_last_price_of_each_quarter_second_and_fifteen_minutes() {
        PriceHistory history = new PriceHistory();
        long start = TimeUnit.HOURS.toMillis(10);
        history.add(start, 1);
        history.add(start + 100, 2);
        history.add(start + PriceHistory.BUCKET_MILLIS, 3);

        assertThat(history.points().pricesPaise()).containsExactly(2, 3);
        assertThat(history.points().timesMillis()).containsExactly(start + 100, start + PriceHistory.BUCKET_MILLIS);

        history.add(start + 100 + PriceHistory.SPAN_MILLIS, 4);
        assertThat(history.points().pricesPaise()).containsExactly(3, 4);
    }

    @Test
    void a_replaced_sender_is_a_recovery_that_ends_with_its_first_order() {
        applyCheckpoint(sender(11, 1, "a", "asked"));
        nowMillis += 500;
        apply(sender(0, 1, "", "the session before ended; nobody else is ready"));
        nowMillis += 300;
        apply(sender(12, 2, "b", "asked"));
        nowMillis += 40;
        apply(send(2));

        assertThat(model.since(0, LOG).recoveries())
                .containsExactly(new LiveView.Recovery(
                        nowMillis,
                        "sender",
                        "first order under epoch 2 after: the session before ended; nobody else is ready",
                        340));
    }

    @Test
    void an_uncertain_order_is_a_recovery_when_its_fate_is_known() {
        applyCheckpoint(order(5, OrderState.UNCERTAIN));
        nowMillis += 700;
        apply(order(5, OrderState.UNCERTAIN));
        nowMillis += 100;
        apply(order(5, OrderState.FILLED));

        assertThat(model.since(0, LOG).recoveries()).singleElement().satisfies(recovery -> {
            assertThat(recovery.subject()).isEqualTo("order 5");
            assertThat(recovery.tookMillis()).isEqualTo(800);
        });
    }

    @Test
    void a_log_that_stood_still_is_a_recovery() {
        applyCheckpoint(tick(99));
        nowMillis += 2_500;
        apply(tick(100));
        nowMillis += 1_000;
        apply(tick(101));
        nowMillis += 1_000;
        apply(tick(102));
        nowMillis += 1_001;
        apply(tick(103));

        assertThat(model.since(0, LOG).recoveries())
                .extracting(LiveView.Recovery::subject, LiveView.Recovery::tookMillis)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("log", 2_500L));
    }

    @Test
    void a_new_leader_is_a_recovery_that_took_as_long_as_the_log_stood_still() {
        model.leader(LOG);
        applyCheckpoint();
        nowMillis += 100;
        apply(tick(100));
        nowMillis += 820;
        apply(tick(101));
        model.leader(new LogStatus(true, 2, 5));
        nowMillis += 100;
        apply(tick(102));

        assertThat(model.since(0, LOG).recoveries())
                .containsExactly(new LiveView.Recovery(
                        nowMillis, "leader", "member 2 leads in term 5 after the log stood still", 820));
    }

    private static Event.GrantChanged sender(long session, long epoch, String host, String reason) {
        return new Event.GrantChanged(dev.holdfast.protocol.GrantKind.SENDER, session, epoch, host, reason);
    }

    private static Event.SendRequested send(long epoch) {
        return new Event.SendRequested(
                1,
                dev.holdfast.protocol.SendAction.PLACE,
                1,
                epoch,
                0,
                4,
                Side.BUY,
                Product.MIS,
                OrderType.MARKET,
                1,
                0,
                "T1",
                "");
    }
}
