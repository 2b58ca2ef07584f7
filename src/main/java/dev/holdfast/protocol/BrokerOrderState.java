package dev.holdfast.protocol;

/** Kite's open set of statuses, closed: an unknown status is LIVE. */
public enum BrokerOrderState {
    LIVE,
    COMPLETE,
    CANCELLED,
    REJECTED
}
