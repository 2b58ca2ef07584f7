package dev.holdfast.projection;

/**
 * How the recorder stands.
 *
 * @param sequence of the last event whose rows are committed, by this recorder or the other one; -1 when not known yet
 * @param readSequence of the newest event this recorder ever read
 * @param lagMillis by this machine's clock, the age of the last event before which nothing waits to be written; -1 when not known
 * @param databaseReachable whether a connection to a primary stands
 * @param lastCommitEpochMillis 0 when nothing was committed by this process
 * @param standsBy whether another recorder writes at present
 * @param heldEvents events read and not committed; it bounds the memory
 * @param stillMillis since the position in the database was last seen to move on; -1 when it never was
 * @param problem what keeps it from recording; empty when nothing does
 * @param remedy what to do about the problem
 */
public record RecorderStatus(
        long sequence,
        long readSequence,
        long term,
        long lagMillis,
        boolean databaseReachable,
        long lastCommitEpochMillis,
        boolean standsBy,
        long heldEvents,
        long stillMillis,
        String problem,
        String remedy) {}
