package dev.holdfast.dashboard;

import dev.holdfast.projection.Recording;

/** The recorder's position as the database itself tells it. */
interface RecordedRows extends AutoCloseable {

    /**
     * @return as of now
     * @throws RuntimeException if the database does not tell within a bounded time
     */
    Recorded ask();

    /** Why nothing is recorded, with what to do, in the recorder's own words; empty when it gives none. Bounded, and slow. */
    default String cause() {
        return "";
    }

    @Override
    default void close() {}

    /**
     * The newest event whose rows are committed.
     *
     * @param logMillis log time of that event, epoch milliseconds
     * @param ageMillis since it was committed, by the database's clock
     */
    record Recorded(long sequence, long logMillis, long ageMillis) {}

    /**
     * The newest event of the engine.
     *
     * @param sequence 0 when none was seen yet
     */
    record Newest(long sequence, long logMillis) {}

    /**
     * Judges by commits and not by whether a row could be written.
     *
     * @return why what happens now does not reach the database; empty when it does
     */
    default String trouble(Recorded recorded, Newest newest) {
        long waiting = newest.sequence() - recorded.sequence();
        String waits =
                newest.sequence() == 0 ? "how many events wait is not known" : Math.max(0, waiting) + " events wait";
        String seen =
                "event " + recorded.sequence() + " was recorded " + recorded.ageMillis() / 1_000 + " s ago, " + waits;
        if (recorded.ageMillis() > Recording.STALE_MILLIS) {
            String cause = cause();
            return (cause.isEmpty() ? "recording stopped, and no gateway says why" : cause) + " (" + seen + ")";
        }
        if (newest.sequence() == 0) {
            return "the engine's newest event is not known yet";
        }
        long behindMillis = newest.logMillis() - recorded.logMillis();
        return waiting > 0 && behindMillis > Recording.STALE_MILLIS
                ? "recording is " + behindMillis / 1_000 + " s behind the log and catches up (" + seen + ")"
                : "";
    }
}
