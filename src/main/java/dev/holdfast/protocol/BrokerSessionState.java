package dev.holdfast.protocol;

/** Whether the broker accepts our access token. */
public enum BrokerSessionState {
    NONE,
    VALID,
    DEAD
}
