package dev.holdfast.simulation;

/** An invariant does not hold. An error, so that no edge that outlives exceptions can swallow it. */
public final class Violation extends Error {

    private final String invariant;

    public Violation(String invariant, String difference) {
        super(invariant + ": " + difference);
        this.invariant = invariant;
    }

    public String invariant() {
        return invariant;
    }
}
