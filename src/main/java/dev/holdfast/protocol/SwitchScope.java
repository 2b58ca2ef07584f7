package dev.holdfast.protocol;

/** What a switch covers. */
public enum SwitchScope {
    ALL,
    STRATEGY,
    INSTRUMENT
}
