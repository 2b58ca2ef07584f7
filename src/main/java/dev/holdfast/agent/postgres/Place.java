package dev.holdfast.agent.postgres;

import dev.holdfast.protocol.RecoveryCommand;
import java.util.function.Consumer;

/**
 * Where a keeper is, what it knows and how it is heard: shared by the parts of one start of it.
 *
 * @param session new with each start of the agent
 * @param diary takes one line for each thing that the keeper does
 */
public record Place(
        String host,
        long session,
        Timer timer,
        Instance instance,
        Fencer fencer,
        Memory memory,
        Outbox outbox,
        View view,
        KeeperRules rules,
        Consumer<String> diary) {

    long now() {
        return timer.now();
    }

    void after(long nanos, Runnable action) {
        timer.after(nanos, action);
    }

    void send(RecoveryCommand command) {
        outbox.send(command, _ -> {});
    }

    void note(String line) {
        diary.accept(line);
    }
}
