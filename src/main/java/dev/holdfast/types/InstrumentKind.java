package dev.holdfast.types;

/** An equity can be traded, an index only watched. */
public enum InstrumentKind {
    EQUITY,
    INDEX
}
