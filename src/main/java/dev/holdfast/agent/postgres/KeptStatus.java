package dev.holdfast.agent.postgres;

import dev.holdfast.protocol.InstanceRole;

/**
 * What a host's keeper says of its PostgreSQL, from what it knows itself: also without a leader of the recovery log.
 *
 * @param serving whether clients who write may be sent here: it is the primary and its lease runs
 * @param following whether clients who read may be sent here: it streams from the primary in service
 * @param term the newest that this host has heard of, and {@code holder} whose it is
 * @param leaseMillis what is left of this host's own lease, 0 without one
 * @param pid of the postmaster, 0 when it does not run
 * @param detail one line for a person; begins with primary or standby when it is one
 * @param usedTerm no term above it has run here, and no clone has a higher number; 0 where there is no past
 * @param failure why the last start failed, empty when it did not
 * @param cloneFailure why the last clone failed, empty when it did not or the copy streams again
 */
public record KeptStatus(
        InstanceRole role,
        boolean serving,
        boolean following,
        String phase,
        String holder,
        long term,
        long leaseMillis,
        long pid,
        String detail,
        long usedTerm,
        String failure,
        String cloneFailure) {}
