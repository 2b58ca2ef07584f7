package dev.holdfast.protocol;

/** Where the trading day stands. */
public enum DayPhase {
    NONE,
    OPEN,
    CLOSED
}
