package dev.holdfast.engine;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Event.InstrumentDefined;
import dev.holdfast.protocol.Event.StrategyChanged;
import dev.holdfast.types.OrderState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows each running strategy what concerns it, and collects its wishes. */
final class Reactions {

    /** Wishes of one strategy at one moment; more is a loop. */
    static final int MAX_WISHES = 8;

    private final State state;
    private final Operators operators;
    private final List<Asked> asked = new ArrayList<>();

    record Asked(Risk.Proposal proposal, String reason) {}

    Reactions(State state, OrderDesk desk) {
        this.state = state;
        this.operators = new Operators(state, desk);
    }

    List<String> interested(Event event) {
        return switch (event) {
            case Event.TickApplied tick -> watching(tick.instrument());
            case Event.BarApplied bar -> watching(bar.instrument());
            case Event.OrderChanged order ->
                state.strategies.running(order.strategy()) == null ? List.of() : List.of(order.strategy());
            case Event.ProfitChanged share ->
                state.strategies.running(share.strategy()) == null ? List.of() : List.of(share.strategy());
            default -> List.of(); // nothing else concerns a strategy
        };
    }

    private List<String> watching(int instrument) {
        List<String> names = new ArrayList<>();
        for (StrategyChanged strategy : state.strategies.all()) {
            if (strategy.instrument() == instrument && state.strategies.running(strategy.name()) != null) {
                names.add(strategy.name());
            }
        }
        return names;
    }

    void onTimer(String name, Decision decision) {
        react(name, null, decision);
    }

    void onEvent(String name, Event event, Decision decision) {
        react(name, event, decision);
    }

    void fail(String name, String why, Decision decision) {
        StrategyChanged strategy = state.strategies.find(name);
        if (strategy != null && state.strategies.running(name) != null) {
            operators.fail(strategy, why, decision);
        }
    }

    private void react(String name, @Nullable Event event, Decision decision) {
        Strategy code = state.strategies.running(name);
        StrategyChanged strategy = state.strategies.find(name);
        if (code == null || strategy == null) {
            return;
        }
        List<Strategy.Wish> wishes;
        try {
            View view = new View(strategy);
            wishes = checked(event == null ? code.onTimer(view) : answer(code, event, view));
        } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError thrown) {
            // Also errors: they come from this strategy's code alone, and a member that halted for one would
            // meet it again at each restart, as would the two others (ADR 15). Memory that runs out still halts.
            operators.fail(strategy, Failures.words(thrown), decision);
            return;
        }
        for (Strategy.Wish wish : wishes) {
            switch (wish) {
                case Strategy.Target target -> decision.change(() -> state.targets.want(name, target));
                case Strategy.Order order -> {
                    Risk.Proposal proposal = new Risk.Proposal(
                            name,
                            strategy.instrument(),
                            order.side(),
                            strategy.product(),
                            order.orderType(),
                            order.quantity(),
                            order.pricePaise());
                    asked.add(new Asked(proposal, order.reason()));
                }
            }
        }
    }

    /** What is missing throws here, where it stops the strategy, and not later. */
    private static List<Strategy.Wish> checked(List<Strategy.Wish> wishes) {
        require(wishes, "it answered null instead of a list of wishes");
        if (wishes.size() > MAX_WISHES) {
            throw new IllegalStateException("it wished for " + wishes.size() + " orders at once");
        }
        for (Strategy.Wish wish : wishes) {
            require(wish, "it wished for null");
            if (wish instanceof Strategy.Order order) {
                require(order.side(), "a wish has no side");
                require(order.orderType(), "a wish has no order type");
            }
            require(wish.reason(), "a wish has no reason");
        }
        return List.copyOf(wishes);
    }

    private static void require(@Nullable Object part, String otherwise) {
        if (part == null) {
            throw new IllegalStateException(otherwise);
        }
    }

    /** What strategies have asked for since the last call; each is decided in a round of its own. */
    List<Asked> takeAsked() {
        List<Asked> taken = List.copyOf(asked);
        asked.clear();
        return taken;
    }

    private static List<Strategy.Wish> answer(Strategy code, Event event, View view) {
        return switch (event) {
            case Event.TickApplied tick -> code.onTick(tick, view);
            case Event.BarApplied bar -> code.onBar(bar, view);
            case Event.OrderChanged order -> code.onOrder(order, view);
            case Event.ProfitChanged share -> code.onShare(share, view);
            default -> List.of(); // see interested
        };
    }

    private final class View implements Strategy.View {
        private final StrategyChanged strategy;

        View(StrategyChanged strategy) {
            this.strategy = strategy;
        }

        @Override
        public long nowNanos() {
            return state.now;
        }

        @Override
        public long quantity() {
            return state.positions.strategyQuantity(strategy.name(), strategy.instrument(), strategy.product());
        }

        @Override
        public long lotSize() {
            InstrumentDefined instrument = state.market.instrument(strategy.instrument());
            return instrument == null ? 1 : instrument.lotSize();
        }

        @Override
        public boolean hasLiveOrder() {
            for (OrderEntry entry : state.orders.liveOf(strategy.name())) {
                if (entry.order.state() != OrderState.HELD) {
                    return true;
                }
            }
            return false;
        }
    }
}
