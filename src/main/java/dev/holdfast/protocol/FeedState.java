package dev.holdfast.protocol;

/** State of the market feed. */
public enum FeedState {
    CONNECTED,
    DISCONNECTED,
    GAP,
    STALE,
    FRESH
}
