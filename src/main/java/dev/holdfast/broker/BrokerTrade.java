package dev.holdfast.broker;

import dev.holdfast.types.Product;
import dev.holdfast.types.Side;

/** One fill. Its identity is (day, exchange, trade id). */
public record BrokerTrade(
        String exchange,
        String symbol,
        Side side,
        Product product,
        long quantity,
        long pricePaise,
        int day,
        long fillTimeNanos,
        String tradeId,
        String brokerOrderId) {

    Key key() {
        return new Key(day, exchange, tradeId);
    }

    /** What makes a fill the same fill. */
    record Key(int day, String exchange, String tradeId) {}
}
