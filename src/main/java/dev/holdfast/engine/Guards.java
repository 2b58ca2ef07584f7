package dev.holdfast.engine;

import dev.holdfast.protocol.Event;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** The parts of the engine that guard the account and the market's time. The simulator's tests replace one by one without its safeguard. */
record Guards(
        Function<State, Exits> exits,
        Function<State, Ownership> ownership,
        Supplier<MarketTime> marketTime,
        BiFunction<State, OrderDesk, RestingMarket> resting,
        Bookkeeping shares,
        Supplier<Refusals> refusals) {

    /** Decides whose shares a trade changes. */
    interface Bookkeeping {
        void book(Event.TradeBooked trade, State state, Decision decision);
    }

    static Guards all() {
        return new Guards(Exits::new, Ownership::new, MarketTime::new, RestingMarket::new, Shares::book, Refusals::new);
    }

    Guards withExits(Function<State, Exits> others) {
        return new Guards(others, ownership, marketTime, resting, shares, refusals);
    }

    Guards withOwnership(Function<State, Ownership> others) {
        return new Guards(exits, others, marketTime, resting, shares, refusals);
    }

    Guards withMarketTime(Supplier<MarketTime> others) {
        return new Guards(exits, ownership, others, resting, shares, refusals);
    }

    Guards withResting(BiFunction<State, OrderDesk, RestingMarket> others) {
        return new Guards(exits, ownership, marketTime, others, shares, refusals);
    }

    Guards withShares(Bookkeeping others) {
        return new Guards(exits, ownership, marketTime, resting, others, refusals);
    }

    Guards withRefusals(Supplier<Refusals> others) {
        return new Guards(exits, ownership, marketTime, resting, shares, others);
    }
}
