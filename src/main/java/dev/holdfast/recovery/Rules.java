package dev.holdfast.recovery;

import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;

/** The questions on whose answers "one primary, no row lost" rests, each apart, so that a test can take one away. */
class Rules {

    /** Only the holder renews, and only under its own term: a thawed primary must not renew what another holds. */
    boolean isHolder(RecoveryEvent.LeaseGranted lease, RecoveryCommand.RenewLease ask) {
        return lease.host().equals(ask.host()) && lease.term() == ask.term();
    }

    /**
     * A silent holder is dead to us only when its own count, which began earlier, has certainly ended.
     *
     * @param silentNanos since the commit of the last renewal
     */
    boolean isExpired(long silentNanos, RecoveryEvent.LeaseGranted lease, RecoveryEvent.RecoveryConfigured settings) {
        // As it was granted: its holder may not have heard yet that leases are shorter now.
        return silentNanos > (lease.leaseMillis() + settings.marginMillis()) * 1_000_000L;
    }

    /** Exactly the one that the log will call eligible: with {@code *} any other could be the one that has the row. */
    String standbyNames(String standby) {
        return "FIRST 1 (pg_" + standby + ")";
    }

    /** A clone reads all that its source has; two at once take so much of it that it may lose its office. */
    boolean clonesOneAtATime() {
        return true;
    }

    /** The pause, in milliseconds, before something that has failed this often in a row is tried again. */
    long pauseMillis(int failures, long longestMillis) {
        return Rebuilds.pauseMillis(failures, longestMillis);
    }

    /** A keeper that looked again and found the confirmed names changed is believed. */
    boolean mayWithdraw() {
        return true;
    }

    /** A standby stops counting before the primary stops waiting for it, never after. */
    boolean losesEligibilityFirst() {
        return true;
    }
}
