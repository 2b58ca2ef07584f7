package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.protocol.SendOutcome;
import dev.holdfast.protocol.Severity;
import dev.holdfast.protocol.StrategyState;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Strategies that fail in every way they can: each stops alone, and nothing of it differs between members. */
final class FailingStrategyTest {

    @ParameterizedTest
    @CsvSource({
        "throw, IllegalStateException: a fault on purpose",
        "overflow, StackOverflowError",
        "assert, AssertionError: a fault on purpose",
        "null, null instead of a list",
        "flood, wished for 9 orders",
        "nonsense, it wished for null"
    })
    void a_strategy_that_fails_is_stopped_alone_with_its_reason(String how, String reason) {
        Harness h = withWorkingOrder("how=" + how);
        h.send(new Command.DefineStrategy(1, Product.MIS, 1, "canary", "canary", "perSecond=1", "tester"));
        h.send(new Command.ControlStrategy(true, "canary", "tester", "go"));

        h.ticks();

        assertThat(strategy(h, "bad").state()).isEqualTo(StrategyState.FAILED);
        assertThat(strategy(h, "bad").reason()).contains(reason).doesNotContain("@");
        assertThat(strategy(h, "canary").state()).isEqualTo(StrategyState.RUNNING);
        assertThat(h.all(Event.Alarm.class))
                .anyMatch(alarm ->
                        alarm.severity() == Severity.CRITICAL && alarm.subject().equals("strategy bad"));
        assertThat(h.all(Event.CommandQuarantined.class)).isEmpty();
        int before = h.all(Event.SendRequested.class).size();
        h.live(2);
        assertThat(h.all(Event.SendRequested.class).size()).isGreaterThan(before);
    }

    @Test
    void its_working_order_is_cancelled_unless_it_was_defined_to_be_left() {
        Harness cancelling = withWorkingOrder("how=throw");
        Harness leaving = withWorkingOrder("how=throw,onFailure=leave");

        cancelling.ticks();
        leaving.ticks();

        assertThat(cancelling.lastSend().action()).isEqualTo(SendAction.CANCEL);
        assertThat(cancelling.last(Event.Alarm.class).text()).contains("are being cancelled");
        assertThat(leaving.lastSend().action()).isEqualTo(SendAction.PLACE);
        assertThat(leaving.state(leaving.lastSend().orderNumber())).isEqualTo(OrderState.WORKING);
        assertThat(leaving.last(Event.Alarm.class).text()).contains("are left as they are");
    }

    @ParameterizedTest
    @CsvSource({"cancel", "leave"})
    void what_it_wished_and_was_not_sent_yet_never_is(String policy) {
        Harness h = Harness.trading();
        define(h, "how=throw,onFailure=" + policy);
        h.send(new Command.RenewGrant(Harness.GATEWAY, dev.holdfast.protocol.GrantKind.SENDER, true, true, "a"));
        h.ticks();
        Event.OrderChanged unsent = h.last(Event.OrderChanged.class);
        assertThat(unsent.state()).isEqualTo(OrderState.COMMITTED);

        h.ticks();
        h.ticks();
        h.renew();
        h.live(1);

        assertThat(h.state(unsent.orderNumber())).isEqualTo(OrderState.CANCELLED);
        assertThat(h.all(Event.SendRequested.class)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Faulty.How.class)
    void members_agree_also_when_one_of_them_recursed_less_deep(Faulty.How how) throws InterruptedException {
        Harness h = withWorkingOrder("how=" + how);
        h.ticks();

        Harness[] twin = new Harness[1];
        Thread shallow = new Thread(null, () -> twin[0] = h.replay(), "shallow", 200 * 1024);
        shallow.start();
        shallow.join();

        assertThat(twin[0].headers).isEqualTo(h.headers);
        assertThat(twin[0].engine.stateHash()).isEqualTo(h.engine.stateHash());
        h.restart();
        assertThat(h.engine.stateHash()).isEqualTo(twin[0].engine.stateHash());
    }

    @Test
    void started_again_it_begins_with_fresh_code() {
        Harness h = withWorkingOrder("how=throw");
        h.ticks();

        h.send(new Command.ControlStrategy(true, "bad", "tester", "again"));
        h.ticks();

        assertThat(strategy(h, "bad").state()).isEqualTo(StrategyState.RUNNING);
        assertThat(h.engine.strategyStates()).containsEntry("bad", "how=THROW ticks=1");
    }

    @Test
    void an_unknown_policy_is_refused() {
        Harness h = Harness.trading();

        assertThat(h.send(new Command.DefineStrategy(1, Product.MIS, 1, "s", "canary", "onFailure=pray", "t"))
                        .text())
                .contains("onFailure is 'pray', expected cancel or leave");
    }

    @Test
    void poison_is_alarmed_once_a_minute_however_often_it_comes() {
        Harness h = Harness.trading();
        byte[] garbage = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

        for (int correlation = 1; correlation <= 50; correlation++) {
            h.sendBytes(999, correlation, garbage);
        }

        assertThat(h.all(Event.CommandQuarantined.class)).hasSize(50);
        assertThat(h.all(Event.Alarm.class))
                .filteredOn(alarm -> alarm.subject().equals("quarantine"))
                .singleElement()
                .satisfies(alarm -> assertThat(alarm.text()).contains("command 1 of client 999"));
    }

    /** A strategy whose order works at the broker and that fails at the next tick. */
    private static Harness withWorkingOrder(String parameters) {
        Harness h = Harness.trading();
        define(h, parameters);
        h.ticks();
        long number = h.lastSend().orderNumber();
        h.report(SendOutcome.ACCEPTED, "B1");
        h.row(number, "B1", BrokerOrderState.LIVE, 0);
        h.ticks();
        return h;
    }

    private static void define(Harness h, String parameters) {
        h.send(new Command.DefineStrategy(1, Product.MIS, 1, "bad", "faulty", parameters, "tester"));
        h.send(new Command.ControlStrategy(true, "bad", "tester", "go"));
    }

    private static Event.StrategyChanged strategy(Harness h, String name) {
        return h.all(Event.StrategyChanged.class).stream()
                .filter(strategy -> strategy.name().equals(name))
                .reduce((first, second) -> second)
                .orElseThrow();
    }
}
