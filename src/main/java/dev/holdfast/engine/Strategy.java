package dev.holdfast.engine;

import dev.holdfast.protocol.Event;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Side;
import java.util.List;

/**
 * A deterministic strategy: ticks, bars, own orders, its share and timers in, what it wants to hold out. It says a {@link Target}
 * and the engine works towards it; an exit that came to nothing is tried again by the engine (ADR 21). It may change only itself.
 * A strategy that throws, also an Error, is stopped alone (ADR 15).
 */
interface Strategy {

    /** What a strategy may know of its own situation. */
    interface View {
        long nowNanos();

        /** Its own quantity in its instrument. */
        long quantity();

        long lotSize();

        /** Whether an order of its own is open, also one whose fate is uncertain. */
        boolean hasLiveOrder();
    }

    /** A request of a strategy to the engine. */
    sealed interface Wish {
        String reason();
    }

    /**
     * The quantity that the strategy wants to hold, negative for short. It stands until it says another one or is stopped.
     *
     * @param atOnce tries now, also while the engine pauses after an order without effect: for probes that keep a rhythm
     */
    record Target(long quantity, String reason, boolean atOnce) implements Wish {}

    /**
     * One order that nothing works towards: for what a drill needs and a target cannot say.
     *
     * @param pricePaise 0 for MARKET
     */
    record Order(Side side, OrderType orderType, long quantity, long pricePaise, String reason) implements Wish {}

    default List<Wish> onTick(Event.TickApplied tick, View view) {
        return List.of();
    }

    default List<Wish> onBar(Event.BarApplied bar, View view) {
        return List.of();
    }

    default List<Wish> onOrder(Event.OrderChanged order, View view) {
        return List.of();
    }

    /** Its share changed, by its own trades or because other hands traded. */
    default List<Wish> onShare(Event.ProfitChanged share, View view) {
        return List.of();
    }

    default List<Wish> onTimer(View view) {
        return List.of();
    }

    /** Its present state in words, for whoever asks why it wished. */
    String describe();

    void save(StateWriter out);

    void load(StateReader in);
}
