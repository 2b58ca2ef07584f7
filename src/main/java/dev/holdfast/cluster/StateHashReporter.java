package dev.holdfast.cluster;

/** Reports this member's state hash to the log. */
@FunctionalInterface
interface StateHashReporter {
    void report(long sequence, long stateHash);
}
