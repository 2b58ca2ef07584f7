package dev.holdfast.broker;

import dev.holdfast.protocol.BrokerSessionState;

/** Whether the broker accepts our token, and how to get one that it does. */
public interface BrokerSession {

    BrokerSessionState state();

    /** Makes one bounded attempt, when one is due, to have a token the broker accepts. */
    boolean ensure();

    /** Hears of each change of state. */
    @FunctionalInterface
    interface Listener {
        void changed(BrokerSessionState state, String detail);
    }
}
