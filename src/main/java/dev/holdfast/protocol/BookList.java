package dev.holdfast.protocol;

/** The broker's lists of the account's orders, trades, positions and holdings. */
public enum BookList {
    ORDERS,
    TRADES,
    POSITIONS,
    HOLDINGS
}
