package dev.holdfast.protocol;

/**
 * What agents and operators tell the recovery machine. Hosts are named as in the configuration, the standby of host b is
 * {@code pg_b}; LSNs are bytes; an empty string or 0 means none.
 */
public sealed interface RecoveryCommand {

    /**
     * Declares the hosts (separated by commas) and the first primary; later ones change the durations only.
     *
     * @param leaseMillis from the commit of a renewal
     * @param renewMillis between two renewals; for the agents
     * @param marginMillis waited beyond a lease
     * @param patienceMillis without anybody eligible, before the best copy is taken
     * @param promotionMillis an appointed host has to say that it is the primary
     * @param standbyMillis a named standby may hold commits up
     * @param namesMillis a primary has to confirm a named standby, and likewise that it waits for none any more
     * @param rebuildMillis a copy may be detached before it is rebuilt
     * @param stopMillis a primary has to stop in a switchover
     */
    record Configure(
            String hosts,
            String firstPrimary,
            int leaseMillis,
            int renewMillis,
            int marginMillis,
            int patienceMillis,
            int promotionMillis,
            int standbyMillis,
            int namesMillis,
            int rebuildMillis,
            int stopMillis,
            String user,
            String reason)
            implements RecoveryCommand {}

    /**
     * What an agent sees of its instance. The one command that may come unnumbered: only the newest counts.
     *
     * @param session the agent's, new with each start of it
     * @param number of this report within the session; older ones that arrive late are dropped
     * @param term a primary runs under
     * @param followedTerm term of the primary that a standby streams from
     * @param diverged a standby holds WAL that the present primary's history does not have
     * @param namesNumber of the names order that the primary applied last
     * @param standbyFlushedLsn of the named standby, as the primary sees it
     * @param connected hosts whose standbys stream from this primary, separated by commas
     * @param clockOffsetMillis of the host's clock against the voters' leader's, positive when it is ahead
     * @param clean no process has this data directory as its working directory
     */
    record ReportInstance(
            String host,
            long session,
            long number,
            InstanceRole role,
            long term,
            int timeline,
            long receivedLsn,
            long replayedLsn,
            long flushedLsn,
            long followedTerm,
            boolean diverged,
            long namesNumber,
            String standbyNames,
            long standbyFlushedLsn,
            String connected,
            boolean clean,
            long diskFreeBytes,
            int clockOffsetMillis)
            implements RecoveryCommand {}

    /**
     * Renews the lease of this very term. The reply is OK or the lease is not renewed; the holder counts it from before it sent
     * this.
     *
     * @param writtenLsn of a locally durable write through a connection made for it; 0 while promoting or stopping
     * @param writeAgeMillis since that write was begun; at most half a lease
     */
    record RenewLease(String host, long term, long writtenLsn, int writeAgeMillis) implements RecoveryCommand {}

    /** No process is left in the data directory and none will be a primary under this term again: the lease is given up. */
    record ReportDown(String host, long term, String why) implements RecoveryCommand {}

    /** The primary runs with these names; with a standby named, it alone is sync, and the marker row is flushed there. */
    record ConfirmNames(String host, long term, long number, long markerLsn) implements RecoveryCommand {}

    /** The host is a primary and its term row is written. The timeline forked from the one before at that LSN. */
    record ReportPromoted(String host, long term, int timeline, long forkLsn) implements RecoveryCommand {}

    /** How an ordered clone goes. */
    record ReportClone(String host, long cloneNumber, CloneOutcome outcome, String detail) implements RecoveryCommand {}

    /** A person wants another primary, the old one fenced. Empty target: the eligible standby. */
    record OrderFailover(String to, boolean acceptLoss, String user, String reason) implements RecoveryCommand {}

    /** A person wants the primary moved in order. Empty target: the eligible standby. */
    record OrderSwitchover(String to, String user, String reason) implements RecoveryCommand {}

    /** Pauses or resumes automatic decisions. */
    record PauseAutomation(boolean paused, String user, String reason) implements RecoveryCommand {}

    /**
     * A machine that knows nothing takes over a region whose earlier decisions are lost. A person accepts that the best copy there is
     * may lack rows.
     *
     * @param usedTerm no term and no clone has had a higher number
     */
    record BeginAnew(long usedTerm, String user, String reason) implements RecoveryCommand {}

    /** A member's hash of its full state after the event of that sequence. */
    record ReportStateHash(int member, long sequence, long stateHash) implements RecoveryCommand {}

    /** Does nothing but go through the log. The reply's value is the sequence at which the last checkpoint starts. */
    record Probe() implements RecoveryCommand {}

    /**
     * Data pages of this host's copy whose checksum was wrong when they were read. Sent when the count is another than the machine
     * knows.
     *
     * @param checksumFailures 0 for a copy that shows none, as one that was made anew
     */
    record ReportDamage(String host, long checksumFailures, String detail) implements RecoveryCommand {}

    /** Tells that a confirmed order of names holds no longer: commits may not have waited for the named standby. */
    record WithdrawNames(String host, long term, long number, String why) implements RecoveryCommand {}
}
