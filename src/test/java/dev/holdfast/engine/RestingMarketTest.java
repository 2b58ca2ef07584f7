package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.protocol.SendOutcome;
import dev.holdfast.protocol.Severity;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Side;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Case G1: the broker turns a MARKET order into a LIMIT at a cap, the price leaves the cap, and the rest stays in the book. */
final class RestingMarketTest {

    private final Trades t = Trades.holding(100);
    private final Harness h = t.h;

    private long restingExit() {
        t.wishOut();
        long exit = t.newest("sma").orderNumber();
        t.accept(exit);
        shown(exit, Side.SELL, 1_470_00, BrokerOrderState.LIVE);
        h.tick(1, 1_440_00);
        return exit;
    }

    private void shown(long order, Side side, long pricePaise, BrokerOrderState state) {
        t.row(
                Origin.PERSON,
                "B" + order,
                h.order(order).tag(),
                side,
                OrderType.LIMIT,
                h.order(order).quantity(),
                pricePaise,
                state,
                0);
    }

    private List<Event.SendRequested> sends(SendAction action) {
        return h.all(Event.SendRequested.class).stream()
                .filter(send -> send.action() == action)
                .toList();
    }

    private void live(int seconds, long pricePaise) {
        for (int second = 0; second < seconds; second++) {
            h.pass(Harness.SECOND);
            h.renew();
            h.tick(1, pricePaise);
        }
    }

    @Test
    void what_the_book_shows_is_kept_beside_what_was_asked() {
        long exit = restingExit();

        assertThat(h.last(Event.OrderTermsSeen.class))
                .isEqualTo(new Event.OrderTermsSeen(exit, OrderType.LIMIT, 100, 1_470_00, "B" + exit));
        assertThat(h.order(exit).orderType()).isEqualTo(OrderType.MARKET);
        assertThat(h.order(exit).pricePaise()).isZero();
    }

    @Test
    void the_rest_of_an_exit_is_priced_through_the_market_after_three_seconds() {
        long exit = restingExit();

        live(2, 1_440_00);
        assertThat(sends(SendAction.MODIFY)).isEmpty();
        live(2, 1_440_00);

        Event.SendRequested modify = sends(SendAction.MODIFY).getFirst();
        assertThat(modify.orderNumber()).isEqualTo(exit);
        assertThat(modify.orderType()).isEqualTo(OrderType.LIMIT);
        assertThat(modify.quantity()).isEqualTo(100);
        assertThat(modify.pricePaise()).isEqualTo(1_425_55); // 1 % below the bid of 1,439.95, down to the tick
        assertThat(sends(SendAction.PLACE)).hasSize(2); // entry and exit: never two sells
    }

    @Test
    void after_five_prices_an_alarm_names_the_order() {
        long exit = restingExit();
        long price = 1_440_00;

        for (int time = 0; time < 5; time++) {
            live(4, price);
            Event.SendRequested modify = sends(SendAction.MODIFY).getLast();
            t.report(exit, SendOutcome.ACCEPTED, "B" + exit);
            shown(exit, Side.SELL, modify.pricePaise(), BrokerOrderState.LIVE);
            price -= 30_00;
            h.tick(1, price);
        }
        live(4, price);
        live(30, price);

        assertThat(sends(SendAction.MODIFY)).hasSize(5);
        assertThat(sends(SendAction.PLACE)).hasSize(2);
        assertThat(h.all(Event.Alarm.class))
                .filteredOn(alarm -> alarm.severity() == Severity.CRITICAL)
                .singleElement()
                .satisfies(alarm ->
                        assertThat(alarm.text()).contains("the exit B" + exit + " (SELL 100 NSE:INFY) rests as LIMIT"));
    }

    @Test
    void the_rest_of_an_entry_is_cancelled_after_three_seconds() {
        Trades other = new Trades(Harness.trading());
        long entry = other.h.buy(10).value();
        other.accept(entry);
        other.row(
                Origin.PERSON,
                "B" + entry,
                other.h.order(entry).tag(),
                Side.BUY,
                OrderType.LIMIT,
                10,
                1_530_00,
                BrokerOrderState.LIVE,
                0);
        other.h.tick(1, 1_560_00);

        other.h.live(2);
        assertThat(other.h.lastSend().action()).isEqualTo(SendAction.PLACE);
        other.h.live(2);

        assertThat(other.h.lastSend().action()).isEqualTo(SendAction.CANCEL);
        assertThat(other.h.order(entry).reason()).contains("rests in the book as LIMIT ₹1,530.00");
    }

    @Test
    void a_person_may_modify_and_cancel_a_market_order_that_works_as_a_limit_and_a_strangers_order() {
        long exit = restingExit();
        assertThat(h.send(new Command.ModifyOrder(exit, 100, 1_450_00, "tester", "nearer"))
                        .accepted())
                .isTrue();
        assertThat(h.lastSend().orderType()).isEqualTo(OrderType.LIMIT);
        t.report(exit, SendOutcome.ACCEPTED, "B" + exit);
        shown(exit, Side.SELL, 1_450_00, BrokerOrderState.LIVE);
        assertThat(h.send(new Command.CancelOrder(exit, "tester", "out")).accepted())
                .isTrue();
        assertThat(h.lastSend().action()).isEqualTo(SendAction.CANCEL);

        t.othersRest(Side.BUY, 5);
        long stranger = h.last(Event.OrderChanged.class).orderNumber();
        assertThat(h.send(new Command.CancelOrder(stranger, "tester", "not mine"))
                        .accepted())
                .isTrue();
        assertThat(h.lastSend().orderNumber()).isEqualTo(stranger);
    }
}
