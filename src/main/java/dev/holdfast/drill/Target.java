package dev.holdfast.drill;

import dev.holdfast.drill.RunningSystem.HostView;
import dev.holdfast.drill.RunningSystem.ProcessView;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The processes that one fault is to meet. */
record Target(List<ProcessView> processes) {

    private static final String AGENT = "agent";

    Target {
        processes = List.copyOf(processes);
    }

    String label() {
        return processes.isEmpty()
                ? "exchange"
                : processes.stream().map(ProcessView::label).collect(Collectors.joining("+"));
    }

    /** The same for a fault; of the exchange it says which trouble. */
    String label(FaultPlan.Step step) {
        return step.kind().aim == FaultKind.Aim.EXCHANGE
                ? label() + " (" + BrokerTrouble.of(step.pick()).word() + ")"
                : label();
    }

    /**
     * The hosts of those that there is one of.
     *
     * @param trader that leads, empty when unknown
     * @param sender the gateway that may send, empty when nobody may
     * @param voter that leads the recovery machine, empty when unknown
     */
    record Foremost(String trader, String sender, String voter) {}

    /**
     * Chooses among those there are now.
     *
     * @return empty when there is no such process now
     */
    static Optional<Target> choose(FaultKind.Aim aim, int pick, List<HostView> hosts, Foremost foremost) {
        return switch (aim) {
            case LEADER ->
                one(
                        pick,
                        named(hosts, "trader")
                                .filter(each -> each.host().equals(foremost.trader))
                                .toList());
            case FOLLOWER ->
                one(
                        pick,
                        named(hosts, "trader")
                                .filter(each -> !each.host().equals(foremost.trader))
                                .toList());
            case TWO_TRADERS -> allButOne(pick, named(hosts, "trader").toList());
            case SENDER ->
                one(
                        pick,
                        named(hosts, "gateway")
                                .filter(each -> each.host().equals(foremost.sender))
                                .toList());
            case STANDBY_GATEWAY ->
                one(
                        pick,
                        named(hosts, "gateway")
                                .filter(each -> !each.host().equals(foremost.sender))
                                .toList());
            case AGENT, HOST -> one(pick, agents(hosts).toList());
            case RECOVERY_LEADER ->
                one(
                        pick,
                        agents(hosts)
                                .filter(each -> each.host().equals(foremost.voter))
                                .toList());
            case DASHBOARD -> one(pick, named(hosts, "dashboard").toList());
            case PRIMARY -> one(pick, databases(hosts, "primary"));
            case STANDBY -> one(pick, databases(hosts, "standby"));
            case REDIS -> one(pick, named(hosts, "redis").toList());
            case EXCHANGE -> Optional.of(new Target(List.of()));
        };
    }

    static ProcessView agent(HostView host) {
        return new ProcessView(host.host(), AGENT, "RUNNING", host.agentPid(), "", java.util.Map.of());
    }

    private static Stream<ProcessView> agents(List<HostView> hosts) {
        return hosts.stream().filter(host -> host.agentPid() != 0).map(Target::agent);
    }

    /** Where each serves as this, by its agent's word. */
    static List<ProcessView> databases(List<HostView> hosts, String role) {
        return named(hosts, "postgres")
                .filter(each -> each.detail().startsWith(role))
                .toList();
    }

    private static Stream<ProcessView> named(List<HostView> hosts, String name) {
        return hosts.stream()
                .flatMap(host -> host.processes().stream())
                .filter(process -> process.name().equals(name) && process.runs());
    }

    private static Optional<Target> one(int pick, List<ProcessView> candidates) {
        return candidates.isEmpty()
                ? Optional.empty()
                : Optional.of(new Target(List.of(candidates.get(pick % candidates.size()))));
    }

    private static Optional<Target> allButOne(int pick, List<ProcessView> candidates) {
        if (candidates.size() < 2) {
            return Optional.empty();
        }
        ProcessView spared = candidates.get(pick % candidates.size());
        return Optional.of(new Target(
                candidates.stream().filter(each -> !each.equals(spared)).toList()));
    }
}
