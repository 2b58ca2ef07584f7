package dev.holdfast.protocol;

/**
 * What the recovery machine decided or took note of. A decision carries its reason in one sentence. Hosts, LSNs and empty
 * values are as in {@link RecoveryCommand}.
 */
public sealed interface RecoveryEvent {

    /** What follows, up to CheckpointEnded, repeats the whole present state: a reader that starts here needs nothing older. */
    record CheckpointStarted() implements RecoveryEvent {}

    /** The repetition is complete. */
    record CheckpointEnded() implements RecoveryEvent {}

    /** The configuration in force. */
    record RecoveryConfigured(
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
            implements RecoveryEvent {}

    /** The database moved to another phase. */
    record PhaseChanged(
            DatabasePhase phase, DatabasePhase previous, DatabaseInput input, String host, long term, String reason)
            implements RecoveryEvent {}

    /** This host may be primary under this term, which nobody had before. */
    record LeaseGranted(String host, long term, int leaseMillis, String reason) implements RecoveryEvent {}

    /** The lease counts anew. */
    record LeaseRenewed(String host, long term, long writtenLsn) implements RecoveryEvent {}

    /** Lease and margin have run out. */
    record LeaseExpired(String host, long term, String reason) implements RecoveryEvent {}

    /** The log had no leader for a while, so nobody could renew: every lease counts in full again. */
    record LeasesRestarted(long leadershipTerm, int leader, String reason) implements RecoveryEvent {}

    /** No process of that term is left and none will be again. */
    record FenceConfirmed(String host, long term, String reason) implements RecoveryEvent {}

    /** The primary of that term is declared dead. */
    record PrimaryLost(String host, long term, String reason) implements RecoveryEvent {}

    /** Whatever runs on this host as primary of that term must end at once. */
    record FenceOrdered(String host, long term, String reason) implements RecoveryEvent {}

    /** This host is to be the primary of this term, started with these names. */
    record PromotionDecided(String host, long term, PromotionMode mode, String standbyNames, String reason)
            implements RecoveryEvent {}

    /** Clients belong here. */
    record PrimaryRouted(String host, long term, int timeline, long forkLsn, String reason) implements RecoveryEvent {}

    /** The primary of that term is to run with these names, then to confirm; a higher number replaces a lower one. */
    record NamesOrdered(String host, long term, long number, String standbyNames, String standby, String reason)
            implements RecoveryEvent {}

    /** It does. */
    record NamesConfirmed(String host, long term, long number, long markerLsn, String reason)
            implements RecoveryEvent {}

    /** This standby may, or may no longer, be promoted without loss. */
    record EligibleChanged(String standby, boolean eligible, long term, String reason) implements RecoveryEvent {}

    /** One host's copy, whole, after a change. In REBUILDING, it is to be cloned from the source under that number. */
    record ReplicaChanged(
            String host,
            ReplicaState state,
            ReplicaState previous,
            ReplicaInput input,
            long term,
            long cloneNumber,
            String source,
            String reason)
            implements RecoveryEvent {}

    /** An ordered clone went on. */
    record CloneProgressed(String host, long cloneNumber, CloneOutcome outcome, String detail)
            implements RecoveryEvent {}

    /** A switchover went a step. */
    record SwitchoverChanged(RequestStep step, String from, String to, long term, String user, String reason)
            implements RecoveryEvent {}

    /** A fail-over that a person wants went a step. */
    record FailoverChanged(
            RequestStep step, String from, String to, boolean acceptLoss, long term, String user, String reason)
            implements RecoveryEvent {}

    /** Automatic decisions are paused or resumed. */
    record AutomationChanged(boolean paused, String user, String reason) implements RecoveryEvent {}

    /** Redundancy is gone. */
    record IncidentOpened(long incident, String host, long term, String reason) implements RecoveryEvent {}

    /** Redundancy is back. */
    record IncidentClosed(long incident, long lastedMillis, String reason) implements RecoveryEvent {}

    /** What an agent saw, when it changed and otherwise about once a second. */
    record InstanceSeen(
            String host,
            InstanceRole role,
            long term,
            int timeline,
            long receivedLsn,
            long replayedLsn,
            long flushedLsn,
            long followedTerm,
            boolean diverged,
            String standbyNames,
            String connected,
            boolean clean,
            long diskFreeBytes,
            int clockOffsetMillis)
            implements RecoveryEvent {}

    /** A person's command and what came of it. */
    record OperatorActed(String user, String action, String target, String reason, String result)
            implements RecoveryEvent {}

    /** A command that could not be handled changed nothing. */
    record CommandQuarantined(long clientId, long correlationId, int templateId, String reason)
            implements RecoveryEvent {}

    /** What a member's state hash came to. */
    record StateHashed(int member, long atSequence, long stateHash, boolean agreed) implements RecoveryEvent {}

    /** How many data pages of this host's copy had a wrong checksum when they were read; 0 when the copy is sound again. */
    record DamageSeen(String host, long checksumFailures, String detail) implements RecoveryEvent {}

    /** Clones of this primary are to be held back, or may go on: its own writes are slow, or no longer. */
    record ClonesHeld(String host, long term, boolean held, String reason) implements RecoveryEvent {}
}
