package dev.holdfast.broker;

import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;

/**
 * One row of the broker's order book.
 *
 * @param day the trading day it belongs to, an epoch day in IST; {@link #OF_ITS_LIST} when the row does not tell
 * @param timeNanos when the broker last changed it
 * @param placedBy INTENT for a row with a tag: only the engine knows whether the tag is ours
 */
public record BrokerOrder(
        String exchange,
        String symbol,
        Side side,
        Product product,
        OrderType orderType,
        long quantity,
        long pricePaise,
        long filledQuantity,
        BrokerOrderState state,
        Origin placedBy,
        int day,
        long timeNanos,
        String brokerOrderId,
        String tag,
        String status,
        String message) {

    /** An after-market order that the exchange has not got yet: it belongs to the day whose list shows it. */
    public static final int OF_ITS_LIST = -1;
}
