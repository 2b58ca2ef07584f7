package dev.holdfast.cli;

import dev.holdfast.agent.ChildStatus;
import dev.holdfast.agent.ChildStatus.State;
import dev.holdfast.agent.HostLayout;
import dev.holdfast.agent.HostStatus;
import dev.holdfast.agent.ServerFolder;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.StrategyState;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.OwnedProcess;
import dev.holdfast.runtime.namespaces.Cuts;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks agents, processes and engine at the same time; what does not answer is shown as such. */
final class SystemStatus {

    private static final Duration ENGINE_LIMIT = Duration.ofMillis(1_500);

    private final Home home;
    private final Configuration configuration;

    SystemStatus(Home home) {
        this.home = home;
        this.configuration = home.configuration();
    }

    /** @param reason why we cannot trade, empty when we can */
    record Document(
            boolean canTrade,
            String reason,
            Map<String, Object> engine,
            List<HostLine> hosts,
            long exchangePid,
            List<String> notes) {}

    /** @param agentPid 0 when it does not run; then the processes are what the home's files say */
    record HostLine(String host, String address, long agentPid, List<ProcessLine> processes) {}

    record ProcessLine(String name, String state, long pid, int restarts, String detail, List<String> log) {}

    /** What the engine said, or why it said nothing. */
    private record EngineAnswer(boolean canTrade, String reason, Map<String, Object> facts) {}

    Document collect() throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                AgentClient agents = new AgentClient(home)) {
            Future<EngineAnswer> engine = threads.submit(this::askEngine);
            List<Future<HostLine>> hosts = new ArrayList<>();
            for (Configuration.Host host : configuration.hosts()) {
                hosts.add(threads.submit((Callable<HostLine>) () -> askHost(host, agents)));
            }
            List<HostLine> lines = new ArrayList<>();
            for (Future<HostLine> host : hosts) {
                lines.add(host.get());
            }
            EngineAnswer answer = engine.get();
            long exchangePid = home.exchange().running().map(ProcessHandle::pid).orElse(0L);
            String reason = answer.facts.isEmpty() && exchangePid + agents(lines) > 0
                    ? withoutLeader(lines).orElse(answer.reason)
                    : answer.reason;
            return new Document(answer.canTrade, reason, answer.facts, lines, exchangePid, notes(lines));
        } catch (ExecutionException failure) {
            throw new IllegalStateException("status could not be collected", failure.getCause());
        }
    }

    private static long agents(List<HostLine> hosts) {
        return hosts.stream().filter(host -> host.agentPid != 0).count();
    }

    /** Why the members cannot choose a leader, when too few run. */
    private Optional<String> withoutLeader(List<HostLine> hosts) {
        List<String> running = new ArrayList<>();
        List<String> down = new ArrayList<>();
        for (HostLine host : hosts) {
            host.processes.stream()
                    .filter(process -> process.name.equals("trader"))
                    .forEach(trader -> {
                        if (trader.pid != 0) {
                            running.add(host.host);
                        } else {
                            down.add(host.host + " ("
                                    + trader.state.toLowerCase(Locale.ROOT).replace('_', ' ')
                                    + (trader.detail.isEmpty() ? "" : ": " + trader.detail) + ")");
                        }
                    });
        }
        int needed = configuration.hostsWith(Role.TRADER).size() / 2 + 1;
        return running.size() >= needed
                ? Optional.empty()
                : Optional.of("no leader: traders run on " + running + ", at least " + needed + " must; down: "
                        + String.join(", ", down));
    }

    private List<String> notes(List<HostLine> hosts) throws InterruptedException {
        List<String> notes = new ArrayList<>(withoutVoters(hosts));
        var outside = ServerFolder.outside(home.path());
        if (Files.isDirectory(outside)) {
            notes.add("Data of servers that run as another user, who cannot reach " + home.path() + ", is in " + outside
                    + ".");
        }
        if (configuration.namespaces().isPresent() && home.network().exists()) {
            notes.addAll(cuts());
        }
        return notes;
    }

    /** Trading goes on without them, so the verdict above does not say it. */
    private List<String> withoutVoters(List<HostLine> hosts) {
        int voters = configuration.hostsWith(Role.VOTER).size();
        long running = hosts.stream()
                .flatMap(host -> host.processes.stream())
                .filter(process -> process.name.equals("voter") && process.state.equals(State.RUNNING.name()))
                .count();
        return agents(hosts) == 0 || running > voters / 2
                ? List.of()
                : List.of("Recovery: " + running + " of " + voters
                        + " voters run, a majority is needed: nothing is decided about PostgreSQL, and no primary can"
                        + " renew its lease. './holdfast up' starts the agents that are missing; when disks are lost for"
                        + " good see './holdfast voters recover --help'.");
    }

    private List<String> cuts() throws InterruptedException {
        try {
            return new Cuts(home.network())
                    .standing().stream().map(cut -> "Network: " + cut + ".").toList();
        } catch (IOException unknown) {
            return List.of("Which hosts are cut off cannot be told: " + unknown.getMessage() + ".");
        }
    }

    private HostLine askHost(Configuration.Host host, AgentClient agents) throws InterruptedException {
        Optional<HostStatus> status = agents.status(host);
        List<ProcessLine> lines = new ArrayList<>();
        for (ChildStatus child : status.map(HostStatus::processes).orElse(List.of())) {
            String health = switch (child.name()) {
                case "trader" -> agents.health(host, Configuration.TRADER_HEALTH_PORT);
                case "gateway" -> agents.health(host, Configuration.GATEWAY_HEALTH_PORT);
                default -> child.detail();
            };
            lines.add(new ProcessLine(
                    child.name(),
                    child.state().name(),
                    child.pid(),
                    child.restarts(),
                    health.isEmpty() ? child.detail() : health,
                    child.log()));
        }
        if (status.isEmpty()) {
            lines.addAll(withoutAgent(host));
        }
        long agentPid = status.map(HostStatus::pid)
                .orElseGet(
                        () -> home.agent(host).running().map(ProcessHandle::pid).orElse(0L));
        return new HostLine(host.name(), host.address(), agentPid, lines);
    }

    /** Our own processes outlive their agent; what works in their folders is all that can be said of them. */
    private List<ProcessLine> withoutAgent(Configuration.Host host) {
        return host.roles().stream()
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .map(name -> {
                    long pid = OwnedProcess.workingUnder(new HostLayout(home.path(), host.name()).folder(name)).stream()
                            .mapToLong(ProcessHandle::pid)
                            .min()
                            .orElse(0);
                    return new ProcessLine(
                            name, pid == 0 ? "DOWN" : "RUNNING", pid, 0, "its agent does not answer", List.of());
                })
                .toList();
    }

    private EngineAnswer askEngine() {
        if (home.processes().isEmpty()) {
            return new EngineAnswer(false, "nothing runs; './holdfast up' starts it", Map.of());
        }
        try (Operator operator = Operator.connect(home)) {
            Picture picture = operator.picture(ENGINE_LIMIT);
            Map<String, Object> facts = new LinkedHashMap<>();
            List<Configuration.Host> traders = configuration.hostsWith(Role.TRADER);
            int leader = operator.status().leader();
            facts.put(
                    "leader",
                    leader >= 0 && leader < traders.size() ? traders.get(leader).name() : "unknown");
            facts.put("term", operator.status().term());
            addFacts(picture, facts);
            Optional<Event.Pulse> pulse = picture.pulse();
            boolean canTrade = pulse.map(Event.Pulse::canTrade).orElse(false);
            return new EngineAnswer(
                    canTrade,
                    canTrade ? "" : pulse.map(Event.Pulse::reason).orElse("the engine has no pulse yet"),
                    facts);
        } catch (Failure silent) {
            return new EngineAnswer(false, String.valueOf(silent.getMessage()), Map.of());
        }
    }

    private static void addFacts(Picture picture, Map<String, Object> facts) {
        picture.configured().ifPresent(configured -> {
            facts.put("broker", configured.realBroker() ? "real account" : "simulated");
            facts.put("profile", configured.profile());
        });
        picture.day().ifPresent(day -> facts.put("day", LocalDate.ofEpochDay(day.day()) + " " + day.phase()));
        facts.put("sender", grant(picture, GrantKind.SENDER));
        facts.put(
                "feed",
                grant(picture, GrantKind.FEED)
                        + picture.feed().map(feed -> ", " + feed.state()).orElse(""));
        picture.brokerSession().ifPresent(session -> facts.put("brokerSession", session.state()));
        picture.pulse().ifPresent(pulse -> {
            facts.put("feedAgeMillis", pulse.feedAgeMillis());
            facts.put("budgetSecond", pulse.secondBudget());
            facts.put("budgetMinute", pulse.minuteBudget());
            facts.put("budgetDay", pulse.dayBudget());
            facts.put("workingOrders", pulse.working());
            facts.put("uncertainOrders", pulse.uncertain());
            facts.put("heldOrders", pulse.held());
        });
        facts.put(
                "strategiesRunning",
                picture.strategies().stream()
                        .filter(strategy -> strategy.state() == StrategyState.RUNNING)
                        .map(Event.StrategyChanged::name)
                        .toList());
        facts.put(
                "killSwitches",
                picture.switches().stream()
                        .filter(Event.SwitchChanged::engaged)
                        .map(each -> each.kind() + " " + each.scope()
                                + (each.target().isEmpty() ? "" : " " + each.target()) + ": " + each.reason())
                        .toList());
        facts.put(
                "strategiesFailed",
                picture.strategies().stream()
                        .filter(strategy -> strategy.state() == StrategyState.FAILED)
                        .map(strategy -> strategy.name() + ": " + strategy.reason())
                        .toList());
        // Of the last ten minutes at most, the time between checkpoints; each was also an alarm.
        facts.put("quarantinedLately", picture.quarantined());
        picture.lastQuarantined()
                .ifPresent(last -> facts.put(
                        "lastQuarantined",
                        "client " + last.clientId() + ", command " + last.correlationId() + ": " + last.reason()));
        Map<String, Long> positions = new LinkedHashMap<>();
        picture.positions()
                .forEach((key, position) ->
                        positions.put(picture.nameOf(key.instrument()) + " " + key.product(), position.quantity()));
        facts.put("positions", positions);
        facts.put(
                "positionDifferences",
                picture.brokerPositions().entrySet().stream()
                        .filter(entry -> entry.getValue().difference() != 0)
                        .map(entry -> picture.nameOf(entry.getKey().instrument()) + " "
                                + entry.getKey().product() + " broker "
                                + entry.getValue().quantity() + ", difference "
                                + entry.getValue().difference())
                        .toList());
    }

    private static String grant(Picture picture, GrantKind kind) {
        return picture.grant(kind)
                .map(grant -> "host " + grant.host() + ", epoch " + grant.epoch())
                .orElse("nobody");
    }
}
