package dev.holdfast.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a process run before others on a busy machine. Linux gives each session a group of its own and shares the processors
 * between groups, so the niceness of a process counts only against its own children; the group's has to be set (sched(7), "the
 * autogroup feature"). It takes root; without, nothing changes.
 */
final class Priority {

    /** A trader that is not heard for half a second is replaced; beside a build it easily waits that long. */
    static final int TRADER = -10;

    /** It votes, and renews the lease of a database: what it does not in time is a fail-over for nothing. */
    static final int AGENT = -10;

    /** One that does not renew its lease in time hands over for nothing; it has no use for a leader that does not run. */
    static final int GATEWAY = -5;

    private static final Logger LOGGER = LoggerFactory.getLogger(Priority.class);
    private static final Path OWN_GROUP = Path.of("/proc/self/autogroup");

    private Priority() {}

    /** Sets the niceness of this process's session. */
    static void raise(int niceness) {
        if (!Files.exists(OWN_GROUP)) {
            return;
        }
        try {
            Files.writeString(OWN_GROUP, Integer.toString(niceness));
        } catch (IOException notAllowed) {
            LOGGER.info(
                    "runs with normal priority: {}; on a busy machine members may lose sight of each other",
                    notAllowed.getMessage());
        }
    }
}
