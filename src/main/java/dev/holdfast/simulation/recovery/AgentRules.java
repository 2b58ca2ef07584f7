package dev.holdfast.simulation.recovery;

/** What an agent is careful about, apart, so that a test can take it away. */
class AgentRules {

    /** A walsender that still has the old names releases commits that the named standby has not. */
    boolean maySayConfirmed(Instance primary, String standby) {
        return primary.isSync(standby) && primary.othersAsync(standby);
    }
}
