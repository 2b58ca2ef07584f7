package dev.holdfast.broker;

import dev.holdfast.protocol.SendAction;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;

/**
 * One order call to make. Quantity and price are absolute; the price is 0 for MARKET.
 *
 * @param brokerOrderId of the order to modify or cancel; empty to place one
 */
public record OrderCall(
        SendAction action,
        String exchange,
        String symbol,
        Side side,
        Product product,
        OrderType orderType,
        long quantity,
        long pricePaise,
        String tag,
        String brokerOrderId) {

    public OrderCall {
        if (action == SendAction.PLACE) {
            if (quantity <= 0 || pricePaise < 0 || !tag.matches("[A-Za-z0-9]{1,20}")) {
                throw new IllegalArgumentException("an order of quantity " + quantity + " at " + pricePaise
                        + " paise with tag '" + tag + "'; expected a positive quantity and 1 to 20 letters or digits");
            }
        } else if (brokerOrderId.isEmpty()) {
            throw new IllegalArgumentException(action + " without the broker's order id");
        }
    }
}
