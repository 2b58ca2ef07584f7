package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.protocol.Severity;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An exit never opens a position, whoever traded meanwhile. */
final class ExitsTest {

    /** Case G2: a person sold in the broker's own screen, or the broker squared off; the exit still went out. */
    @ParameterizedTest
    @EnumSource(
            value = Origin.class,
            names = {"PERSON", "BROKER"})
    void what_other_hands_sold_is_taken_from_its_holder_and_never_sold_again(Origin by) {
        Trades t = Trades.holding(100);

        t.otherHands(by, Side.SELL, 100);
        t.wishOut();

        assertThat(t.share("sma")).isZero();
        assertThat(t.share("")).isZero();
        assertThat(t.h.position().quantity()).isZero();
        assertThat(t.newest("sma").side()).isEqualTo(Side.BUY);
        assertThat(t.h.all(Event.Alarm.class))
                .anyMatch(alarm -> alarm.severity() == Severity.WARNING
                        && alarm.text().contains("other hands sold 100 of what sma holds; its share is now 0"));
    }

    @Test
    void a_part_sold_by_other_hands_leaves_the_rest_to_sell() {
        Trades t = Trades.holding(100);

        t.otherHands(Side.SELL, 30);
        t.wishOut();

        assertThat(t.newest("sma").side()).isEqualTo(Side.SELL);
        assertThat(t.newest("sma").quantity()).isEqualTo(70);
    }

    @Test
    void what_is_nobodys_is_sold_first_and_what_more_is_sold_opens_for_nobody() {
        Trades t = Trades.holding(100);
        t.otherHands(Side.BUY, 20);

        t.otherHands(Side.SELL, 15);
        assertThat(t.share("")).isEqualTo(5);
        assertThat(t.share("sma")).isEqualTo(100);
        t.otherHands(Side.SELL, 125);

        assertThat(t.share("sma")).isZero();
        assertThat(t.share("")).isEqualTo(-20);
        assertThat(t.h.position().quantity()).isEqualTo(-20);
    }

    @Test
    void an_exit_is_cut_by_what_works_against_it_already_and_says_so() {
        Trades t = Trades.holding(100);
        t.othersRest(Side.SELL, 60);

        t.wishOut();

        Event.OrderChanged exit = t.newest("sma");
        assertThat(exit.quantity()).isEqualTo(40);
        assertThat(exit.reason()).startsWith("sent under epoch");
        assertThat(t.h.all(Event.OrderChanged.class))
                .anyMatch(order -> order.orderNumber() == exit.orderNumber()
                        && order.state() == OrderState.COMMITTED
                        && order.reason()
                                .contains("cut from 100 to 40 to sell: sma holds 100, the account 100 NSE:INFY MIS, "
                                        + "open SELL orders 60"));
    }

    @Test
    void an_exit_of_which_nothing_is_left_is_refused_with_the_reason() {
        Trades t = Trades.holding(100);
        t.othersRest(Side.SELL, 100);

        t.wishOut();

        assertThat(t.newest("sma").state()).isEqualTo(OrderState.REFUSED);
        assertThat(t.newest("sma").reason()).contains("nothing is left to sell").contains("open SELL orders 100");
    }

    @Test
    void an_exit_is_cut_to_what_the_broker_shows() {
        Trades t = Trades.holding(100);
        t.h.live(1);
        t.brokerShows(Product.MIS, 60);

        t.wishOut();

        assertThat(t.newest("sma").quantity()).isEqualTo(60);
    }

    @Test
    void the_brokers_figure_counts_with_the_trades_since_its_read() {
        Trades t = Trades.holding(100);
        t.h.live(1);
        t.brokerShows(Product.MIS, 60);
        t.otherHands(Side.SELL, 50);

        t.wishOut();

        assertThat(t.share("sma")).isEqualTo(50);
        assertThat(t.newest("sma").quantity()).isEqualTo(10);
    }

    @Test
    void a_conversion_shows_although_a_trade_was_booked_while_the_read_ran() {
        Trades t = Trades.holding(100);
        t.h.beginRead();
        t.otherHands(Side.BUY, 10);
        t.h.send(new Command.ReportPosition(Harness.GATEWAY, t.h.readId(), 1, Product.MIS, 100));
        t.h.endRead(true);

        t.wishOut();

        assertThat(t.newest("sma").quantity()).isEqualTo(100);
        assertThat(t.h.last(Event.BrokerPositionSeen.class).difference()).isEqualTo(-10);
    }

    @Test
    void an_intent_that_no_longer_fits_when_it_could_be_sent_ends_unsent() {
        Trades t = Trades.holding(100);
        t.h.send(new Command.RenewGrant(
                Harness.GATEWAY, dev.holdfast.protocol.GrantKind.SENDER, true, true, "a")); // nobody may send
        t.wishOut();
        long exit = t.newest("sma").orderNumber();
        assertThat(t.h.state(exit)).isEqualTo(OrderState.COMMITTED);

        t.otherHands(Side.SELL, 60);
        t.h.renew();
        t.h.pass(1);
        t.h.cleanRead();

        assertThat(t.h.order(exit).sends()).isZero();
        assertThat(t.h.order(exit).state()).isEqualTo(OrderState.CANCELLED);
        assertThat(t.h.order(exit).reason())
                .contains("would open a position")
                .contains("the account 100 NSE:INFY MIS, open SELL orders 160");
    }

    @Test
    void a_resting_exit_is_cancelled_at_once_when_other_hands_trade_and_its_rest_would_open() {
        Trades t = Trades.holding(100);
        t.wishOut();
        long exit = t.newest("sma").orderNumber();
        t.accept(exit);

        t.otherHands(Side.SELL, 60);

        assertThat(t.h.lastSend().action()).isEqualTo(SendAction.CANCEL);
        assertThat(t.h.lastSend().orderNumber()).isEqualTo(exit);
        assertThat(t.h.order(exit).reason()).contains("the rest would open a position");
    }

    @Test
    void a_resting_exit_stays_when_other_hands_leave_enough() {
        Trades t = Trades.holding(100);
        t.otherHands(Side.BUY, 50);
        t.wishOut();
        long exit = t.newest("sma").orderNumber();
        t.accept(exit);

        t.otherHands(Side.SELL, 50);

        assertThat(t.h.order(exit).cancelWanted()).isFalse();
        assertThat(t.share("sma")).isEqualTo(100);
    }

    @Test
    void a_strategy_may_not_sell_what_another_one_holds() {
        Trades t = Trades.holding(100);
        State state = new State(new Budgets(), Guards.all());
        t.h.events.forEach(state::apply);

        Risk.Proposal sell = new Risk.Proposal("short", 1, Side.SELL, Product.MIS, OrderType.MARKET, 10, 0);

        assertThat(new Risk(state).refusal(sell))
                .isEqualTo("sma holds 100 NSE:INFY MIS, which a SELL by short would close");
    }

    @Test
    void a_person_who_sells_here_what_a_strategy_holds_takes_it_from_that_strategy() {
        Trades t = Trades.holding(100);

        long number = t.h.place(1, Side.SELL, OrderType.MARKET, 100, 0, "").value();
        t.accept(number);
        t.fill(number, 100);

        assertThat(t.share("sma")).isZero();
        assertThat(t.share("manual")).isZero();
    }

    @Test
    void what_several_hold_is_banned_for_them_until_a_person_says_whose_was_sold() {
        Trades t = new Trades(Harness.trading());
        t.define("sma", 100);
        t.define("other", 50);
        t.goIn("sma");
        assertThat(t.share("sma") + t.share("other")).isEqualTo(150);

        t.otherHands(Side.SELL, 40);
        t.wishOut();

        assertThat(t.share("")).isEqualTo(-40);
        assertThat(t.newest("sma").state()).isEqualTo(OrderState.REFUSED);
        assertThat(t.newest("other").state()).isEqualTo(OrderState.REFUSED);
        assertThat(t.newest("other").reason()).contains("position assign");
        assertThat(t.h.all(Event.Alarm.class))
                .filteredOn(alarm -> alarm.severity() == Severity.CRITICAL)
                .singleElement()
                .satisfies(alarm ->
                        assertThat(alarm.text()).contains("closed 40 of what several hold (other 50, sma 100)"));
    }

    @Test
    void with_several_holders_a_sale_of_all_leaves_each_flat() {
        Trades t = new Trades(Harness.trading());
        t.define("sma", 100);
        t.define("other", 50);
        t.goIn("sma");

        t.otherHands(Side.SELL, 150);

        assertThat(t.share("sma")).isZero();
        assertThat(t.share("other")).isZero();
        assertThat(t.share("")).isZero();
    }

    @Test
    void the_exit_of_a_strategy_is_known_as_one_after_a_restart() {
        Trades t = Trades.holding(100);
        t.wishOut();
        long exit = t.newest("sma").orderNumber();
        t.accept(exit);
        t.row(
                Origin.PERSON,
                "B" + exit,
                t.h.order(exit).tag(),
                Side.SELL,
                OrderType.MARKET,
                100,
                0,
                BrokerOrderState.LIVE,
                0);
        t.h.restart();

        t.otherHands(Side.SELL, 100);

        assertThat(t.h.lastSend().action()).isEqualTo(SendAction.CANCEL);
    }
}
