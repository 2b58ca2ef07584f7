package dev.holdfast.types;

/** Kite's order types. The engine places MARKET and LIMIT; the others appear on orders placed by other hands. */
public enum OrderType {
    MARKET,
    LIMIT,
    SL,
    SL_M
}
