package dev.holdfast.cli;

import dev.holdfast.cluster.TraderOptions;
import dev.holdfast.log.RecoveryPicture;
import dev.holdfast.protocol.RecoveryCommand.BeginAnew;
import dev.holdfast.protocol.Reply;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.OwnedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Begins the recovery machine's log anew, when a majority of it is gone. Traders and gateways go on meanwhile; PostgreSQL does not
 * run as a primary anywhere, since nobody could renew a lease.
 */
final class VotersRecovery {

    /** Whoever is away may have used higher terms than those that answer know of. */
    private static final long TERMS_SKIPPED = 1_000;

    private static final Duration END_LIMIT = Duration.ofSeconds(5);
    private static final Duration LEADER_LIMIT = Duration.ofSeconds(60);
    private static final Duration PRIMARY_LIMIT = Duration.ofSeconds(90);

    private final Home home;
    private final List<Configuration.Host> voters;
    private final AgentClient agents;
    private final Console console;

    VotersRecovery(Home home, AgentClient agents, Console console) {
        this.home = home;
        this.voters = home.configuration().hostsWith(Role.VOTER);
        this.agents = agents;
        this.console = console;
    }

    /** @param evidence the voters' old folders, under their new names */
    record Result(boolean ok, String primary, long term, long millis, List<String> evidence, String text) {}

    /** @throws Failure if it is not needed or cannot be done; then nothing was changed */
    Result run(String reason) throws IOException, InterruptedException {
        long usedTerm = usedTerm();
        requireNoLeader();
        List<String> evidence = new ArrayList<>();
        for (Configuration.Host voter : voters) {
            killAgent(voter);
        }
        for (Configuration.Host voter : voters) {
            setAside(voter).ifPresent(folder -> evidence.add(folder.toString()));
        }
        for (Configuration.Host voter : voters) {
            home.startAgent(voter);
        }
        console.progress("the voters " + names(voters) + " begin anew above term " + usedTerm
                + "; the copies of PostgreSQL are compared");
        try (RecoveryOperator operator = RecoveryOperator.connect(home)) {
            Reply reply = operator.submit(new BeginAnew(usedTerm, Operator.USER, reason), LEADER_LIMIT);
            if (!reply.accepted()) {
                return new Result(
                        false, "", 0, console.elapsedMillis(), evidence, "the voters refuse: " + reply.text());
            }
            RecoveryOperator.Outcome served = operator.await(
                    reply.sequence(),
                    picture -> picture.routed().term() > usedTerm && inService(picture),
                    PRIMARY_LIMIT);
            RecoveryPicture picture = served.picture();
            String text = served.reached()
                    ? picture.routed().host() + " is the primary of term "
                            + picture.routed().term() + "; the recorder writes again what its tables lack"
                    : "the voters decide again, but nobody is primary yet: "
                            + picture.phase().reason() + "; see './holdfast status'";
            return new Result(
                    served.reached(),
                    picture.routed().host(),
                    picture.routed().term(),
                    console.elapsedMillis(),
                    evidence,
                    text + ". The old folders are kept: " + evidence);
        }
    }

    private static boolean inService(RecoveryPicture picture) {
        return switch (picture.phase().phase()) {
            case SINGLE, TIGHTENING, GUARDED, RELAXING -> true;
            case EMPTY, PROMOTING, STOPPING, FENCING, LOST -> false;
        };
    }

    /** Above what every host knows that has a voter or a copy. */
    private long usedTerm() throws InterruptedException {
        long known = 0;
        List<String> silent = new ArrayList<>();
        for (Configuration.Host host : home.configuration().hosts()) {
            boolean copy = host.roles().contains(Role.POSTGRES);
            if (!copy && !host.roles().contains(Role.VOTER)) {
                continue;
            }
            Map<String, Object> said = copy ? agents.databaseDocument(host) : agents.voterDocument(host);
            if (said.isEmpty()) {
                silent.add(host.name());
            }
            known = Math.max(known, said.get("usedTerm") instanceof Number term ? term.longValue() : 0);
        }
        if (!silent.isEmpty()) {
            throw Failure.negative(
                    "the agents of hosts " + silent + " do not answer. './holdfast up' starts agents that can run."
                            + " Take hosts that are lost for good out of holdfast.yaml, or their roles voter and postgres from them:"
                            + " they must never come back with their old disks");
        }
        if (known == 0) {
            throw Failure.negative("no host has ever had a primary, so there is nothing to recover;"
                    + " './holdfast status' shows what the voters wait for");
        }
        return known + TERMS_SKIPPED;
    }

    private void requireNoLeader() throws InterruptedException {
        for (Configuration.Host voter : voters) {
            if ("LEADER".equals(agents.voterDocument(voter).get("role"))) {
                throw Failure.negative("the voter of host " + voter.name()
                        + " leads, so a majority decides: nothing is lost. For a lost primary there is './holdfast failover"
                        + " postgres'; a voter that lost its disk fills it by itself");
            }
        }
    }

    /** Not in order: what it started goes on, except for PostgreSQL, which its fencer ends. */
    private void killAgent(Configuration.Host host) throws IOException, InterruptedException {
        Supervisor supervisor = home.supervisor(host);
        supervisor.forbid();
        supervisor.kill();
        for (ProcessHandle each : OwnedProcess.workingUnder(supervisor.folder())) {
            each.destroyForcibly();
            if (!OwnedProcess.awaitExit(each, END_LIMIT)) {
                throw Failure.negative("process " + each.pid() + " of the agent of host " + host.name()
                        + " does not end; end it by hand, then run this again");
            }
        }
    }

    private Optional<Path> setAside(Configuration.Host host) throws IOException {
        TraderOptions options = RecoveryAccess.voter(home, host);
        if (!Files.exists(options.folder())) {
            return Optional.empty();
        }
        return Optional.of(Files.move(options.folder(), Home.aside(options.folder(), Instant.now())));
    }

    private static List<String> names(List<Configuration.Host> hosts) {
        return hosts.stream().map(Configuration.Host::name).toList();
    }
}
