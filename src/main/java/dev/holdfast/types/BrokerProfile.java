package dev.holdfast.types;

/** Order budgets: Kite's published limits, or the roomier ones of drills on the simulated exchange. */
public enum BrokerProfile {
    KITE,
    DRILL
}
