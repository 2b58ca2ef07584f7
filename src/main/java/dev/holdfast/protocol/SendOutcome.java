package dev.holdfast.protocol;

/** What became of a send request, as far as the gateway knows. UNCERTAIN means it may or may not have arrived. */
public enum SendOutcome {
    ACCEPTED,
    REFUSED,
    UNCERTAIN,
    NOT_SENT
}
