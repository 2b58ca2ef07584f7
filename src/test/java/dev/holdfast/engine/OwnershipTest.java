package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.protocol.SendOutcome;
import dev.holdfast.protocol.Severity;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose an order is: tag and terms of an intent that has no other order, or nobody's of ours. */
final class OwnershipTest {

    private final Trades t = new Trades(Harness.trading());
    private final Harness h = t.h;

    /** The attack that was seen: a stranger's order with a tag of ours was cancelled 58 ms after its acceptance. */
    @Test
    void a_strangers_order_that_copies_the_tag_of_a_working_order_is_shown_and_never_touched() {
        long ours = h.limit(Side.BUY, 10, 1_490_00).value();
        t.accept(ours);

        bearsTag("X1", h.order(ours).tag(), 10, 1_490_00);
        h.live(5);

        Event.OrderChanged stranger = h.order(ours + 1);
        assertThat(stranger.origin()).isEqualTo(Origin.PERSON);
        assertThat(stranger.state()).isEqualTo(OrderState.WORKING);
        assertThat(h.state(ours)).isEqualTo(OrderState.WORKING);
        assertThat(h.all(Event.SendRequested.class)).hasSize(1);
        assertThat(h.all(Event.Alarm.class))
                .filteredOn(alarm -> alarm.severity() == Severity.WARNING)
                .singleElement()
                .satisfies(alarm -> assertThat(alarm.text())
                        .contains("X1 (BUY 10 NSE:INFY MIS) has our tag " + stranger.tag() + " but is not ours: order "
                                + ours + " of this tag is B" + ours));
    }

    @Test
    void trades_of_the_copy_are_nobodys_and_the_real_order_fills_as_before() {
        long ours = h.limit(Side.BUY, 10, 1_490_00).value();
        t.accept(ours);
        bearsTag("X1", h.order(ours).tag(), 10, 1_490_00);

        h.trade("TX", "X1", Side.BUY, 10, 1_490_00);
        h.trade("TB", "B" + ours, Side.BUY, 10, 1_490_00);

        assertThat(h.state(ours)).isEqualTo(OrderState.FILLED);
        assertThat(h.state(ours + 1)).isEqualTo(OrderState.FILLED);
        assertThat(t.share("")).isEqualTo(10);
        assertThat(t.share("manual")).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(
            value = SendOutcome.class,
            names = {"NOT_SENT", "REFUSED"})
    void an_intent_that_the_gateway_proved_unsent_or_the_broker_refused_has_no_order(SendOutcome outcome) {
        long ours = h.limit(Side.BUY, 10, 1_490_00).value();
        t.report(ours, outcome, "");

        bearsTag("X1", h.order(ours).tag(), 10, 1_490_00);
        h.live(2);

        assertThat(h.order(ours + 1).origin()).isEqualTo(Origin.PERSON);
        assertThat(h.state(ours + 1)).isEqualTo(OrderState.WORKING);
        assertThat(h.all(Event.SendRequested.class)).hasSize(1);
    }

    @Test
    void an_intent_that_was_never_published_has_no_order() {
        h.pass(2 * Harness.SECOND); // the grant is lost
        long ours = h.limit(Side.BUY, 10, 1_490_00).value();
        assertThat(h.state(ours)).isEqualTo(OrderState.COMMITTED);

        bearsTag("X1", h.order(ours).tag(), 10, 1_490_00);

        assertThat(h.state(ours)).isEqualTo(OrderState.COMMITTED);
        assertThat(h.order(ours).brokerOrderId()).isEmpty();
        assertThat(h.order(ours + 1).origin()).isEqualTo(Origin.PERSON);
    }

    @Test
    void a_market_order_that_the_broker_shows_as_a_limit_is_ours() {
        long ours = h.buy(10).value();
        t.report(ours, SendOutcome.UNCERTAIN, "");

        bearsTag("B7", h.order(ours).tag(), 10, 1_545_00);

        assertThat(h.state(ours)).isEqualTo(OrderState.WORKING);
        assertThat(h.order(ours).brokerOrderId()).isEqualTo("B7");
    }

    @Test
    void an_absent_intent_is_watched_for_its_own_order_alone_and_only_once() {
        long ours = absent();
        String tag = h.order(ours).tag();

        bearsTag("X1", tag, 9, 1_490_00);
        bearsTag("B9", tag, 10, 1_490_00);
        bearsTag("X2", tag, 10, 1_490_00);
        h.live(1);

        assertThat(h.order(ours + 1).origin()).isEqualTo(Origin.PERSON);
        assertThat(h.order(ours + 2).origin()).isEqualTo(Origin.INTENT);
        assertThat(h.order(ours + 3).origin()).isEqualTo(Origin.PERSON);
        assertThat(h.all(Event.SendRequested.class))
                .filteredOn(send -> send.action() == SendAction.CANCEL)
                .extracting(Event.SendRequested::brokerOrderId)
                .containsExactly("B9");
    }

    @Test
    void a_held_order_that_appears_is_taken_and_cancelled() {
        long ours = h.limit(Side.BUY, 10, 1_490_00).value();
        t.report(ours, SendOutcome.UNCERTAIN, "");
        h.live(301);
        assertThat(h.state(ours)).isEqualTo(OrderState.HELD);
        h.cleanRead();

        h.row(ours, "B9", BrokerOrderState.LIVE, 0);

        assertThat(h.state(ours)).isEqualTo(OrderState.WORKING);
        assertThat(h.lastSend().action()).isEqualTo(SendAction.CANCEL);
        assertThat(h.lastSend().brokerOrderId()).isEqualTo("B9");
    }

    @Test
    void a_copy_seen_before_the_brokers_answer_is_given_back_when_the_answer_names_another() {
        long ours = h.limit(Side.BUY, 10, 1_490_00).value();
        h.row(ours, "X1", BrokerOrderState.LIVE, 0);
        assertThat(h.order(ours).brokerOrderId()).isEqualTo("X1");

        t.accept(ours);
        h.trade("TB", "B" + ours, Side.BUY, 10, 1_490_00);
        h.trade("TX", "X1", Side.BUY, 10, 1_490_00);

        assertThat(h.state(ours)).isEqualTo(OrderState.FILLED);
        assertThat(h.order(ours).brokerOrderId()).isEqualTo("B" + ours);
        assertThat(h.order(ours + 1).brokerOrderId()).isEqualTo("X1");
        assertThat(h.order(ours + 1).origin()).isEqualTo(Origin.PERSON);
        assertThat(t.share("")).isEqualTo(10);
    }

    @Test
    void a_row_of_an_own_order_that_ended_long_ago_is_known_and_a_copy_of_its_tag_is_foreign() {
        long ours = h.filledBuy(10, 1_500_00);
        Event.OrderChanged filled = h.order(ours);
        h.live(62);
        h.restart();

        h.row(filled.tag(), filled.brokerOrderId(), 10, 0, BrokerOrderState.COMPLETE, 10);
        assertThat(h.last(Event.OrderChanged.class).orderNumber()).isEqualTo(ours);
        h.row(filled.tag(), "X1", 10, 0, BrokerOrderState.COMPLETE, 10);

        assertThat(h.order(ours + 1).origin()).isEqualTo(Origin.PERSON);
        assertThat(h.order(ours + 1).brokerOrderId()).isEqualTo("X1");
    }

    @Test
    void a_stranger_who_guesses_the_next_tag_does_not_take_the_next_intent() {
        long before = h.filledBuy(10, 1_500_00);
        String next = Orders.tag(123_456, before + 2);
        bearsTag("X1", next, 10, 1_490_00);

        long ours = h.limit(Side.BUY, 10, 1_490_00).value();
        assertThat(h.order(ours).tag()).isEqualTo(next);
        t.report(ours, SendOutcome.UNCERTAIN, "");
        h.row(ours, "B5", BrokerOrderState.LIVE, 0);

        assertThat(h.order(ours).brokerOrderId()).isEqualTo("B5");
        assertThat(h.state(before + 1)).isEqualTo(OrderState.WORKING);
    }

    /** The broker's list of orders shows a LIMIT order to buy that rests and has this tag. */
    private void bearsTag(String brokerOrderId, String tag, long quantity, long pricePaise) {
        t.row(
                Origin.PERSON,
                brokerOrderId,
                tag,
                Side.BUY,
                OrderType.LIMIT,
                quantity,
                pricePaise,
                BrokerOrderState.LIVE,
                0);
    }

    private long absent() {
        long number = h.limit(Side.BUY, 10, 1_490_00).value();
        t.report(number, SendOutcome.UNCERTAIN, "");
        h.proveAbsent(number);
        return number;
    }
}
