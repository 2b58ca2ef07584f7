package dev.holdfast.protocol;

/** How far an ordered clone has come. */
public enum CloneOutcome {
    BEGUN,
    DONE,
    FAILED,
    /** It cannot be made as things are, and waiting alone does not change that: a person must act, or another copy be eligible. */
    REFUSED
}
