package dev.holdfast.drill;

import dev.holdfast.drill.FaultPlan.Step;
import dev.holdfast.drill.RunningSystem.HostView;
import dev.holdfast.drill.RunningSystem.ProcessView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the faults of one scenario, and keeps what each took. Used by one thread, but for {@link #stop}. */
final class Strikes {

    /** In the order in which they are restarted; the agent comes last. */
    private static final Map<String, FaultKind> JVMS = new TreeMap<>(Map.of(
            "dashboard", FaultKind.DASHBOARD_KILL,
            "gateway", FaultKind.GATEWAY_STANDBY_KILL,
            "trader", FaultKind.TRADER_FOLLOWER_KILL));

    private final RunningSystem system;
    private final Phases phases;
    private final List<Drill.Outcome> faults = new ArrayList<>();
    private volatile boolean stopAsked;
    private String interrupted = "";
    private String unproved = "";
    private @Nullable TradingSeen trading;

    Strikes(RunningSystem system, Phases phases) {
        this.system = system;
        this.phases = phases;
    }

    /** No fault that has not begun yet. */
    void stop() {
        stopAsked = true;
    }

    boolean stopAsked() {
        return stopAsked;
    }

    /** Those that are known to have happened. */
    List<Drill.Outcome> faults() {
        return List.copyOf(faults);
    }

    /** Of faults after which the system did not become whole. */
    void add(List<Drill.Outcome> known) {
        faults.addAll(known);
    }

    /** Before what it was stopped, empty when it was not. */
    String interrupted() {
        return interrupted;
    }

    /** Why a fault does not count, empty when all do. */
    String unproved() {
        return unproved;
    }

    void make(Drill drill, Scenario scenario) throws IOException, Drill.NotWhole, InterruptedException {
        if (scenario.kind().isEmpty()) {
            restartEach(drill, scenario);
            return;
        }
        FaultKind kind = scenario.kind().get();
        RecoveryTail recovery = drill.recovery();
        if (scenario.times() > 1 && recovery != null) {
            blips(drill, scenario, kind, recovery);
            return;
        }
        Step step = step(kind, pick(drill, scenario, kind), scenario.lengthMillis());
        Optional<Target> target = target(drill, step);
        if (target.isEmpty()) {
            return;
        }
        boolean beside = recovery != null
                && target.get().processes().stream()
                        .anyMatch(each -> each.host().equals(recovery.facts().primary()));
        if (scenario.strikesRecoveryLeader() && beside) {
            unproved =
                    "the recovery machine is led from the primary's host again, which cannot lose its agent and stay";
            return;
        }
        if (scenario.takesAll() && recovery != null && !stopAsked) {
            unproved = new Placement(drill, recovery, phases).apart();
            if (!unproved.isEmpty()) {
                return;
            }
        }
        strike(drill, step, target.get());
        if (scenario.killsAgentToo() && unproved.isEmpty()) {
            String host = target.get().processes().getFirst().host();
            strike(
                    drill,
                    step(FaultKind.AGENT_KILL, 0, scenario.lengthMillis()),
                    new Target(List.of(Target.agent(system.look(host)))));
        }
    }

    /** As long as they are survived. */
    private void blips(Drill drill, Scenario scenario, FaultKind kind, RecoveryTail recovery)
            throws IOException, Drill.NotWhole, InterruptedException {
        long leaseMillis = recovery.leaseMillis();
        long term = recovery.facts().term();
        drill.tellsStages(_ -> {}); // there would be a hundred
        phases.begin("faults: up to " + scenario.times() + " of " + leaseMillis / 2 + " ms, each with its recovery");
        for (int blip = 0; blip < scenario.times() && recovery.facts().term() == term; blip++) {
            Step step = step(kind, 0, leaseMillis / 2);
            Optional<Target> target = target(drill, step);
            if (target.isEmpty() || outcome(drill, step, target.get()).isEmpty()) {
                return;
            }
            Thread.sleep(leaseMillis);
        }
    }

    private Optional<Target> target(Drill drill, Step step) throws InterruptedException {
        Optional<Target> target = drill.target(step);
        if (target.isEmpty()) {
            unproved = "there is nothing that " + step.kind().word() + " could strike now";
        }
        return target;
    }

    private void strike(Drill drill, Step step, Target target)
            throws IOException, Drill.NotWhole, InterruptedException {
        phases.begin("fault: " + step.kind().word() + " of " + target.label());
        outcome(drill, step, target);
        phases.end();
    }

    /** Empty when it was not made, or cannot be proved to have been. */
    private Optional<Drill.Outcome> outcome(Drill drill, Step step, Target target)
            throws IOException, Drill.NotWhole, InterruptedException {
        if (stopAsked) {
            interrupted = "interrupted before " + step.kind().word();
            return Optional.empty();
        }
        Optional<Drill.Outcome> outcome = drill.strike(step, target);
        if (outcome.isEmpty()) {
            unproved = step.kind().word() + " of " + target.label() + " could not be proved to have happened";
        }
        outcome.ifPresent(faults::add);
        if (outcome.isPresent() && step.kind().aim == FaultKind.Aim.EXCHANGE) {
            trading = trading(drill, outcome.get());
        }
        return outcome;
    }

    /** Null when the broker had no trouble. */
    @Nullable
    TradingSeen trading() {
        return trading;
    }

    private static TradingSeen trading(Drill drill, Drill.Outcome fault) throws InterruptedException {
        long from = fault.faultNanos();
        long to = from + fault.lengthMillis() * 1_000_000;
        List<Long> accepted = drill.acceptedBetween(from, to);
        long longest = 0;
        long last = from;
        for (long at : accepted) {
            longest = Math.max(longest, at - last);
            last = at;
        }
        return new TradingSeen(Math.max(longest, to - last) / 1_000_000, drill.askedBetween(from, to));
    }

    private Step step(FaultKind kind, int pick, long lengthMillis) {
        return new Step(faults.size() + 1, kind, pick, lengthMillis, 0, false);
    }

    /**
     * Which target a fault takes: the scenario's trouble for the exchange, and among standbys the one that commits wait for.
     */
    @SuppressWarnings("EnumOrdinal") // a plan keeps its draws as numbers
    private static int pick(Drill drill, Scenario scenario, FaultKind kind) throws InterruptedException {
        if (scenario.trouble().isPresent()) {
            return scenario.trouble().get().ordinal();
        }
        return kind.aim == FaultKind.Aim.STANDBY ? drill.awaitedStandby() : 0;
    }

    private void restartEach(Drill drill, Scenario scenario) throws IOException, Drill.NotWhole, InterruptedException {
        String host = system.look().stream()
                .max(Comparator.comparingLong(Strikes::jvms))
                .map(HostView::host)
                .orElseThrow();
        for (Map.Entry<String, FaultKind> jvm : JVMS.entrySet()) {
            Optional<ProcessView> process = system.look(host).processes().stream()
                    .filter(each -> each.name().equals(jvm.getKey()) && each.runs())
                    .findFirst();
            if (process.isPresent()) {
                strike(drill, step(jvm.getValue(), 0, scenario.lengthMillis()), new Target(List.of(process.get())));
            }
        }
        strike(
                drill,
                step(FaultKind.AGENT_KILL, 0, scenario.lengthMillis()),
                new Target(List.of(Target.agent(system.look(host)))));
    }

    private static long jvms(HostView host) {
        return host.processes().stream()
                .filter(process -> JVMS.containsKey(process.name()) && process.runs())
                .count();
    }
}
