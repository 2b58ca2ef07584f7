package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.SendOutcome;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Side;
import org.junit.jupiter.api.Test;

/** A grant is where its work can be done: a living holder that is deaf, or is refused, loses it to one that is not. */
final class FitnessTest {

    private static final long TENTH = Harness.SECOND / 10;
    private static final long OTHER = 88;

    private final Harness h = Harness.trading();

    @Test
    void a_feed_without_ticks_loses_the_grant_to_one_that_has_some_though_it_renews() {
        tell(GrantKind.FEED, Harness.GATEWAY, true);
        tell(GrantKind.FEED, OTHER, true);
        live(30);
        tell(GrantKind.FEED, Harness.GATEWAY, false);

        live(20);

        assertThat(holder(GrantKind.FEED)).isEqualTo(OTHER);
        assertThat(h.last(Event.GrantChanged.class).reason()).contains("no tick");
        assertThat(holder(GrantKind.SENDER)).isEqualTo(Harness.GATEWAY);
    }

    @Test
    void nothing_moves_when_nobody_has_ticks_or_the_other_has_them_only_for_a_moment() {
        tell(GrantKind.FEED, Harness.GATEWAY, false);
        tell(GrantKind.FEED, OTHER, false);
        live(50);
        // A tick of a quiet market reaches the other a little earlier.
        tell(GrantKind.FEED, OTHER, true);
        live(1);
        tell(GrantKind.FEED, Harness.GATEWAY, true);
        live(20);
        tell(GrantKind.FEED, Harness.GATEWAY, false);
        live(1);
        tell(GrantKind.FEED, OTHER, false);
        live(50);

        assertThat(holder(GrantKind.FEED)).isEqualTo(Harness.GATEWAY);
    }

    @Test
    void the_feed_moves_at_most_once_in_ten_seconds() {
        tell(GrantKind.FEED, Harness.GATEWAY, false);
        tell(GrantKind.FEED, OTHER, true);
        live(20);
        tell(GrantKind.FEED, Harness.GATEWAY, true);
        tell(GrantKind.FEED, OTHER, false);
        live(60);
        long tooSoon = holder(GrantKind.FEED);
        live(50);

        assertThat(tooSoon).isEqualTo(OTHER);
        assertThat(holder(GrantKind.FEED)).isEqualTo(Harness.GATEWAY);
    }

    @Test
    void a_sender_that_the_broker_does_not_answer_stops_before_the_right_to_send_moves() {
        tell(GrantKind.SENDER, OTHER, true);
        live(20);
        tell(GrantKind.SENDER, Harness.GATEWAY, false);

        int stillHeld = 0;
        long stoppedNanos = 0;
        while (holder(GrantKind.SENDER) == Harness.GATEWAY && stillHeld < 100) {
            boolean renewed = h.renew(Harness.GATEWAY, true) != 0;
            stoppedNanos = renewed ? h.now : stoppedNanos;
            h.renew(OTHER, true);
            h.pass(TENTH);
            stillHeld++;
        }

        assertThat(holder(GrantKind.SENDER)).isEqualTo(OTHER);
        assertThat(h.now - stoppedNanos)
                .as("from the last renewal to the move")
                .isGreaterThanOrEqualTo(Grants.LEASE_NANOS + Grants.MARGIN_NANOS);
    }

    @Test
    void an_unfit_sender_stays_when_the_other_is_unfit_too_and_after_a_restart_too() {
        tell(GrantKind.SENDER, Harness.GATEWAY, false);
        tell(GrantKind.SENDER, OTHER, false);
        live(30);
        h.restart();
        live(30);

        assertThat(holder(GrantKind.SENDER)).isEqualTo(Harness.GATEWAY);
    }

    @Test
    void orders_refused_for_who_sends_them_are_a_state_and_one_a_minute_is_tried() {
        for (int order = 0; order < Refusals.IN_A_ROW; order++) {
            h.buy(1);
            refuse("PermissionException", "this address is not registered");
        }
        int sent = sends();

        h.buy(1);
        live(100);
        int atOnce = sends();
        for (int minute = 0; minute < 60; minute++) {
            live(10);
            h.buy(1);
        }

        assertThat(atOnce).isEqualTo(sent);
        assertThat(sends()).isEqualTo(sent + 1);
        assertThat(h.engine.pulse().reason())
                .startsWith("the broker refuses orders from this address: PermissionException: this address is not");
        assertThat(h.all(Event.Alarm.class))
                .filteredOn(alarm -> alarm.subject().equals("orders refused"))
                .hasSize(1);
        h.report(SendOutcome.ACCEPTED, "B1");
        h.cleanRead();
        assertThat(h.engine.pulse().reason()).isEmpty();
    }

    @Test
    void refusals_for_what_is_in_the_orders_stop_nothing() {
        for (int order = 0; order < 10; order++) {
            h.buy(1);
            refuse(order % 2 == 0 ? "OrderException" : "InputException", "no");
        }
        for (int order = 0; order < 10; order++) {
            h.buy(1);
            refuse("InputException", "no such tick size");
        }

        assertThat(h.engine.pulse().reason()).isEmpty();
    }

    @Test
    void the_same_input_refused_in_several_instruments_is_about_the_sender() {
        for (int order = 0; order < Refusals.IN_A_ROW; order++) {
            h.place(1 + order % 2, Side.BUY, OrderType.MARKET, 1, 0, "");
            refuse("InputException", "address not allowed");
        }

        assertThat(h.engine.pulse().reason()).contains("refuses orders");
    }

    @Test
    void the_right_to_send_moves_to_a_gateway_that_was_not_refused_and_not_back_soon() {
        tell(GrantKind.SENDER, Harness.GATEWAY, true);
        tell(GrantKind.SENDER, OTHER, true);
        live(20);
        for (int order = 0; order < Refusals.IN_A_ROW; order++) {
            h.buy(1);
            refuse("PermissionException", "this address is not registered");
        }
        live(20);
        long moved = holder(GrantKind.SENDER);
        for (int order = 0; order < Refusals.IN_A_ROW; order++) {
            h.cleanRead();
            h.buy(1);
            refuse("PermissionException", "this address is not registered");
        }
        live(300);

        assertThat(moved).isEqualTo(OTHER);
        assertThat(holder(GrantKind.SENDER)).isEqualTo(OTHER);
    }

    @Test
    void an_index_that_has_neither_tick_nor_lot_is_taken_and_an_equity_is_not() {
        assertThat(h.send(index(103, 0, 0)).accepted()).isTrue();
        assertThat(h.send(new Command.DefineInstrument(
                                104, dev.holdfast.types.InstrumentKind.EQUITY, 0, 1, 0, 0, 0, "NSE", "X"))
                        .accepted())
                .isFalse();
    }

    @Test
    void a_token_belongs_to_the_contract_it_was_given_last() {
        h.send(Harness.instrument("NEW", 100, dev.holdfast.types.InstrumentKind.EQUITY));

        assertThat(h.all(Event.InstrumentDefined.class))
                .filteredOn(defined -> defined.symbol().equals("INFY"))
                .last()
                .satisfies(infy -> assertThat(infy.token()).isZero());
        assertThat(h.last(Event.InstrumentDefined.class).token()).isEqualTo(100);
    }

    private static Command.DefineInstrument index(long token, long tick, long lot) {
        return new Command.DefineInstrument(
                token, dev.holdfast.types.InstrumentKind.INDEX, tick, lot, 0, 0, 0, "NSE", "NIFTY BANK");
    }

    @Test
    void one_tick_of_tomorrow_does_not_move_market_time_and_two_of_three_do() {
        h.send(index(103, 0, 0));
        tick(1, h.now);
        tick(2, h.now);
        tick(3, h.now);
        long before = h.engine.pulse().marketTimeNanos();

        tick(1, h.now + 86_400 * Harness.SECOND);
        tick(2, 0);
        long afterOne = h.engine.pulse().marketTimeNanos();
        h.restart();
        tick(2, h.now + 86_400 * Harness.SECOND);

        assertThat(afterOne).isEqualTo(before);
        assertThat(h.engine.pulse().marketTimeNanos()).isEqualTo(h.now + 86_400 * Harness.SECOND);
    }

    private void tick(int instrument, long marketTimeNanos) {
        h.send(new Command.ReportTick(
                Harness.GATEWAY,
                h.feedEpoch,
                instrument,
                100,
                1,
                100,
                100,
                100,
                100,
                100,
                100,
                100,
                95,
                10,
                105,
                10,
                marketTimeNanos,
                1));
    }

    private void refuse(String errorType, String message) {
        Event.SendRequested request = h.lastSend();
        h.send(new Command.ReportSend(
                request.epoch(),
                request.sendNumber(),
                request.orderNumber(),
                SendOutcome.REFUSED,
                "",
                errorType,
                message));
        assertThat(h.state(request.orderNumber())).isEqualTo(OrderState.REJECTED);
    }

    private int sends() {
        return h.all(Event.SendRequested.class).size();
    }

    private void tell(GrantKind kind, long session, boolean fit) {
        h.send(new Command.ReportFitness(session, kind, fit, fit ? "" : "no tick for 2 s"));
    }

    /** Tenths of a second in which both gateways renew. */
    private void live(int tenths) {
        for (int tenth = 0; tenth < tenths; tenth++) {
            h.pass(TENTH);
            h.renew();
            h.ticks();
            h.renew(OTHER, true);
            h.send(new Command.RenewGrant(OTHER, GrantKind.FEED, true, false, "b"));
        }
    }

    private long holder(GrantKind kind) {
        return h.all(Event.GrantChanged.class).stream()
                .filter(grant -> grant.kind() == kind)
                .reduce((_, later) -> later)
                .orElseThrow()
                .session();
    }
}
