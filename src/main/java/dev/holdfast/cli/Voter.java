package dev.holdfast.cli;

import dev.holdfast.agent.AttendedVoter;
import dev.holdfast.agent.ChildStatus;
import dev.holdfast.agent.ChildStatus.State;
import dev.holdfast.cluster.Termination;
import dev.holdfast.cluster.Trader;
import dev.holdfast.cluster.TraderStatus;
import dev.holdfast.recovery.RecoveryMachine;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.Health;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This agent's member of the recovery machine's log. When it ends out of order the agent ends with it: its threads may hang. */
final class Voter implements AttendedVoter {

    private static final Logger LOGGER = LoggerFactory.getLogger(Voter.class);

    private final Trader member;
    private final EmptyMember empty;
    private final AgentClient others;
    private volatile State state = State.STARTING;
    private volatile String trouble = "";

    Voter(Home home, Configuration.Host host) {
        this.member = new Trader(RecoveryAccess.voter(home, host), RecoveryMachine::new);
        this.others = new AgentClient(home);
        this.empty = new EmptyMember(
                RecoveryAccess.voter(home, host),
                AeronFolders.of(home.path(), host.name(), "voter-seeding"),
                home.configuration().hostsWith(Role.VOTER),
                others::voterDocument);
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
            empty.prepare();
            if (state == State.STOPPED) {
                return;
            }
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
        String detail = waiting().isEmpty()
                ? "role=" + seen.role() + " term=" + seen.term() + " leader=" + seen.leader() + " sequence="
                        + seen.eventSequence()
                : waiting();
        return new ChildStatus(name(), state, ProcessHandle.current().pid(), 0, unknown, never, detail, List.of());
    }

    private String waiting() {
        return trouble.isEmpty() ? empty.waiting() : trouble;
    }

    @Override
    public Health health() {
        TraderStatus seen = member.status();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("role", seen.role());
        details.put("term", seen.term());
        details.put("leader", seen.leader());
        details.put("sequence", seen.eventSequence());
        details.put("begun", member.begun());
        details.put("refused", member.refusals());
        if (!waiting().isEmpty()) {
            return Health.unhealthy(waiting(), details);
        }
        return seen.leader() >= 0 ? Health.healthy(details) : Health.unhealthy("no leader is known", details);
    }

    @Override
    public void close() {
        state = State.STOPPED;
        member.close();
        others.close();
    }
}
