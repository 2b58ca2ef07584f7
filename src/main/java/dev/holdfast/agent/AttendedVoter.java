package dev.holdfast.agent;

import dev.holdfast.runtime.Health;

/** This host's member of the recovery machine's log, which lives in the agent itself. */
public interface AttendedVoter extends Attended {

    /** What the others are told that ask: has {@code role} and {@code begun}. */
    Health health();
}
