package dev.holdfast.agent.postgres;

import dev.holdfast.log.RecoveryPicture;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Where a keeper is, what it knows and how it is heard: shared by the parts of one start of it.
 *
 * @param session new with each start of the agent
 * @param clockOffsetMillis of this host against the voters' leader
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
        RecoveryPicture view,
        KeeperRules rules,
        IntSupplier clockOffsetMillis,
        Consumer<String> diary) {

    /** Of the newest grant: what is configured now is true of the next one. */
    long leaseNanos() {
        return view.lease().leaseMillis() * 1_000_000L;
    }

    long renewNanos() {
        RecoveryEvent.RecoveryConfigured settings = view.settings()
                .orElseThrow(() -> new IllegalStateException("a term was granted before anything was configured"));
        return Math.min(settings.renewMillis() * 1_000_000L, leaseNanos() / 2);
    }

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
