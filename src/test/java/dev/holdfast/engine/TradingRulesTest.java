package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.protocol.SendOutcome;
import dev.holdfast.protocol.StrategyState;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import org.junit.jupiter.api.Test;

/** Grants, the trading day, budgets, risk, switches and strategies, by examples. */
final class TradingRulesTest {

    private static final long TENTH = Harness.SECOND / 10;

    @Test
    void the_grant_moves_with_a_higher_epoch_when_its_holder_falls_silent_and_open_sends_become_uncertain() {
        Harness h = Harness.trading();
        long number = h.buy(1).value();

        for (int tenth = 0; tenth < 10; tenth++) {
            assertThat(h.renew(88, true)).isZero();
            h.pass(Harness.SECOND / 10);
        }
        h.pass(Harness.SECOND / 10);

        assertThat(h.renew(88, true)).isEqualTo(h.epoch + 1);
        assertThat(h.renew(Harness.GATEWAY, true)).isZero();
        assertThat(h.state(number)).isEqualTo(OrderState.UNCERTAIN);
    }

    @Test
    void a_new_sender_sends_nothing_new_before_the_book_was_read_after_its_grant() {
        Harness h = Harness.trading();
        h.renew(88, true);
        h.send(new Command.RenewGrant(Harness.GATEWAY, GrantKind.SENDER, true, true, "a"));

        h.buy(1);
        int before = h.all(Event.SendRequested.class).size();
        h.pass(1);
        h.beginRead();
        h.endRead(true);

        assertThat(before).isZero();
        assertThat(h.all(Event.SendRequested.class))
                .singleElement()
                .satisfies(send -> assertThat(send.epoch()).isEqualTo(h.epoch + 1));
    }

    @Test
    void a_book_that_never_reads_clean_alarms_a_person_each_minute_that_sending_waits_for_it() {
        Harness h = Harness.trading();
        h.buy(1);
        h.report(SendOutcome.UNCERTAIN, "");

        unclean(h, 59);
        int before = unreadAlarms(h);
        unclean(h, 62);
        int after = unreadAlarms(h);
        h.cleanRead();
        unclean(h, 120);

        assertThat(before).isZero();
        assertThat(after).isEqualTo(2);
        assertThat(unreadAlarms(h)).isEqualTo(2);
    }

    private static void unclean(Harness h, int seconds) {
        for (int tenth = 0; tenth < 10 * seconds; tenth++) {
            h.pass(Harness.SECOND / 10);
            h.renew();
            h.beginRead();
            h.endRead(false);
        }
    }

    private static int unreadAlarms(Harness h) {
        return (int) h.all(Event.Alarm.class).stream()
                .filter(alarm -> alarm.subject().equals("book unread"))
                .count();
    }

    @Test
    void a_session_that_ended_hands_over_to_a_ready_one_at_once() {
        Harness h = Harness.trading();
        h.renew(88, true);

        h.send(new Command.RenewGrant(Harness.GATEWAY, GrantKind.SENDER, false, true, "a"));

        assertThat(h.all(Event.GrantChanged.class).getLast().session()).isEqualTo(88);
        assertThat(h.renew(88, true)).isEqualTo(h.epoch + 1);
    }

    @Test
    void a_log_that_stood_still_takes_no_grant_from_a_holder_who_could_not_renew() {
        Harness h = Harness.trading();
        h.renew(88, true);

        h.now += 3 * Harness.SECOND; // no leader: neither timer nor commands
        h.pass(Harness.SECOND / 10);

        assertThat(h.renew(88, true)).isZero();
        assertThat(h.renew(Harness.GATEWAY, true)).isEqualTo(h.epoch);
    }

    @Test
    void a_holder_lost_with_the_logs_leader_keeps_its_grant_only_for_a_grace() {
        Harness h = Harness.trading();
        h.renew(88, true);

        standStill(h, 6);
        h.send(new Command.ReportRenewal(1, GrantKind.SENDER, 6 * TENTH));

        movesAfter(h, 4);
    }

    @Test
    void a_lease_renewed_shortly_before_the_term_lasts_as_long_as_any() {
        Harness h = Harness.trading();
        h.renew(88, true);

        standStill(h, 6); // of log time: a clock that was set
        h.send(new Command.ReportRenewal(1, GrantKind.SENDER, 2 * TENTH));

        movesAfter(h, 8);
    }

    @Test
    void a_holder_that_renewed_in_the_new_term_keeps_its_whole_lease() {
        Harness h = Harness.trading();
        h.renew(88, true);

        standStill(h, 6);
        h.renew();
        h.send(new Command.ReportRenewal(1, GrantKind.SENDER, 6 * TENTH));
        h.pass(9 * TENTH);

        assertThat(h.renew(88, true)).isZero();
        assertThat(h.renew(Harness.GATEWAY, true)).isEqualTo(h.epoch);
    }

    @Test
    void the_age_of_a_renewal_before_an_earlier_term_or_below_nothing_is_refused() {
        Harness h = Harness.trading();
        standStill(h, 6);
        standStill(h, 6);

        Reply earlier = h.send(new Command.ReportRenewal(1, GrantKind.SENDER, 6 * TENTH));
        Reply negative = h.send(new Command.ReportRenewal(2, GrantKind.SENDER, -1));

        assertThat(earlier.code()).isEqualTo(ReplyCode.REFUSED);
        assertThat(earlier.text()).isEqualTo("the present term is 2, not the reported 1");
        assertThat(negative.text()).isEqualTo("a renewal cannot be -1 ns old");
    }

    /** The grant is still the silent holder's after so many tenths of a second, and two later the other candidate's. */
    private static void movesAfter(Harness h, int tenths) {
        h.pass(tenths * TENTH);
        assertThat(h.renew(88, true)).isZero();
        h.pass(2 * TENTH);
        assertThat(h.renew(88, true)).isEqualTo(h.epoch + 1);
    }

    /** Neither timer nor commands for some tenths of a second; then another member leads. */
    private static void standStill(Harness h, int tenths) {
        h.now += tenths * TENTH;
        h.termBegins();
    }

    @Test
    void a_gateway_that_has_not_read_the_book_is_not_granted() {
        Harness h = Harness.trading();
        h.send(new Command.RenewGrant(Harness.GATEWAY, GrantKind.SENDER, true, true, "a"));

        assertThat(h.renew(88, false)).isZero();
        assertThat(h.renew(88, true)).isEqualTo(h.epoch + 1);
    }

    @Test
    void ticks_of_anyone_but_the_feed_holder_are_ignored() {
        Harness h = Harness.trading();
        int before = h.all(Event.TickApplied.class).size();
        h.feedEpoch--;

        assertThat(h.tick(1, 1_400_00).code()).isEqualTo(ReplyCode.REFUSED);
        assertThat(h.all(Event.TickApplied.class)).hasSize(before);
    }

    @Test
    void an_impossible_tick_is_refused() {
        Harness h = Harness.trading();

        assertThat(h.tick(1, 0).code()).isEqualTo(ReplyCode.REFUSED);
        assertThat(h.tick(9, 100).text()).contains("unknown instrument 9");
    }

    @Test
    void the_close_expires_what_works_and_holds_what_is_unproved() {
        Harness h = Harness.trading();
        long working = h.limit(Side.BUY, 10, 1_490_00).value();
        h.report(SendOutcome.ACCEPTED, "B1");
        long uncertain = h.buy(1).value();
        h.report(SendOutcome.UNCERTAIN, "");
        h.live(1);
        h.cleanRead();

        assertThat(h.send(new Command.CloseDay(Harness.GATEWAY, h.readId(), Harness.DAY))
                        .accepted())
                .isTrue();

        assertThat(h.state(working)).isEqualTo(OrderState.EXPIRED);
        assertThat(h.state(uncertain)).isEqualTo(OrderState.HELD);
        assertThat(h.buy(1).text()).contains("not open");
    }

    @Test
    void a_missed_close_holds_every_order_and_the_new_day_opens_with_the_brokers_positions() {
        Harness h = Harness.trading();
        h.filledBuy(10, 1_500_00);
        long working = h.limit(Side.BUY, 10, 1_490_00).value();
        h.report(SendOutcome.ACCEPTED, "B9");

        h.beginRead();
        h.send(new Command.ReportOpening(Harness.GATEWAY, h.readId(), 2, Product.CNC, 7, 2_900_00));
        h.send(new Command.OpenDay(Harness.GATEWAY, h.readId(), Harness.DAY + 1));

        assertThat(h.state(working)).isEqualTo(OrderState.HELD);
        assertThat(h.last(Event.DayChanged.class).phase()).isEqualTo(DayPhase.OPEN);
        assertThat(h.all(Event.PositionChanged.class))
                .anyMatch(p -> p.instrument() == 2 && p.quantity() == 7 && p.openingQuantity() == 7)
                .anyMatch(p -> p.instrument() == 1 && p.day() == Harness.DAY + 1 && p.quantity() == 0);
        assertThat(h.trade("T9", "B9", Side.BUY, 10, 1_490_00).code()).isEqualTo(ReplyCode.REFUSED); // yesterday's
    }

    @Test
    void a_lasting_difference_from_the_brokers_positions_is_alarmed() {
        Harness h = Harness.trading();
        h.filledBuy(10, 1_500_00);

        for (int read = 0; read < 3; read++) {
            h.live(1);
            h.beginRead();
            h.send(new Command.ReportPosition(Harness.GATEWAY, h.readId(), 1, Product.MIS, 9));
            h.endRead(true);
        }

        assertThat(h.last(Event.BrokerPositionSeen.class).difference()).isEqualTo(-1);
        assertThat(h.all(Event.Alarm.class)).anyMatch(alarm -> alarm.subject().equals("position difference"));
    }

    @Test
    void a_round_trip_realises_its_profit_to_the_paisa() {
        Harness h = Harness.trading();
        h.filledBuy(3, 1_000_01);
        long sell = h.place(1, Side.SELL, OrderType.MARKET, 3, 0, "").value();
        h.report(SendOutcome.ACCEPTED, "S1");

        h.trade("TS1", "S1", Side.SELL, 1, 1_000_05);
        h.trade("TS2", "S1", Side.SELL, 2, 999_99);

        assertThat(h.state(sell)).isEqualTo(OrderState.FILLED);
        assertThat(h.position().quantity()).isZero();
        assertThat(h.position().costPaise()).isZero();
        assertThat(h.position().realisedPaise()).isEqualTo(1_000_05 + 2 * 999_99 - 3 * 1_000_01);
    }

    @Test
    void every_refusal_names_limit_and_value() {
        Harness h = Harness.trading();

        assertThat(h.buy(20_000).text())
                .contains("the order's quantity 20000 is above the limit of 10000 (risk.maxOrderQuantity)");
        assertThat(h.buy(9_000).text())
                .contains(
                        "the order's value ₹1,35,00,000.00 is above the limit of ₹1,00,00,000.00 (risk.maxOrderValueRupees)");
        assertThat(h.limit(Side.BUY, 1, 1_600_00).text())
                .contains("₹1,600.00 is 6.7 % above the last price ₹1,500.00; 5 % is allowed");
        assertThat(h.limit(Side.BUY, 1, 1_500_01).text()).contains("the tick of ₹0.05");
        assertThat(h.place(3, Side.BUY, OrderType.MARKET, 1, 0, "").text()).contains("index");
        assertThat(h.place(44, Side.BUY, OrderType.MARKET, 1, 0, "").text()).contains("instrument 44");
        h.pass(6 * Harness.SECOND);
        assertThat(h.buy(1).text()).contains("the price is stale: ");
    }

    @Test
    void the_position_limit_counts_what_is_still_open() {
        Harness h = Harness.trading();
        for (int order = 0; order < 4; order++) {
            assertThat(h.limit(Side.BUY, 5_000, 1_490_00).accepted()).isTrue();
            h.report(SendOutcome.ACCEPTED, "B" + order);
        }

        Reply fifth = h.limit(Side.BUY, 1, 1_490_00);

        assertThat(fifth.text()).contains("the limit is 20000 (risk.maxPositionQuantity)");
    }

    @Test
    void after_the_daily_loss_only_exits_pass() {
        Harness h = Harness.trading();
        h.filledBuy(5_000, 1_500_00);
        h.tick(1, 1_300_00);

        assertThat(h.place(2, Side.BUY, OrderType.MARKET, 1, 0, "").text())
                .contains("the limit is ₹10,00,000.00 (risk.maxDailyLossRupees); only exits are allowed");
        assertThat(h.place(1, Side.SELL, OrderType.MARKET, 5_000, 0, "").accepted())
                .isTrue();
    }

    @Test
    void the_budget_holds_back_entries_before_exits() {
        Harness h = Harness.trading(BrokerProfile.KITE);
        h.filledBuy(10, 1_500_00);
        int sent = 1;
        for (; sent < 6; sent++) {
            h.buy(1);
            h.report(SendOutcome.ACCEPTED, "E" + sent);
        }
        long entry = h.buy(1).value();
        long exit = h.place(1, Side.SELL, OrderType.MARKET, 5, 0, "").value();

        assertThat(h.state(entry)).isEqualTo(OrderState.COMMITTED);
        assertThat(h.state(exit)).isEqualTo(OrderState.SENDING);
        h.live(2);
        assertThat(h.state(entry)).isEqualTo(OrderState.SENDING);
    }

    @Test
    void the_kill_switch_stops_strategies_cancels_orders_and_refuses_wishes_until_released() {
        Harness h = withCanary();
        long working = h.limit(Side.BUY, 10, 1_490_00).value();
        h.report(SendOutcome.ACCEPTED, "B1");
        h.row(working, "B1", BrokerOrderState.LIVE, 0);

        h.send(new Command.SetSwitch(SwitchKind.KILL, SwitchScope.ALL, true, "", "tester", "something is wrong"));

        assertThat(h.last(Event.StrategyChanged.class).state()).isEqualTo(StrategyState.KILLED);
        assertThat(h.lastSend().action()).isEqualTo(SendAction.CANCEL);
        assertThat(h.buy(1).text()).contains("kill switch");
        h.restart();
        assertThat(h.buy(1).text()).contains("kill switch");
        h.send(new Command.SetSwitch(SwitchKind.KILL, SwitchScope.ALL, false, "", "tester", "all clear"));
        assertThat(h.buy(1).accepted()).isTrue();
    }

    @Test
    void a_ban_lets_only_exits_through() {
        Harness h = Harness.trading();
        h.filledBuy(10, 1_500_00);
        h.send(new Command.SetSwitch(SwitchKind.BAN, SwitchScope.INSTRUMENT, true, "NSE:INFY", "tester", "F&O ban"));

        assertThat(h.buy(1).text()).contains("ban");
        assertThat(h.place(1, Side.SELL, OrderType.MARKET, 10, 0, "").accepted())
                .isTrue();
    }

    private static Harness withCanary() {
        Harness h = Harness.trading();
        h.send(new Command.DefineStrategy(1, Product.MIS, 1, "canary", "canary", "perSecond=1", "tester"));
        h.send(new Command.ControlStrategy(true, "canary", "tester", "go"));
        return h;
    }

    @Test
    void the_canary_alternates_buy_and_sell_of_one_lot() {
        Harness h = withCanary();

        h.live(1);
        Event.SendRequested first = h.lastSend();
        h.report(SendOutcome.ACCEPTED, "C1");
        h.trade("CT1", "C1", Side.BUY, 1, 1_500_00);
        h.live(1);
        Event.SendRequested second = h.lastSend();

        assertThat(first.side()).isEqualTo(Side.BUY);
        assertThat(second.side()).isEqualTo(Side.SELL);
        assertThat(second.quantity()).isEqualTo(1);
    }

    @Test
    void sma_cross_buys_when_the_fast_average_crosses_above_and_sells_when_below() {
        Harness h = Harness.trading();
        h.send(new Command.DefineStrategy(1, Product.MIS, 5, "sma", "sma-cross", "fast=1,slow=3", "tester"));
        h.send(new Command.ControlStrategy(true, "sma", "tester", "go"));

        for (long close : new long[] {100_00, 99_00, 98_00, 103_00}) {
            bar(h, close);
        }
        assertThat(h.lastSend().side()).isEqualTo(Side.BUY);
        h.report(SendOutcome.ACCEPTED, "M1");
        h.trade("MT1", "M1", Side.BUY, 5, 103_00);
        bar(h, 90_00);

        assertThat(h.lastSend().side()).isEqualTo(Side.SELL);
        assertThat(h.lastSend().quantity()).isEqualTo(5);
    }

    private static void bar(Harness h, long close) {
        h.send(new Command.ReportBar(Harness.GATEWAY, h.feedEpoch, 1, h.now, close, close, close, close, 10, 1));
    }

    @Test
    void a_strategy_with_bad_parameters_is_refused_with_the_reason() {
        Harness h = Harness.trading();

        assertThat(h.send(new Command.DefineStrategy(1, Product.MIS, 5, "s", "sma-cross", "fast=9,slow=3", "t"))
                        .text())
                .contains("fast is 9 and slow 3");
        assertThat(h.send(new Command.DefineStrategy(1, Product.MIS, 5, "s", "magic", "", "t"))
                        .text())
                .contains("no strategy kind 'magic'");
        assertThat(h.send(new Command.DefineStrategy(1, Product.MIS, 5, "s", "canary", "colour=red", "t"))
                        .text())
                .contains("no parameters [colour]");
    }
}
