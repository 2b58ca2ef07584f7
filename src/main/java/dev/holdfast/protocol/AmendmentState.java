package dev.holdfast.protocol;

/** The one outstanding modification or cancellation of an order. */
public enum AmendmentState {
    NONE,
    SENDING,
    UNCERTAIN
}
