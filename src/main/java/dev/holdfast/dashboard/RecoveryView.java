package dev.holdfast.dashboard;

import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.ReplicaState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page is sent of recovery. Times are epoch milliseconds of the recovery log, 0 for what was so before this dashboard
 * began to read; ages are milliseconds at the moment of sending, -1 when unknown. Empty texts mean nobody or nothing.
 *
 * @param incident the open one, else the last one that this dashboard saw
 * @param decisions those after the sequence that was asked for, the oldest first
 */
record RecoveryView(
        Voters voters,
        Database database,
        List<Copy> copies,
        @Nullable Incident incident,
        List<Decision> decisions) {

    /** How good or bad a piece of news is. */
    enum Tone {
        GOOD,
        PLAIN,
        WARN,
        BAD
    }

    /**
     * The recovery log.
     *
     * @param loaded whether a checkpoint was read, so that the rest means anything
     * @param heard whether events come: agents report each second, so silence means that nobody decides or that we are cut off
     * @param leader host whose member leads, as far as is known
     */
    record Voters(
            boolean loaded,
            boolean heard,
            boolean connected,
            String leader,
            long term,
            List<String> hosts,
            long sequence,
            long eventAgeMillis) {}

    /**
     * @param primary the one in service
     * @param holder whose term it is or was
     * @param leaseLeftMillis until the lease runs out unless it is renewed; -1 when none runs
     * @param waitsFor the standby whose name the primary was told
     * @param eligible who may be promoted without loss
     * @param request a person's order under way
     */
    record Database(
            DatabasePhase phase,
            String phaseReason,
            long phaseAtMillis,
            String primary,
            int timeline,
            String holder,
            long term,
            int leaseMillis,
            long leaseLeftMillis,
            String waitsFor,
            String eligible,
            String eligibleReason,
            boolean paused,
            String pausedBy,
            String pausedReason,
            String request) {}

    /**
     * One host's copy of the database.
     *
     * @param lagBytes WAL flushed by the primary, or without one by the furthest copy, and not here
     * @param replayLagBytes WAL flushed here and not yet replayed
     * @param diskFreeBytes -1 before its agent was heard
     * @param clockOffsetMillis its host's clock against the voters' leader's
     * @param reason of its state
     */
    record Copy(
            String host,
            ReplicaState state,
            String reason,
            InstanceRole role,
            long term,
            long followedTerm,
            long lagBytes,
            long replayLagBytes,
            boolean diverged,
            long diskFreeBytes,
            int clockOffsetMillis,
            long seenAgoMillis) {}

    /**
     * @param ageMillis since it was opened; for a closed one, how long it lasted
     * @param steps what happened in it, the first ones and the last ones
     * @param leftOut how many between those
     */
    record Incident(
            long number,
            boolean open,
            String host,
            long term,
            String reason,
            long openedMillis,
            long ageMillis,
            String closedReason,
            int leftOut,
            List<Step> steps) {}

    /**
     * @param sinceMillis since the first step
     * @param tookMillis since the step before
     */
    record Step(
            long atMillis,
            long sinceMillis,
            long tookMillis,
            Tone tone,
            String what,
            String host,
            long term,
            String reason) {}

    /** @param milestone whether it is a step of an incident, and not only a consequence of one */
    record Decision(
            long sequence,
            long atMillis,
            Tone tone,
            boolean milestone,
            String what,
            String host,
            long term,
            String reason) {}
}
