package dev.holdfast.drill;

import java.time.Instant;

/** This machine's wall clock, by which log, ledger and faults are stamped alike. */
public final class Wall {

    private Wall() {}

    /** Since the epoch. */
    public static long nanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
