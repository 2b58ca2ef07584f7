package dev.holdfast.cli;

import dev.holdfast.agent.Agent;
import dev.holdfast.agent.AttendedVoter;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import java.io.IOException;
import java.util.Optional;

/** The agent process: looks after one host, and is a member of the recovery machine's log where the host votes. */
final class AgentService implements AutoCloseable {

    private final Agent agent;
    private final RecoveryLog recovery;
    private final Supervisor supervisor;
    private final SupervisorWatch watch;

    AgentService(Home home, String hostName) throws IOException, InterruptedException {
        Configuration.Host host = home.configuration().host(hostName);
        Optional<AttendedVoter> voter =
                host.roles().contains(Role.VOTER) ? Optional.of(new Voter(home, host)) : Optional.empty();
        this.supervisor = home.supervisor(host);
        this.watch = new SupervisorWatch(supervisor, home.agentCommand(host));
        this.recovery = RecoveryAccess.connect(home, host);
        try {
            this.agent = new Agent(home.path(), hostName, home.configuration(), voter, recovery);
        } catch (IOException | RuntimeException unusable) {
            recovery.close();
            throw unusable;
        }
    }

    void start() {
        agent.start();
    }

    /** Returns when someone asked the agent to stop; it is not started again then, whoever asked. */
    void awaitStop() throws IOException, InterruptedException {
        agent.awaitStop(watch);
        supervisor.forbid();
    }

    /** The connection first: it stands on the driver of the voter, which ends with the agent, and would look for another. */
    @Override
    public void close() {
        recovery.close();
        agent.close();
    }
}
