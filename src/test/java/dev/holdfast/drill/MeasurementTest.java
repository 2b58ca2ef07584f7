package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.audit.LedgerWitness;
import dev.holdfast.audit.Witness;
import dev.holdfast.drill.EventTail.Sign;
import dev.holdfast.engine.TradingEngine;
import dev.holdfast.log.InMemoryLog;
import dev.holdfast.log.Log;
import dev.holdfast.protocol.AmendmentState;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From events and ledger lines made up here, with times in milliseconds. */
class MeasurementTest {

    private static final long MILLI = 1_000_000;
    private static final long FAULT = 1_000 * MILLI;
    private static final long MADE = 1_010 * MILLI;

    private final EventTail events = new EventTail(unused());
    private final List<Witness.Entry> lines = new ArrayList<>();
    private final LedgerTail ledger = new LedgerTail(after -> new LedgerWitness.Page(
            lines.subList((int) Math.min(after, lines.size()), lines.size()), lines.size(), lines.size()));
    private final Measurement measurement =
            new Measurement(FaultKind.GATEWAY_KILL, "a-gateway", new Striker.Instants(FAULT, MADE));
    private long sequence;

    @Test
    void the_next_order_is_the_first_accepted_whose_wish_came_after_the_fault_was_made() {
        wished("before", 990, OrderState.COMMITTED);
        wished("while it was made", 1_005, OrderState.COMMITTED);
        wished("late", 1_200, OrderState.COMMITTED);
        wished("first", 1_100, OrderState.COMMITTED);
        accepted("before", 1_050);
        accepted("while it was made", 1_008);
        accepted("first", 1_300);
        accepted("late", 1_250);
        accepted("a stranger's", 1_010);

        ledger.poll();
        ledger.firstWishedAfter(measurement.madeNanos(), events).ifPresent(measurement::ordered);

        assertThat(measurement.figures().nextOrderMillis()).isEqualTo(250);
    }

    @Test
    void an_order_wished_before_the_fault_and_accepted_after_it_does_not_count() {
        wished("before", 999, OrderState.COMMITTED);
        accepted("before", 1_400);

        ledger.poll();

        assertThat(ledger.firstWishedAfter(FAULT, events)).isEmpty();
        assertThat(measurement.isOrdered()).isFalse();
        assertThat(measurement.figures().nextOrderMillis()).isNull();
    }

    @Test
    void a_row_is_durable_when_the_database_holds_an_event_logged_after_the_fault_was_made() {
        measurement.durable(1_100 * MILLI, 1_010 * MILLI);
        assertThat(measurement.isDurable()).as("logged while it was made").isFalse();

        measurement.durable(1_150 * MILLI, 1_011 * MILLI);
        measurement.durable(1_200 * MILLI, 1_190 * MILLI);

        assertThat(measurement.figures().nextDurableMillis()).isEqualTo(150);
    }

    @Test
    void the_earliest_sign_tells_when_the_system_noticed() {
        measurement.detected(1_300 * MILLI, "agent of a: WAITING");
        measurement.detected(1_200 * MILLI, "nobody may send");
        measurement.detected(1_250 * MILLI, "sender is b");

        assertThat(measurement.figures().detectMillis()).isEqualTo(200);
        assertThat(measurement.figures().detectedBy()).isEqualTo("nobody may send");
    }

    @Test
    void only_signs_after_the_fault_and_of_the_kind_count() {
        granted(GrantKind.SENDER, 11, "a", 900);
        granted(GrantKind.FEED, 12, "b", 1_050);
        granted(GrantKind.SENDER, 0, "", 1_100);
        granted(GrantKind.SENDER, 12, "b", 1_150);
        wished("doubtful", 1_120, OrderState.UNCERTAIN);

        assertThat(events.firstSign(Sign.Kind.SENDER_CHANGED, FAULT)
                        .orElseThrow()
                        .atNanos())
                .isEqualTo(1_100 * MILLI);
        assertThat(events.firstSign(Sign.Kind.SENDER_GRANTED, FAULT)
                        .orElseThrow()
                        .atNanos())
                .isEqualTo(1_150 * MILLI);
        assertThat(events.firstSign(Sign.Kind.ORDER_IN_DOUBT, FAULT)
                        .orElseThrow()
                        .atNanos())
                .isEqualTo(1_120 * MILLI);
        assertThat(events.facts().senderHost()).isEqualTo("b");
    }

    @Test
    void pauses_are_those_between_accepted_orders() {
        for (long at : new long[] {1_000, 1_100, 1_200, 1_650, 1_700}) {
            accepted("tag" + at, at);
        }
        ledger.poll();

        List<Long> instants = ledger.between(1_050 * MILLI, 1_700 * MILLI);

        assertThat(Pauses.longest(instants)).isEqualTo(450 * MILLI);
        assertThat(Pauses.median(instants)).isEqualTo(100 * MILLI);
        assertThat(Pauses.longest(List.of())).isZero();
        assertThat(Pauses.median(List.of(5L))).isZero();
    }

    private void accepted(String tag, long atMillis) {
        lines.add(
                new Witness.Accepted(atMillis * MILLI, 1, "id-" + tag, tag, Witness.Hand.OURS, "INFY", Product.MIS, 1));
    }

    private void granted(GrantKind kind, long session, String host, long atMillis) {
        event(atMillis, new Event.GrantChanged(kind, session, 1, host, "test"));
    }

    private void wished(String tag, long atMillis, OrderState state) {
        event(
                atMillis,
                new Event.OrderChanged(
                        sequence + 1,
                        Origin.INTENT,
                        1,
                        Side.BUY,
                        Product.MIS,
                        OrderType.MARKET,
                        1,
                        0,
                        state,
                        OrderState.WISHED,
                        0,
                        0,
                        AmendmentState.NONE,
                        0,
                        0,
                        false,
                        20_780,
                        atMillis * MILLI,
                        1,
                        1,
                        tag,
                        "",
                        "canary",
                        "",
                        ""));
    }

    private void event(long atMillis, Event event) {
        sequence++;
        events.apply(new EventHeader(sequence, 0, atMillis * MILLI), event);
    }

    /** The tail is fed by hand here. */
    private static Log unused() {
        return new InMemoryLog(TradingEngine::new, 0);
    }
}
