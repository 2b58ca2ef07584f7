package dev.holdfast.projection;

import org.jspecify.annotations.Nullable;

/**
 * Whether what happens reaches the database, judged by the recorder's own commits.
 *
 * @param durable whether the newest rows are committed, or were until a moment ago
 * @param reason why not, in words, with what to do; empty when durable
 * @param sequence of the last event that is recorded, null when not known
 * @param lagEvents events that are not recorded, null when not known
 */
public record Recording(
        boolean durable,
        String reason,
        @Nullable Long sequence,
        @Nullable Long lagEvents) {

    /** The engine causes an event each second, and a living recorder commits it within another; a new primary takes some more. */
    public static final long STALE_MILLIS = 5_000;

    /** @param newestSequence of the engine, as any witness knows it; 0 when none does */
    public static Recording of(RecorderStatus status, long newestSequence) {
        Long sequence = status.sequence() < 0 ? null : status.sequence();
        Long lag = sequence == null || newestSequence == 0 ? null : newestSequence - sequence;
        return new Recording(
                reason(status, lag).isEmpty(), reason(status, lag), sequence, lag == null ? null : Math.max(0, lag));
    }

    private static String reason(RecorderStatus status, @Nullable Long lag) {
        boolean still = status.stillMillis() < 0 || status.stillMillis() > STALE_MILLIS;
        if (still && !status.problem().isEmpty()) {
            return "recording stopped: " + status.problem() + "; " + status.remedy();
        }
        if (status.stillMillis() < 0) {
            return "nothing was seen to be recorded yet";
        }
        if (lag != null && lag < 0) {
            return "recorder_position is at event " + status.sequence() + ", " + -lag
                    + " after the newest of the log, so it was set by hand or is of another log;"
                    + " ./holdfast rebuild rows --reason TEXT writes the tables anew from the log";
        }
        if (still) {
            return "recording stands still: event " + status.sequence() + " was recorded "
                    + status.stillMillis() / 1_000 + " s ago and nothing since, "
                    + (lag == null ? "how many events wait is not known" : lag + " events wait");
        }
        boolean waiting = lag == null || lag > 0;
        if (waiting && !status.standsBy() && status.lagMillis() > STALE_MILLIS) {
            return "recording is " + status.lagMillis() / 1_000 + " s behind the log and catches up"
                    + (lag == null ? "" : ", " + lag + " events wait");
        }
        return "";
    }
}
