package dev.holdfast.simulation.recovery;

import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.simulation.Diary;
import dev.holdfast.simulation.Dice;
import dev.holdfast.simulation.Scheduler;
import java.util.function.Function;

/** Where an agent is, what it knows and how it is heard: shared by the parts of one start of it. */
record Place(
        Host host,
        Scheduler scheduler,
        Dice dice,
        Diary diary,
        Links links,
        Witness witness,
        Function<String, Host> hosts,
        Outbox outbox,
        View view,
        AgentRules rules) {

    long now() {
        return scheduler.nowNanos();
    }

    void send(RecoveryCommand command) {
        outbox.send(command, _ -> {});
    }

    /** Does it then, unless the agent has died meanwhile. */
    void after(long nanos, Runnable action) {
        host.agentProcess.after(nanos, action);
    }
}
