package dev.holdfast.protocol;

/** What a person says of a held order: it never reached the broker, or its day is over. */
public enum Resolution {
    ABSENT,
    EXPIRED
}
