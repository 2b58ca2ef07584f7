package dev.holdfast.projection;

import java.util.List;

/**
 * What the state file says: enough for a person to see where trading stood when nothing else can be read.
 *
 * @param chainHash of the last event, 16 hex digits
 * @param logTimeNanos of the last event, epoch nanoseconds
 * @param day epoch day in IST
 */
public record TradingState(
        long sequence,
        String chainHash,
        long logTimeNanos,
        int day,
        String dayPhase,
        List<Position> positions,
        List<LiveOrder> liveOrders,
        List<Strategy> strategies,
        List<Switch> switches) {

    public TradingState {
        positions = List.copyOf(positions);
        liveOrders = List.copyOf(liveOrders);
        strategies = List.copyOf(strategies);
        switches = List.copyOf(switches);
    }

    /** @param instrument as EXCHANGE:SYMBOL */
    public record Position(String instrument, String product, long quantity, long costPaise, long realisedPaise) {}

    /** An order that has not ended. */
    public record LiveOrder(
            long orderNumber,
            String tag,
            String brokerOrderId,
            String instrument,
            String side,
            String product,
            long quantity,
            long filledQuantity,
            long pricePaise,
            String state,
            String strategy) {}

    public record Strategy(String name, String kind, String instrument, String state) {}

    /** An engaged kill switch or ban. */
    public record Switch(String kind, String scope, String target, String reason) {}
}
