package dev.holdfast.types;

/** Direction of an order or a trade. */
public enum Side {
    BUY,
    SELL
}
