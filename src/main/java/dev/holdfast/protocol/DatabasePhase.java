package dev.holdfast.protocol;

/** Where the database stands as a whole; the transitions are the recovery machine's table. */
public enum DatabasePhase {
    /** Not configured yet. */
    EMPTY,
    /** A host was appointed primary and has not said yet that it is one. */
    PROMOTING,
    /** The primary acknowledges alone: its loss may cost rows. */
    SINGLE,
    /** The primary was told to wait for a standby; nobody may rely on that standby yet. */
    TIGHTENING,
    /** The named standby holds every acknowledged row and may be promoted. */
    GUARDED,
    /** The primary was told to wait for nobody; the standby already counts as lost. */
    RELAXING,
    /** A switchover: the primary is told to stop in order. */
    STOPPING,
    /** The primary is told to end; its lease is not renewed any more. */
    FENCING,
    /** No primary: the last one is dead, fenced, or its lease has run out. */
    LOST
}
