package dev.holdfast.cli;

import dev.holdfast.agent.ChildStatus;
import dev.holdfast.agent.ChildStatus.State;
import dev.holdfast.agent.HostLayout;
import dev.holdfast.agent.HostStatus;
import dev.holdfast.agent.ServerFolder;
import dev.holdfast.cli.TradingVerdict.Trading;
import dev.holdfast.cli.TradingVerdict.Word;
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
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks agents, processes and engine at the same time; what does not answer is shown as such. */
final class SystemStatus {

    /** On a busy machine answers take seconds. What says nothing within this is called unheard, not dead. */
    private static final Duration LIMIT = Duration.ofSeconds(4);

    /** Told above the table or below it. */
    private static final Set<String> NOT_IN_THE_TABLE =
            Set.of("ok", GatewayService.ENGINE_WORD, "durable", "durableReason", "degraded");

    private final Home home;
    private final Configuration configuration;
    private final RecordingStatus recording = new RecordingStatus();

    SystemStatus(Home home) {
        this.home = home;
        this.configuration = home.configuration();
    }

    /**
     * @param canTrade only if somebody said so; see {@code trading} for what nobody knows
     * @param reason why we cannot trade, or why it is unknown; empty when we can
     * @param source by whose word; empty when nobody who would know was heard
     */
    record Document(
            boolean canTrade,
            Trading trading,
            String reason,
            String source,
            Map<String, Object> engine,
            RecordingStatus.Facts recording,
            List<HostLine> hosts,
            long exchangePid,
            List<String> notes) {}

    /**
     * @param agentPid 0 when it does not run
     * @param agent how it was found; unless it is RUNNING the processes are what the home's files say
     * @param supervisor the shell that starts the agent again
     */
    record HostLine(
            String host,
            String address,
            long agentPid,
            AgentState agent,
            SupervisorState supervisor,
            List<ProcessLine> processes) {}

    /** UNHEARD lives and gave no answer in time. */
    enum AgentState {
        RUNNING,
        FROZEN,
        UNHEARD,
        DOWN
    }

    enum SupervisorState {
        RUNNING,
        FROZEN,
        DOWN
    }

    record ProcessLine(String name, String state, long pid, int restarts, String detail, List<String> log) {}

    /**
     * The engine's answer, or the reason why there was none.
     *
     * @param word the engine's statement about trading; empty when the answer had none
     */
    private record EngineAnswer(Optional<Word> word, String silence, Map<String, Object> facts) {

        static EngineAnswer silent(String why) {
            return new EngineAnswer(Optional.empty(), why, Map.of());
        }
    }

    /** One host's answers: its line in the table, and what its processes last heard the engine say about trading. */
    private record Heard(HostLine line, List<Word> words, Optional<String> member) {}

    Document collect() throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                AgentClient agents = new AgentClient(home, LIMIT)) {
            Future<EngineAnswer> engine = threads.submit(this::askEngine);
            List<Future<Heard>> asked = new ArrayList<>();
            for (Configuration.Host host : configuration.hosts()) {
                asked.add(threads.submit((Callable<Heard>) () -> askHost(host, agents)));
            }
            List<Heard> heard = new ArrayList<>();
            for (Future<Heard> host : asked) {
                heard.add(host.get());
            }
            EngineAnswer answer = engine.get();
            List<HostLine> lines = heard.stream().map(Heard::line).toList();
            TradingVerdict verdict = TradingVerdict.of(
                    answer.word,
                    impossible(heard),
                    heard.stream().flatMap(each -> each.words.stream()).toList(),
                    answer.silence);
            long exchangePid = home.exchange().running().map(ProcessHandle::pid).orElse(0L);
            return new Document(
                    verdict.trading() == Trading.CAN,
                    verdict.trading(),
                    verdict.reason(),
                    verdict.source(),
                    answer.facts,
                    recording.facts(),
                    lines,
                    exchangePid,
                    notes(lines));
        } catch (ExecutionException failure) {
            throw new IllegalStateException("status could not be collected", failure.getCause());
        }
    }

    private static long agents(List<HostLine> hosts) {
        return hosts.stream().filter(host -> host.agentPid != 0).count();
    }

    /**
     * Why trading is impossible, whatever anybody said before: too few traders run and know a leader for a majority. Traders
     * that were not heard count as running.
     */
    private Optional<Word> impossible(List<Heard> hosts) {
        if (home.processes().isEmpty()) {
            return Optional.of(new Word("", false, "nothing runs; './holdfast up' starts it", 0));
        }
        List<String> out = new ArrayList<>();
        for (Heard host : hosts) {
            host.line.processes.stream()
                    .filter(process -> process.name.equals("trader"))
                    .forEach(trader -> {
                        if (trader.pid == 0) {
                            out.add(host.line.host + " ("
                                    + trader.state.toLowerCase(Locale.ROOT).replace('_', ' ')
                                    + (trader.detail.isEmpty() ? "" : ": " + trader.detail) + ")");
                        } else if (OwnedProcess.frozen(trader.pid)) {
                            out.add(host.line.host + " (frozen)");
                        } else {
                            host.member.ifPresent(reason -> out.add(host.line.host + " (" + reason + ")"));
                        }
                    });
        }
        int traders = configuration.hostsWith(Role.TRADER).size();
        int needed = traders / 2 + 1;
        return traders - out.size() >= needed
                ? Optional.empty()
                : Optional.of(new Word(
                        "the traders",
                        false,
                        "no leader: " + needed + " of " + traders + " traders must run and hear each other; out are: "
                                + String.join(", ", out),
                        0));
    }

    private List<String> notes(List<HostLine> hosts) throws InterruptedException {
        List<String> notes = new ArrayList<>(withoutAgents(hosts));
        notes.addAll(tradersOut(hosts));
        notes.addAll(withoutVoters(hosts));
        if (agents(hosts) > 0) {
            notes.addAll(recording.notes());
        }
        var outside = ServerFolder.outside(home.path());
        if (Files.isDirectory(outside)) {
            notes.add("Data of servers that run as another user, who cannot reach " + home.path() + ", is in " + outside
                    + ".");
        }
        if (configuration.namespaces().isPresent() && home.network().exists()) {
            notes.addAll(cuts());
        }
        if (agents(hosts) > 0) {
            openPorts().ifPresent(notes::add);
        }
        return notes;
    }

    /** One trader less is not seen in the verdict above, and the next one costs the majority. */
    private static List<String> tradersOut(List<HostLine> hosts) {
        List<String> notes = new ArrayList<>();
        for (HostLine host : hosts) {
            for (ProcessLine process : host.processes) {
                if (!process.name.equals("trader")) {
                    continue;
                }
                if (process.state.equals(State.HALTED.name())) {
                    notes.add("Host " + host.host + ": its trader is halted, " + process.detail
                            + ". './holdfast reseed " + host.host + "' fills it from the others and keeps its folder.");
                } else if (process.state.equals(State.CRASH_LOOP.name())) {
                    notes.add("Host " + host.host + ": its trader keeps ending; './holdfast logs " + host.host
                            + "-trader' says why. If its files are at fault, './holdfast reseed " + host.host
                            + "' fills it from the others and keeps its folder.");
                }
            }
        }
        return notes;
    }

    /** Lines for hosts without an agent that works. Trading goes on there until the next of the host's processes ends. */
    private List<String> withoutAgents(List<HostLine> hosts) {
        if (agents(hosts) == 0) {
            return List.of();
        }
        return hosts.stream()
                .flatMap(host -> switch (host.agent) {
                    case RUNNING -> withoutSupervisor(host);
                    case FROZEN ->
                        Stream.of(
                                "Host " + host.host
                                        + ": its agent is frozen; nothing there is started again until it is thawed or replaced.");
                    case UNHEARD ->
                        Stream.of("Host " + host.host + ": its agent runs and did not answer within "
                                + LIMIT.toSeconds() + " s.");
                    case DOWN ->
                        Stream.of("Host " + host.host + ": its agent does not run, so nothing there is started again; "
                                + switch (host.supervisor) {
                                    case RUNNING ->
                                        "its supervisor starts it within 8 s. './holdfast logs " + host.host
                                                + "-agent' says why it ended.";
                                    case FROZEN -> "its supervisor is frozen. './holdfast up' replaces both.";
                                    case DOWN -> "its supervisor is gone too. './holdfast up' starts both.";
                                });
                })
                .toList();
    }

    /** All is well there until the agent ends too. */
    private static Stream<String> withoutSupervisor(HostLine host) {
        return switch (host.supervisor) {
            case RUNNING -> Stream.empty();
            case FROZEN ->
                Stream.of("Host " + host.host + ": its agent's supervisor is frozen, so the agent would not be started"
                        + " again; the agent replaces it within 12 s.");
            case DOWN ->
                Stream.of("Host " + host.host + ": its agent's supervisor is gone, so the agent would not be started"
                        + " again; the agent replaces it within 12 s.");
        };
    }

    private Optional<String> openPorts() throws InterruptedException {
        PortGuard guard = new PortGuard(home);
        Optional<String> fault = guard.fault();
        if (fault.isPresent()) {
            return Optional.of(
                    "Any user of this machine can reach the members' UDP ports, forge commands and end a member: "
                            + fault.get() + ".");
        }
        long refused = guard.refused();
        return refused == 0
                ? Optional.empty()
                : Optional.of("Packets of other users or machines to the members' ports: " + refused + " refused.");
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

    private Heard askHost(Configuration.Host host, AgentClient agents) throws InterruptedException {
        Optional<HostStatus> status = agents.status(host);
        List<ProcessLine> lines = new ArrayList<>();
        List<Word> words = new ArrayList<>();
        Optional<String> member = Optional.empty();
        for (ChildStatus child : status.map(HostStatus::processes).orElseGet(() -> withoutAgent(host))) {
            boolean asked = child.pid() != 0;
            Map<String, Object> health = switch (child.name()) {
                case "trader" -> asked ? agents.healthDocument(host, Configuration.TRADER_HEALTH_PORT) : Map.of();
                case "gateway" -> asked ? agents.healthDocument(host, Configuration.GATEWAY_HEALTH_PORT) : Map.of();
                case "dashboard" -> asked ? agents.healthDocument(host, Configuration.DASHBOARD_PORT) : Map.of();
                default -> Map.of();
            };
            switch (child.name()) {
                case "trader" -> {
                    member = withoutLeader(health);
                    recording.trader(health);
                }
                case "gateway" -> {
                    gatewayWord(host, health).ifPresent(words::add);
                    recording.gateway(host.name(), health);
                }
                case "dashboard" -> dashboardWord(host, health).ifPresent(words::add);
                default -> {}
            }
            lines.add(new ProcessLine(
                    child.name(),
                    status.isEmpty() && child.pid() == 0
                            ? "DOWN"
                            : child.state().name(),
                    child.pid(),
                    child.restarts(),
                    detail(child, health),
                    child.log()));
        }
        Supervisor supervisor = home.supervisor(host);
        long agentPid = status.map(HostStatus::pid)
                .orElseGet(() -> supervisor.agent().map(ProcessHandle::pid).orElse(0L));
        AgentState agent = status.isPresent() ? AgentState.RUNNING : unheard(agentPid);
        return new Heard(
                new HostLine(host.name(), host.address(), agentPid, agent, state(supervisor), lines), words, member);
    }

    private static AgentState unheard(long agentPid) {
        if (agentPid == 0) {
            return AgentState.DOWN;
        }
        return OwnedProcess.frozen(agentPid) ? AgentState.FROZEN : AgentState.UNHEARD;
    }

    private static SupervisorState state(Supervisor supervisor) {
        if (supervisor.frozen()) {
            return SupervisorState.FROZEN;
        }
        return supervisor.running().isPresent() ? SupervisorState.RUNNING : SupervisorState.DOWN;
    }

    private static String detail(ChildStatus child, Map<String, Object> health) {
        if (child.pid() != 0 && OwnedProcess.frozen(child.pid())) {
            return "frozen: it lives and does nothing";
        }
        return child.name().equals("dashboard") || health.isEmpty()
                ? child.detail()
                : health.entrySet().stream()
                        .filter(entry -> !NOT_IN_THE_TABLE.contains(entry.getKey()) && !"".equals(entry.getValue()))
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(" "));
    }

    /** Why a trader that answers is not one of those who decide; empty when it is, or did not answer. */
    private static Optional<String> withoutLeader(Map<String, Object> health) {
        return Boolean.FALSE.equals(health.get("ok"))
                ? Optional.of(String.valueOf(health.get("reason")))
                : Optional.empty();
    }

    private static Optional<Word> gatewayWord(Configuration.Host host, Map<String, Object> health) {
        return health.get(GatewayService.ENGINE_WORD) instanceof Map<?, ?> word
                        && word.get("canTrade") instanceof Boolean canTrade
                        && word.get("ageMillis") instanceof Number age
                ? Optional.of(new Word(
                        "the gateway of host " + host.name(),
                        canTrade,
                        String.valueOf(word.get("reason")),
                        age.longValue()))
                : Optional.empty();
    }

    /**
     * The engine's statement as a dashboard heard it; empty when the dashboard's own question to the engine was not answered in
     * time.
     */
    private static Optional<Word> dashboardWord(Configuration.Host host, Map<String, Object> health) {
        return health.get("ok") instanceof Boolean ok
                        && health.get("pulseAgeMillis") instanceof Number age
                        && health.get("logMillis") instanceof Number answered
                        && answered.longValue() >= 0
                        && age.longValue() >= 0
                ? Optional.of(new Word(
                        "the dashboard of host " + host.name(),
                        ok,
                        String.valueOf(health.get("reason")),
                        age.longValue()))
                : Optional.empty();
    }

    /** Our own processes outlive their agent; what works in their folders is all that can be said of them. */
    private List<ChildStatus> withoutAgent(Configuration.Host host) {
        @Nullable Integer unknown = null;
        @Nullable Long never = null;
        return host.roles().stream()
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .map(name -> {
                    long pid = OwnedProcess.workingUnder(new HostLayout(home.path(), host.name()).folder(name)).stream()
                            .mapToLong(ProcessHandle::pid)
                            .min()
                            .orElse(0);
                    return new ChildStatus(
                            name,
                            pid == 0 ? State.STOPPED : State.RUNNING,
                            pid,
                            0,
                            unknown,
                            never,
                            "its agent does not answer",
                            List.of());
                })
                .toList();
    }

    private EngineAnswer askEngine() {
        if (home.processes().isEmpty()) {
            return EngineAnswer.silent("nothing runs");
        }
        try (Operator operator = Operator.connect(home)) {
            Picture picture = operator.picture(LIMIT);
            Map<String, Object> facts = new LinkedHashMap<>();
            List<Configuration.Host> traders = configuration.hostsWith(Role.TRADER);
            int leader = operator.status().leader();
            facts.put(
                    "leader",
                    leader >= 0 && leader < traders.size() ? traders.get(leader).name() : "unknown");
            facts.put("term", operator.status().term());
            addFacts(picture, facts);
            return new EngineAnswer(
                    picture.pulse().map(pulse -> new Word(TradingVerdict.ENGINE, pulse.canTrade(), pulse.reason(), 0)),
                    "the engine has no pulse yet",
                    facts);
        } catch (Failure _) {
            return EngineAnswer.silent("the engine did not answer within " + LIMIT.toSeconds() + " s");
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
                "rowsNotUnderstood",
                picture.oddRows().stream()
                        .map(row -> row.key() + ": " + row.wrong()
                                + (row.instrument() == 0 ? "" : "; banned: " + picture.nameOf(row.instrument())) + "; "
                                + row.raw() + row.rawRest())
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
