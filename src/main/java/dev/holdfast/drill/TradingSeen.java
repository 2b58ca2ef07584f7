package dev.holdfast.drill;

/**
 * What the exchange saw of us while the broker's trouble lasted.
 *
 * @param pauseMillis the longest time without an order that it took
 * @param asked orders that we asked for
 */
record TradingSeen(long pauseMillis, long asked) {}
