package dev.holdfast.agent.postgres;

import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.Reply;
import java.util.function.Consumer;

/** How a keeper is heard by the recovery machine. */
public interface Outbox {

    /** Sends a numbered command again and again until it is answered; the answer comes on the keeper's thread. */
    void send(RecoveryCommand command, Consumer<Reply> answered);

    /** Sends a command that only matters now: not numbered, not answered. */
    void tell(RecoveryCommand command);

    /** Whether a command of this kind is still unanswered. */
    boolean holds(Class<? extends RecoveryCommand> kind);
}
