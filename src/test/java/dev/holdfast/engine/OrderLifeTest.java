package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.AmendmentState;
import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import dev.holdfast.protocol.Resolution;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.protocol.SendOutcome;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Side;
import org.junit.jupiter.api.Test;

/** An order from wish to end, by examples. */
final class OrderLifeTest {

    @Test
    void a_wish_is_committed_sent_under_the_epoch_and_filled_by_its_trade() {
        Harness h = Harness.trading();

        long number = h.buy(10).value();

        Event.SendRequested send = h.lastSend();
        assertThat(send.orderNumber()).isEqualTo(number);
        assertThat(send.epoch()).isEqualTo(h.epoch).isPositive();
        assertThat(send.notAfterNanos()).isEqualTo(h.now + 2 * Harness.SECOND);
        assertThat(send.tag()).matches("[A-Z0-9]{1,20}");
        assertThat(h.state(number)).isEqualTo(OrderState.SENDING);
        h.report(SendOutcome.ACCEPTED, "B1");
        assertThat(h.state(number)).isEqualTo(OrderState.WORKING);
        h.trade("T1", "B1", Side.BUY, 4, 1_500_00);
        assertThat(h.state(number)).isEqualTo(OrderState.PARTLY_FILLED);
        h.trade("T2", "B1", Side.BUY, 6, 1_501_00);
        assertThat(h.state(number)).isEqualTo(OrderState.FILLED);
        assertThat(h.position().quantity()).isEqualTo(10);
        assertThat(h.position().costPaise()).isEqualTo(4 * 1_500_00 + 6 * 1_501_00);
    }

    @Test
    void the_same_trade_told_twice_counts_once() {
        Harness h = Harness.trading();
        long number = h.filledBuy(10, 1_500_00);

        h.trade("T" + number, "B" + number, Side.BUY, 10, 1_500_00);

        assertThat(h.all(Event.TradeBooked.class)).hasSize(1);
        assertThat(h.position().quantity()).isEqualTo(10);
    }

    @Test
    void an_order_is_not_ended_by_the_book_before_its_trades_have_arrived() {
        Harness h = Harness.trading();
        long number = h.buy(10).value();
        h.report(SendOutcome.ACCEPTED, "B1");

        h.row(number, "B1", BrokerOrderState.CANCELLED, 4);
        assertThat(h.state(number)).isEqualTo(OrderState.WORKING);
        h.trade("T1", "B1", Side.BUY, 4, 1_500_00);

        assertThat(h.state(number)).isEqualTo(OrderState.CANCELLED);
        assertThat(h.order(number).filledQuantity()).isEqualTo(4);
    }

    @Test
    void a_repeated_client_key_answers_with_the_first_order() {
        Harness h = Harness.trading();

        long first = h.place(1, Side.BUY, dev.holdfast.types.OrderType.MARKET, 1, 0, "key-1")
                .value();
        long again = h.place(1, Side.BUY, dev.holdfast.types.OrderType.MARKET, 1, 0, "key-1")
                .value();

        assertThat(again).isEqualTo(first);
        assertThat(h.all(Event.SendRequested.class)).hasSize(1);
    }

    @Test
    void another_order_under_a_known_key_is_refused_and_the_difference_named() {
        Harness h = Harness.trading();
        long first = h.place(1, Side.BUY, dev.holdfast.types.OrderType.MARKET, 1, 0, "key-1")
                .value();

        Reply other = h.place(1, Side.SELL, dev.holdfast.types.OrderType.LIMIT, 2, 1_500_00, "key-1");
        h.restart();
        Reply afterARestart = h.place(1, Side.BUY, dev.holdfast.types.OrderType.MARKET, 2, 0, "key-1");

        assertThat(other.code()).isEqualTo(ReplyCode.REFUSED);
        assertThat(other.value()).isEqualTo(first);
        assertThat(other.text())
                .isEqualTo(
                        "key 'key-1' belongs to order 1, placed with side BUY and not SELL, type MARKET and not LIMIT,"
                                + " quantity 1 and not 2, price ₹0.00 and not ₹1,500.00; another order needs another key");
        assertThat(afterARestart.text()).contains("quantity 1 and not 2");
        assertThat(h.all(Event.SendRequested.class)).hasSize(1);
    }

    @Test
    void a_reason_that_forges_a_line_is_refused() {
        Harness h = Harness.trading();

        Reply reply = h.send(new Command.SetSwitch(
                SwitchKind.KILL, SwitchScope.ALL, true, "", "asha", "none\n2026-11-23 kill switch released by asha"));

        assertThat(reply.code()).isEqualTo(ReplyCode.REFUSED);
        assertThat(reply.text()).contains("the reason has the character U+000A at place 5");
        assertThat(h.all(Event.SwitchChanged.class)).isEmpty();
    }

    @Test
    void an_uncertain_order_found_in_the_book_is_taken_as_ours_by_tag() {
        Harness h = Harness.trading();
        long number = h.buy(10).value();
        h.report(SendOutcome.UNCERTAIN, "");
        assertThat(h.state(number)).isEqualTo(OrderState.UNCERTAIN);

        h.beginRead();
        h.row(number, "B7", BrokerOrderState.LIVE, 0);

        assertThat(h.state(number)).isEqualTo(OrderState.WORKING);
        assertThat(h.order(number).brokerOrderId()).isEqualTo("B7");
        assertThat(h.all(Event.SendRequested.class)).hasSize(1);
    }

    @Test
    void an_uncertain_order_is_absent_only_after_three_clean_reads_over_fifteen_seconds() {
        Harness h = Harness.trading();
        long number = h.buy(10).value();
        h.report(SendOutcome.UNCERTAIN, "");

        for (int second = 0; second < 14; second++) {
            h.live(1);
            h.cleanRead();
        }
        assertThat(h.state(number)).isEqualTo(OrderState.UNCERTAIN);
        h.live(2);
        h.beginRead();
        h.endRead(false);
        assertThat(h.state(number)).isEqualTo(OrderState.UNCERTAIN);
        h.cleanRead();

        assertThat(h.state(number)).isEqualTo(OrderState.ABSENT);
        assertThat(h.all(Event.SendRequested.class)).hasSize(1);
    }

    @Test
    void a_late_order_of_an_absent_tag_is_adopted_cancelled_and_alarmed() {
        Harness h = Harness.trading();
        long number = absent(h);
        String tag = h.order(number).tag();

        h.beginRead();
        h.row(tag, "B9", 10, 0, BrokerOrderState.LIVE, 0);

        assertThat(h.state(number)).isEqualTo(OrderState.ABSENT);
        assertThat(h.state(number + 1)).isEqualTo(OrderState.WORKING);
        assertThat(h.lastSend().action()).isEqualTo(SendAction.CANCEL);
        assertThat(h.lastSend().brokerOrderId()).isEqualTo("B9");
        assertThat(h.last(Event.Alarm.class).text()).contains("late");
    }

    private static long absent(Harness h) {
        long number = h.buy(10).value();
        h.report(SendOutcome.UNCERTAIN, "");
        h.proveAbsent(number);
        return number;
    }

    @Test
    void evidence_that_does_not_match_side_or_quantity_is_not_taken() {
        Harness h = Harness.trading();
        long number = h.buy(10).value();
        h.report(SendOutcome.UNCERTAIN, "");

        h.beginRead();
        h.row(h.order(number).tag(), "B7", 11, 0, BrokerOrderState.LIVE, 0);

        assertThat(h.state(number)).isEqualTo(OrderState.UNCERTAIN);
        assertThat(h.all(Event.Alarm.class))
                .anyMatch(alarm -> alarm.text().contains("is not ours: order 1 of this tag is BUY 10"));
    }

    @Test
    void an_uncertain_order_stops_everything_until_a_clean_read_and_then_only_its_instrument() {
        Harness h = Harness.trading();
        h.buy(10);
        h.report(SendOutcome.UNCERTAIN, "");

        long other = h.place(2, Side.BUY, dev.holdfast.types.OrderType.MARKET, 1, 0, "")
                .value();
        long same = h.buy(1).value();
        assertThat(h.state(other)).isEqualTo(OrderState.COMMITTED);
        h.pass(Harness.SECOND / 10);
        h.cleanRead();

        assertThat(h.state(other)).isEqualTo(OrderState.SENDING);
        assertThat(h.state(same)).isEqualTo(OrderState.COMMITTED);
    }

    @Test
    void what_the_broker_refuses_is_rejected_and_what_was_not_written_is_not_sent() {
        Harness h = Harness.trading();

        long refused = h.buy(1).value();
        h.report(SendOutcome.REFUSED, "");
        long unsent = h.buy(1).value();
        h.report(SendOutcome.NOT_SENT, "");

        assertThat(h.state(refused)).isEqualTo(OrderState.REJECTED);
        assertThat(h.state(unsent)).isEqualTo(OrderState.NOT_SENT);
    }

    @Test
    void an_intent_that_cannot_be_sent_for_five_seconds_ends_unsent() {
        Harness h = Harness.trading();
        h.send(new Command.ReportBrokerSession(Harness.GATEWAY, BrokerSessionState.DEAD, "token expired"));

        long number = h.buy(1).value();
        h.live(6);

        assertThat(h.state(number)).isEqualTo(OrderState.NOT_SENT);
        assertThat(h.order(number).reason()).contains("token expired");
    }

    @Test
    void an_unproved_order_is_held_for_a_person_and_not_sent_again() {
        Harness h = Harness.trading();
        long number = h.buy(1).value();
        h.report(SendOutcome.UNCERTAIN, "");

        h.live(301);
        assertThat(h.state(number)).isEqualTo(OrderState.HELD);
        assertThat(h.send(new Command.ResolveOrder(number, Resolution.ABSENT, "tester", "asked the broker"))
                        .accepted())
                .isTrue();

        assertThat(h.state(number)).isEqualTo(OrderState.ABSENT);
        assertThat(h.all(Event.SendRequested.class)).hasSize(1);
    }

    @Test
    void an_order_of_other_hands_is_adopted_with_its_fills_as_unassigned() {
        Harness h = Harness.trading();

        h.beginRead();
        h.row("", "X1", 5, 0, BrokerOrderState.COMPLETE, 5);
        h.trade("TX", "X1", Side.BUY, 5, 1_500_00);

        Event.OrderChanged adopted = h.last(Event.OrderChanged.class);
        assertThat(adopted.origin()).isEqualTo(Origin.PERSON);
        assertThat(adopted.state()).isEqualTo(OrderState.FILLED);
        assertThat(h.last(Event.ProfitChanged.class).strategy()).isEmpty();
        assertThat(h.position().quantity()).isEqualTo(5);
    }

    @Test
    void a_modification_is_done_when_the_book_shows_it() {
        Harness h = Harness.trading();
        long number = working(h);

        assertThat(h.send(new Command.ModifyOrder(number, 20, 1_480_00, "tester", "more"))
                        .accepted())
                .isTrue();
        assertThat(h.lastSend().action()).isEqualTo(SendAction.MODIFY);
        assertThat(h.send(new Command.ModifyOrder(number, 30, 1_480_00, "tester", "more"))
                        .code())
                .isEqualTo(ReplyCode.REFUSED);
        h.report(SendOutcome.ACCEPTED, "B1");
        assertThat(h.order(number).amendment()).isEqualTo(AmendmentState.SENDING);
        h.row(h.order(number).tag(), "B1", 20, 1_480_00, BrokerOrderState.LIVE, 0);

        assertThat(h.order(number).amendment()).isEqualTo(AmendmentState.NONE);
        assertThat(h.order(number).quantity()).isEqualTo(20);
        assertThat(h.order(number).pricePaise()).isEqualTo(1_480_00);
    }

    private static long working(Harness h) {
        long number = h.limit(Side.BUY, 10, 1_490_00).value();
        h.report(SendOutcome.ACCEPTED, "B1");
        h.row(number, "B1", BrokerOrderState.LIVE, 0);
        return number;
    }

    @Test
    void a_modification_the_book_never_shows_ends_as_not_taken() {
        Harness h = Harness.trading();
        long number = working(h);
        h.send(new Command.ModifyOrder(number, 20, 1_480_00, "tester", "more"));
        h.report(SendOutcome.ACCEPTED, "B1");

        h.live(1);
        h.cleanRead();

        assertThat(h.order(number).amendment()).isEqualTo(AmendmentState.NONE);
        assertThat(h.order(number).quantity()).isEqualTo(10);
    }

    @Test
    void cancelling_an_uncertain_order_is_remembered_and_done_when_it_appears() {
        Harness h = Harness.trading();
        long number = h.limit(Side.BUY, 10, 1_490_00).value();
        h.report(SendOutcome.UNCERTAIN, "");
        h.send(new Command.CancelOrder(number, "tester", "changed my mind"));
        assertThat(h.all(Event.SendRequested.class)).hasSize(1);

        h.beginRead();
        h.row(number, "B1", BrokerOrderState.LIVE, 0);

        assertThat(h.lastSend().action()).isEqualTo(SendAction.CANCEL);
        h.report(SendOutcome.ACCEPTED, "B1");
        assertThat(h.state(number)).isEqualTo(OrderState.WORKING); // an answer never ends an order, the book does
        h.row(number, "B1", BrokerOrderState.CANCELLED, 0);
        assertThat(h.state(number)).isEqualTo(OrderState.CANCELLED);
    }

    @Test
    void a_cancel_that_the_book_does_not_show_is_asked_for_again() {
        Harness h = Harness.trading();
        long number = working(h);
        h.send(new Command.CancelOrder(number, "tester", "out"));
        h.report(SendOutcome.UNCERTAIN, "");

        h.live(1);
        h.cleanRead();

        assertThat(h.all(Event.SendRequested.class).stream().filter(send -> send.action() == SendAction.CANCEL))
                .hasSize(2);
    }

    @Test
    void a_terminal_order_never_changes_state_again() {
        Harness h = Harness.trading();
        long number = h.filledBuy(10, 1_500_00);

        h.row(number, "B" + number, BrokerOrderState.LIVE, 0);
        h.row(number, "B" + number, BrokerOrderState.CANCELLED, 10);

        assertThat(h.state(number)).isEqualTo(OrderState.FILLED);
    }
}
