package dev.holdfast.cluster;

/**
 * What a member knows about itself.
 *
 * @param role LEADER, FOLLOWER, ELECTING, STARTING or STOPPED
 * @param term the leadership term, -1 before the first
 * @param leader the leading member's number, -1 when unknown
 * @param snapshotAgeMillis since the last snapshot taken or loaded by this process; -1 when there was none
 * @param logPosition bytes of the log this member has applied
 * @param eventSequence the last event this member's machine caused
 * @param droppedReplies replies no client could take; they asked again
 */
public record TraderStatus(
        int member,
        String role,
        long term,
        int leader,
        long snapshotAgeMillis,
        long logPosition,
        long eventSequence,
        long droppedReplies) {

    /** The same while members choose a leader. */
    TraderStatus electing() {
        return new TraderStatus(
                member, "ELECTING", term, -1, snapshotAgeMillis, logPosition, eventSequence, droppedReplies);
    }
}
