package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.SendOutcome;
import dev.holdfast.protocol.Severity;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Wanted is not achieved: an exit that had no effect is wished anew until the strategy holds what it wants. */
final class TargetsTest {

    /** 429, 403, a rejection: the exit was never wished again, without an alarm. */
    @ParameterizedTest
    @EnumSource(
            value = SendOutcome.class,
            names = {"REFUSED", "NOT_SENT"})
    void an_exit_without_effect_is_wished_anew_with_growing_pauses_then_alarmed(SendOutcome outcome) {
        Trades t = Trades.holding(100);
        t.wishOut();

        long[] pauses = {1, 2, 4, 8, 15};
        for (long pause : pauses) {
            long failed = t.newest("sma").orderNumber();
            t.report(failed, outcome, "");
            t.h.live((int) pause - 1);
            assertThat(t.newest("sma").orderNumber()).as("before %s s", pause).isEqualTo(failed);
            t.h.live(2);
            assertThat(t.newest("sma").orderNumber()).as("after %s s", pause).isEqualTo(failed + 1);
            assertThat(t.newest("sma").side()).isEqualTo(Side.SELL);
            assertThat(critical(t)).isZero();
        }
        t.report(t.newest("sma").orderNumber(), outcome, "");
        assertThat(critical(t)).isEqualTo(1);
        assertThat(t.h.last(Event.Alarm.class).text())
                .contains("holds 100 NSE:INFY and wants 0: 6 exits had no effect");
        t.h.live(62);
        long last = t.newest("sma").orderNumber();
        t.accept(last);
        t.fill(last, 100);
        t.h.live(120);

        assertThat(t.share("sma")).isZero();
        assertThat(t.newest("sma").orderNumber()).isEqualTo(last);
    }

    private static long critical(Trades t) {
        return t.h.all(Event.Alarm.class).stream()
                .filter(alarm -> alarm.severity() == Severity.CRITICAL)
                .count();
    }

    @Test
    void the_way_to_the_target_survives_a_restart() {
        Trades t = Trades.holding(100);
        t.wishOut();
        t.report(t.newest("sma").orderNumber(), SendOutcome.REFUSED, "");
        long failed = t.newest("sma").orderNumber();

        t.h.restart();
        t.h.live(2);

        assertThat(t.newest("sma").orderNumber()).isEqualTo(failed + 1);
    }

    @Test
    void a_partly_filled_exit_goes_on_with_the_rest_at_once() {
        Trades t = Trades.holding(100);
        t.wishOut();
        long first = t.newest("sma").orderNumber();
        t.accept(first);
        t.fill(first, 30);

        t.row(
                dev.holdfast.types.Origin.PERSON,
                "B" + first,
                t.h.order(first).tag(),
                Side.SELL,
                dev.holdfast.types.OrderType.MARKET,
                100,
                0,
                dev.holdfast.protocol.BrokerOrderState.CANCELLED,
                30);

        assertThat(t.newest("sma").orderNumber()).isEqualTo(first + 1);
        assertThat(t.newest("sma").quantity()).isEqualTo(70);
    }

    @Test
    void an_entry_without_effect_is_told_and_not_repeated() {
        Trades t = new Trades(Harness.trading());
        t.define("sma", 100);
        t.crossAbove();
        long entry = t.newest("sma").orderNumber();

        t.report(entry, SendOutcome.REFUSED, "");
        t.h.live(70);

        assertThat(t.newest("sma").orderNumber()).isEqualTo(entry);
        assertThat(critical(t)).isZero();
    }

    @Test
    void what_other_hands_sold_is_not_bought_again() {
        Trades t = Trades.holding(100);
        long orders = t.newest("sma").orderNumber();

        t.otherHands(Side.SELL, 100);
        t.h.live(70);

        assertThat(t.newest("sma").orderNumber()).isEqualTo(orders);
        assertThat(t.share("sma")).isZero();
    }

    @Test
    void a_stop_and_a_kill_of_the_instrument_end_the_target() {
        Trades stopped = Trades.holding(100);
        stopped.wishOut();
        stopped.report(stopped.newest("sma").orderNumber(), SendOutcome.REFUSED, "");
        Trades killed = Trades.holding(100);
        killed.wishOut();
        killed.report(killed.newest("sma").orderNumber(), SendOutcome.REFUSED, "");
        long last = killed.newest("sma").orderNumber();

        stopped.h.send(new Command.ControlStrategy(false, "sma", "tester", "enough"));
        killed.h.send(
                new Command.SetSwitch(SwitchKind.KILL, SwitchScope.INSTRUMENT, true, "NSE:INFY", "tester", "enough"));
        stopped.h.live(70);
        killed.h.live(70);

        assertThat(stopped.newest("sma").orderNumber()).isEqualTo(last);
        assertThat(killed.newest("sma").orderNumber()).isEqualTo(last);
    }

    /** A new home's order list began with refusals of the canary before the day opened. */
    @Test
    void a_strategy_waits_while_trading_is_impossible() {
        Harness h = new Harness();
        h.send(Harness.configure(dev.holdfast.types.BrokerProfile.DRILL));
        h.send(Harness.instrument("INFY", 100, dev.holdfast.types.InstrumentKind.EQUITY));
        h.send(new Command.DefineStrategy(1, Product.MIS, 1, "canary", "canary", "perSecond=1", "tester"));
        h.send(new Command.ControlStrategy(true, "canary", "tester", "go"));

        h.pass(10 * Harness.SECOND);
        assertThat(h.all(Event.OrderChanged.class)).isEmpty();
        h.send(new Command.ReportBrokerSession(Harness.GATEWAY, BrokerSessionState.VALID, ""));
        h.renew();
        h.pass(1);
        h.beginRead();
        h.send(new Command.OpenDay(Harness.GATEWAY, h.readId(), Harness.DAY));
        h.endRead(true);
        h.pass(Harness.SECOND / 2);
        assertThat(h.all(Event.OrderChanged.class)).isEmpty(); // no price yet
        h.renew();
        h.tick(1, 1_500_00);
        h.pass(Harness.SECOND / 10);

        assertThat(h.state(1)).isEqualTo(OrderState.SENDING);
    }
}
