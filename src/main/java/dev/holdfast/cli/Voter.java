package dev.holdfast.cli;

import dev.holdfast.agent.Attended;
import dev.holdfast.agent.ChildStatus;
import dev.holdfast.agent.ChildStatus.State;
import dev.holdfast.cluster.Termination;
import dev.holdfast.cluster.Trader;
import dev.holdfast.cluster.TraderStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This agent's member of the recovery machine's log. When it ends out of order the agent ends with it: its threads may hang. */
final class Voter implements Attended {

    private static final Logger LOGGER = LoggerFactory.getLogger(Voter.class);

    private final Trader member;
    private volatile State state = State.STARTING;
    private volatile String trouble = "";

    Voter(Trader member) {
        this.member = member;
    }

    @Override
    public String name() {
        return "voter";
    }

    /** A member that cannot start ends the process: whoever started the agent starts it again. */
    @Override
    public void start() {
        var _ = Thread.ofPlatform().name("voter").daemon().start(this::run);
    }

    private void run() {
        try {
            member.start();
            state = State.RUNNING;
            Termination end = member.awaitTermination();
            if (!end.orderly()) {
                halt(end.reason());
            }
        } catch (RuntimeException failure) {
            halt(String.valueOf(failure.getMessage()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void halt(String reason) {
        trouble = reason;
        LOGGER.error("the agent ends with its voter: {}", reason);
        Runtime.getRuntime().halt(Failure.NEGATIVE);
    }

    @Override
    public ChildStatus status() {
        TraderStatus seen = member.status();
        @Nullable Integer unknown = null;
        @Nullable Long never = null;
        String detail = trouble.isEmpty()
                ? "role=" + seen.role() + " term=" + seen.term() + " leader=" + seen.leader() + " sequence="
                        + seen.eventSequence()
                : trouble;
        return new ChildStatus(name(), state, ProcessHandle.current().pid(), 0, unknown, never, detail, List.of());
    }

    @Override
    public void close() {
        member.close();
        state = State.STOPPED;
    }
}
