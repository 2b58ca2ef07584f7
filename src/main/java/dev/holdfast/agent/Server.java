package dev.holdfast.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A foreign server (PostgreSQL, Redis, Sentinel) on this host: how to set it up, start, look at and stop it. Not thread-safe. */
public interface Server {

    /** Names the process and its log: postgres, redis or sentinel. */
    String name();

    /**
     * Makes folders, configuration and data, and ends what an earlier run left behind. Done before every start; it changes
     * nothing that is there already and needed, and may wait for another host's server for up to 20 s.
     *
     * @throws IOException with what to do; trying again later is right
     */
    void prepare() throws IOException, InterruptedException;

    /** What to start, in the foreground, after {@link #prepare()}; its output is its log. */
    List<String> command();

    /** Where to start it. */
    Path workingDirectory();

    /** Where its data is: outside the home when the unprivileged user it runs as cannot reach the home. */
    Path dataDirectory();

    /** Looks at the running server; bounded to about 2 s. */
    Probe probe();

    /**
     * Asks it for a sign of life; any reply is one, also a refusal. PostgreSQL is not asked: the recovery machine looks after it.
     *
     * @throws IOException if there is none within 10 s
     */
    default void ping() throws IOException {}

    /** Ends it in order, and by force when that takes longer than the limit. */
    void stop(Process process, Duration limit) throws InterruptedException;

    /**
     * @param serving whether it answers
     * @param primary whether it is the one that takes writes; false for a Sentinel
     * @param detail one line for a person
     */
    record Probe(boolean serving, boolean primary, String detail) {}
}
