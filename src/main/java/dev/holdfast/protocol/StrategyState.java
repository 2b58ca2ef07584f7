package dev.holdfast.protocol;

/** A failed strategy threw, a killed one was stopped by a kill switch. */
public enum StrategyState {
    STOPPED,
    RUNNING,
    FAILED,
    KILLED
}
