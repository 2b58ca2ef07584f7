package dev.holdfast.broker;

/**
 * One delivery holding as it stood at the day's start.
 *
 * @param pricePaise average price, rounded half to even
 */
public record BrokerHolding(String exchange, String symbol, long quantity, long pricePaise) {}
