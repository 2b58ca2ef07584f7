package dev.holdfast.engine;

import dev.holdfast.protocol.Event;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Side;
import java.util.List;

/**
 * A deterministic strategy: ticks, bars, own orders and timers in, wishes out. It may change only itself. What throws
 * stops this strategy alone, also an Error (ADR 15).
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

    /** @param pricePaise 0 for MARKET */
    record Wish(Side side, OrderType orderType, long quantity, long pricePaise, String reason) {}

    default List<Wish> onTick(Event.TickApplied tick, View view) {
        return List.of();
    }

    default List<Wish> onBar(Event.BarApplied bar, View view) {
        return List.of();
    }

    default List<Wish> onOrder(Event.OrderChanged order, View view) {
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
