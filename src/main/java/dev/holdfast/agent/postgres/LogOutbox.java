package dev.holdfast.agent.postgres;

import dev.holdfast.log.RecoveryLog;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.Reply;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keeper's way to the recovery log, which numbers its commands and sends them until they are answered. */
final class LogOutbox implements Outbox {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogOutbox.class);

    private final RecoveryLog log;
    private final Executor keeperThread;
    private final Map<Class<?>, Integer> unanswered = new HashMap<>();

    LogOutbox(RecoveryLog log, Executor keeperThread) {
        this.log = log;
        this.keeperThread = keeperThread;
    }

    @Override
    public void send(RecoveryCommand command, Consumer<Reply> answered) {
        Class<?> kind = command.getClass();
        unanswered.merge(kind, 1, Integer::sum);
        var _ = log.submit(command)
                .whenCompleteAsync(
                        (reply, failure) -> {
                            unanswered.merge(kind, -1, Integer::sum);
                            if (failure == null) {
                                answered.accept(reply);
                            } else {
                                LOGGER.warn(
                                        "not told to the recovery log: {} reason=\"{}\"",
                                        command,
                                        failure.getMessage());
                            }
                        },
                        keeperThread);
    }

    @Override
    public void tell(RecoveryCommand command) {
        // Dropped when the log cannot take it now: the next one says more.
        boolean _ = log.offer(command);
    }

    @Override
    public boolean holds(Class<? extends RecoveryCommand> kind) {
        return unanswered.getOrDefault(kind, 0) > 0;
    }
}
