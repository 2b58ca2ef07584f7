package dev.holdfast.protocol;

/** How far an ordered clone has come. */
public enum CloneOutcome {
    BEGUN,
    DONE,
    FAILED,
    /** The clone cannot be made as things are, and waiting alone does not help: a person must act, or another copy become eligible. */
    REFUSED
}
