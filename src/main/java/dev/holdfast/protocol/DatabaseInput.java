package dev.holdfast.protocol;

/** What moves the database from one phase to the next. */
public enum DatabaseInput {
    CONFIGURED,
    PROMOTED,
    PROMOTION_LATE,
    DOWN,
    LEASE_EXPIRED,
    STANDBY_FOLLOWS,
    STANDBY_LOST,
    STANDBY_REPLACED,
    NAMES_CONFIRMED,
    NAMES_LATE,
    STOP_ORDERED,
    STOP_LATE,
    FAILOVER_ORDERED,
    CANDIDATE_FOUND,
    LOSS_ACCEPTED
}
