package dev.holdfast.protocol;

/** How far a person's switchover or fail-over has come. */
public enum RequestStep {
    /** Nothing is wanted. */
    NONE,
    /** Accepted; for a switchover, its target is being made eligible. */
    ACCEPTED,
    /** The old primary is told to stop. */
    STOPPING,
    DONE,
    DROPPED
}
