package dev.holdfast.drill;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.StrategyState;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.Product;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Ten orders a second from canaries on several instruments: an order whose fate is uncertain holds up only its own instrument. They
 * keep to their tenths of a second, so that there is one order about every 100 ms also after an outage.
 */
final class Load {

    static final int ORDERS_PER_SECOND = 10;
    static final String PREFIX = "drill-canary-";

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String USER = "drill";
    private static final int MOST_CANARIES = 5;

    private final Log log;

    Load(Log log) {
        this.log = log;
    }

    /**
     * What is to run.
     *
     * @param canaries to be defined and started
     * @param paused canaries of others on the same instruments, stopped meanwhile
     */
    record Plan(List<Canary> canaries, List<String> paused) {
        Plan {
            canaries = List.copyOf(canaries);
            paused = List.copyOf(paused);
        }

        List<String> names() {
            return canaries.stream().map(Canary::name).toList();
        }
    }

    record Canary(String name, int instrument, int perSecond, int phase) {}

    /** @throws IllegalStateException if nothing can be traded */
    static Plan plan(EventTail.Facts facts) {
        List<Event.InstrumentDefined> tradable = facts.instruments().stream()
                .filter(instrument -> instrument.kind() != InstrumentKind.INDEX)
                .toList();
        if (tradable.isEmpty()) {
            throw new IllegalStateException("the engine knows no instrument that can be traded");
        }
        // A divisor of ten each, so that the tenths of a second are shared out evenly.
        int count = tradable.size() >= MOST_CANARIES ? MOST_CANARIES : Math.min(2, tradable.size());
        List<Canary> canaries = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            canaries.add(new Canary(
                    PREFIX + (number + 1), tradable.get(number).instrument(), ORDERS_PER_SECOND / count, number));
        }
        List<Integer> used = canaries.stream().map(Canary::instrument).toList();
        List<String> paused = facts.strategies().stream()
                .filter(strategy -> strategy.kind().equals("canary") && strategy.state() == StrategyState.RUNNING)
                .filter(strategy ->
                        used.contains(strategy.instrument()) && !strategy.name().startsWith(PREFIX))
                .map(Event.StrategyChanged::name)
                .toList();
        return new Plan(canaries, paused);
    }

    void start(Plan plan, String reason) {
        plan.paused().forEach(name -> demand(new Command.ControlStrategy(false, name, USER, reason)));
        for (Canary canary : plan.canaries()) {
            demand(new Command.DefineStrategy(
                    canary.instrument(),
                    Product.MIS,
                    1,
                    canary.name(),
                    "canary",
                    "perSecond=" + canary.perSecond() + ",phase=" + canary.phase(),
                    USER));
            demand(new Command.ControlStrategy(true, canary.name(), USER, reason));
        }
    }

    /** Stops the canaries that exist, and starts what was paused for them. */
    void stop(List<String> canaries, List<String> paused, String reason) {
        for (String name : canaries) {
            Reply reply = log.submitAndWait(new Command.ControlStrategy(false, name, USER, reason), LIMIT);
            if (!reply.accepted() && !reply.text().startsWith("there is no strategy")) {
                throw new IllegalStateException("the load cannot be stopped: " + reply.text());
            }
        }
        paused.forEach(name -> demand(new Command.ControlStrategy(true, name, USER, reason)));
    }

    private void demand(Command command) {
        Reply reply = log.submitAndWait(command, LIMIT);
        if (!reply.accepted()) {
            throw new IllegalStateException("the load cannot be set: " + reply.text());
        }
    }
}
