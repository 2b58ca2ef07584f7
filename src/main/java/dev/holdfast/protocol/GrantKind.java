package dev.holdfast.protocol;

/** What a grant allows: to send orders, or to report the market. */
public enum GrantKind {
    SENDER,
    FEED
}
