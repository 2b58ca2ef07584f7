package dev.holdfast.engine;

import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** The parts of the engine that guard the account and the market's time. The simulator's tests replace one by one without its safeguard. */
record Guards(
        Function<State, Exits> exits,
        Function<State, Ownership> ownership,
        Supplier<MarketTime> marketTime,
        BiFunction<State, OrderDesk, RestingMarket> resting) {

    static Guards all() {
        return new Guards(Exits::new, Ownership::new, MarketTime::new, RestingMarket::new);
    }

    Guards withExits(Function<State, Exits> others) {
        return new Guards(others, ownership, marketTime, resting);
    }

    Guards withOwnership(Function<State, Ownership> others) {
        return new Guards(exits, others, marketTime, resting);
    }

    Guards withMarketTime(Supplier<MarketTime> others) {
        return new Guards(exits, ownership, others, resting);
    }

    Guards withResting(BiFunction<State, OrderDesk, RestingMarket> others) {
        return new Guards(exits, ownership, marketTime, others);
    }
}
