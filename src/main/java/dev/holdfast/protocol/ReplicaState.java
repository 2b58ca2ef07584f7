package dev.holdfast.protocol;

/** What one host's copy of the database is to the others. */
public enum ReplicaState {
    /** Its agent is silent, or has nothing to show. */
    ABSENT,
    /** There is a copy that does not stream from the present primary. */
    DETACHED,
    /** A fresh clone was ordered. */
    REBUILDING,
    /** Streams from the present primary; the primary does not wait for it. */
    FOLLOWING,
    /** Holds every acknowledged row, by the log. */
    ELIGIBLE,
    /** Appointed; whether it is one already, the phase tells. */
    PRIMARY
}
