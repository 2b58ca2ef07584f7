package dev.holdfast.protocol;

/** The broker's lists of what is in the account. */
public enum BookList {
    ORDERS,
    TRADES,
    POSITIONS,
    HOLDINGS
}
