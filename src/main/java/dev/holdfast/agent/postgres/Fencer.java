package dev.holdfast.agent.postgres;

/**
 * The postmaster's parent, a process of its own: it kills everything in the data directory when the deadline passes or its pipe
 * closes. Times are those of the boot clock, in nanoseconds. No call waits.
 */
public interface Fencer {

    /** Whether the process lives. */
    boolean alive();

    /** From now on it kills at this time; before the first deadline it kills only when its pipe closes. */
    void deadline(long bootNanos);

    /** The newest deadline that it answered; 0 before the first. */
    long answeredDeadline();

    /** When its last answer came. */
    long answeredNanos();
}
