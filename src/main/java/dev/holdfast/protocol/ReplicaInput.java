package dev.holdfast.protocol;

/** What moves one host's copy from one state to the next. */
public enum ReplicaInput {
    FOLLOWS,
    DETACHED,
    SILENT,
    REBUILD_ORDERED,
    REBUILD_FAILED,
    CONFIRMED,
    RELAXED,
    APPOINTED,
    DEPOSED
}
