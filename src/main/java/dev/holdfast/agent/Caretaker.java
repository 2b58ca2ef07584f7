package dev.holdfast.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The one port through which an agent deals with a thing on its host: look at it, or do something about it. Each is used by one
 * thread; what acts never decides.
 */
public interface Caretaker {

    /** Looks, cheaply, and changes nothing. */
    Observation observe();

    /** Carries out a decision and returns when it is done. What it throws counts as an exit and is tried again later. */
    void act(Decision decision) throws IOException, InterruptedException;

    /** Why the process must not be started until a person has looked; empty when it may be. Asked before each start. */
    default Optional<String> halted() {
        return Optional.empty();
    }

    /**
     * Asks the process whether it works, in another thread and for 10 s at most.
     *
     * @return why not; empty when it does
     * @throws IOException if it does not answer
     */
    default String ask() throws IOException {
        return "";
    }

    /** Whether the process may be replaced, which has counted as dead for this long beyond the limit. Asked once a second. */
    default boolean mayReplace(Duration dead) {
        return true;
    }

    /**
     * START prepares what the process needs and starts it; STOP ends it within a bound, with all that belongs to it; KILL ends one
     * that does not hear.
     */
    enum Decision {
        START,
        STOP,
        KILL
    }

    /**
     * @param running whether its process lives
     * @param pid of that process, or 0
     * @param exitCode how the last one ended, if known
     * @param detail what is worth showing, such as "primary" or "port 5432"; may be empty
     */
    record Observation(boolean running, long pid, OptionalInt exitCode, String detail) {}
}
