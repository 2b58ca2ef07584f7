package dev.holdfast.broker;

import dev.holdfast.types.Product;

/**
 * One net position: overnight plus today's trades.
 *
 * @param overnightQuantity carried in, as the positions list tells it
 * @param pricePaise average price, rounded half to even
 */
public record BrokerPosition(
        String exchange, String symbol, Product product, long quantity, long overnightQuantity, long pricePaise) {}
