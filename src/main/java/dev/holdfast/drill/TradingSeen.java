package dev.holdfast.drill;

/**
 * Our trading while the broker's trouble lasted, by the exchange's ledger.
 *
 * @param pauseMillis the longest time in which the exchange accepted no order of ours
 * @param asked requests of ours for new orders, whatever became of them
 */
record TradingSeen(long pauseMillis, long asked) {}
