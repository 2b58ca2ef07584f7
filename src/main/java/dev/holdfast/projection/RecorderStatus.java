package dev.holdfast.projection;

/**
 * How the recorder stands.
 *
 * @param sequence of the last event whose rows are committed, 0 when not known yet
 * @param readSequence of the last event read
 * @param lagMillis by this machine's clock, the age of the last event before which nothing waits to be written; -1 when not known yet
 * @param databaseReachable whether a connection to a primary stands
 * @param lastCommitEpochMillis 0 when nothing was committed by this process
 * @param standsBy whether another recorder writes at present
 * @param problem what keeps it from recording; empty when nothing does
 */
public record RecorderStatus(
        long sequence,
        long readSequence,
        long term,
        long lagMillis,
        boolean databaseReachable,
        long lastCommitEpochMillis,
        boolean standsBy,
        String problem) {

    /** Events read and not committed. */
    public long lagEvents() {
        return Math.max(0, readSequence - sequence);
    }
}
