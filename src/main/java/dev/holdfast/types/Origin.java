package dev.holdfast.types;

/** Who placed an order: our own intent, a person in the broker's screens, or the broker itself. */
public enum Origin {
    INTENT,
    PERSON,
    BROKER
}
