package dev.holdfast.protocol;

/** How far an ordered clone has come. */
public enum CloneOutcome {
    BEGUN,
    DONE,
    FAILED
}
