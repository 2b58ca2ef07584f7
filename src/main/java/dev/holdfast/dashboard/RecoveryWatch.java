package dev.holdfast.dashboard;

import dev.holdfast.log.RecoveryLog;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows the recovery log, where there is one, and what the agents say of their hosts. Thread-safe. */
final class RecoveryWatch implements AutoCloseable {

    private final @Nullable RecoveryLog log;
    private final Agents agents;
    private final RecoveryModel model;
    private final @Nullable EventFollower<RecoveryCommand, RecoveryEvent> follower;

    /** @param log null where no host votes; stays the caller's to close */
    RecoveryWatch(@Nullable RecoveryLog log, Agents agents) {
        this.log = log;
        this.agents = agents;
        this.model = new RecoveryModel(agents.voters(), System::nanoTime);
        this.follower = log == null ? null : EventFollower.ofRecovery(log, model);
    }

    void start() {
        agents.start();
        if (follower != null) {
            follower.start();
        }
    }

    Optional<RecoveryLog> log() {
        return Optional.ofNullable(log);
    }

    /** Whether the machine decides and we hear of it. */
    boolean heard() {
        return model.heard();
    }

    /** The present, with the decisions after that sequence; null where no host votes. */
    @Nullable
    RecoveryView since(long afterSequence) {
        return log == null ? null : model.since(afterSequence);
    }

    Agents agents() {
        return agents;
    }

    @Override
    public void close() {
        if (follower != null) {
            follower.close();
        }
        agents.close();
    }
}
