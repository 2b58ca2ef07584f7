package dev.holdfast.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent's look at its supervisor, once a second: one that is gone is replaced at once, one that is frozen for ten looks is killed
 * first. Used by one thread.
 */
final class SupervisorWatch implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(SupervisorWatch.class);
    private static final int FROZEN_LOOKS = 10;

    /** After an attempt; whether it succeeded is seen by the pid that the new one writes. */
    private static final int LOOKS_BETWEEN_ATTEMPTS = 10;

    private final Supervisor supervisor;
    private final List<String> agentCommand;
    private int frozenLooks;
    private int looksToWait;

    /** @param agentCommand starts the agent */
    SupervisorWatch(Supervisor supervisor, List<String> agentCommand) {
        this.supervisor = supervisor;
        this.agentCommand = agentCommand;
    }

    @Override
    public void run() {
        if (looksToWait > 0) {
            looksToWait--;
            return;
        }
        try {
            look();
        } catch (IOException | UncheckedIOException failure) {
            looksToWait = LOOKS_BETWEEN_ATTEMPTS;
            LOG.error(
                    "this agent is not started again when it ends, its supervisor cannot be seen or replaced: {}",
                    failure.toString());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws IOException, InterruptedException {
        frozenLooks = supervisor.frozen() ? frozenLooks + 1 : 0;
        if (supervisor.forbidden()) {
            return;
        }
        if (frozenLooks >= FROZEN_LOOKS) {
            LOG.warn("supervisor is frozen and is killed");
            supervisor.kill();
        }
        if (supervisor.running().isEmpty()) {
            LOG.warn("supervisor is gone, another one is started");
            looksToWait = LOOKS_BETWEEN_ATTEMPTS;
            supervisor.start(agentCommand, command -> command);
        }
    }
}
