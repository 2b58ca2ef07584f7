package dev.holdfast.drill;

import dev.holdfast.audit.AuditReport;
import dev.holdfast.audit.LedgerWitness;
import dev.holdfast.drill.FaultPlan.Step;
import dev.holdfast.drill.RunningSystem.HostView;
import dev.holdfast.drill.RunningSystem.ProcessView;
import dev.holdfast.log.Log;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.ReplicaState;
import dev.holdfast.runtime.StolenTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One drill from the steady state before it to the verdict. Runs once. */
public final class DrillRun {

    private static final Path LOAD_AVERAGE = Path.of("/proc/loadavg");

    /** Which of the exchange's disturbances drops the ticker. */
    private static final int DROP_TICKER = Striker.DISTURBANCES.size() - 1;

    /** In the order in which they are restarted; the agent comes last. */
    private static final Map<String, FaultKind> JVMS = new TreeMap<>(Map.of(
            "dashboard", FaultKind.DASHBOARD_KILL,
            "gateway", FaultKind.GATEWAY_STANDBY_KILL,
            "trader", FaultKind.TRADER_FOLLOWER_KILL));

    private final RunningSystem system;
    private final Log log;
    private final @Nullable RecoveryLog recoveryLog;
    private final LongFunction<LedgerWitness.Page> ledger;
    private final Supplier<AuditReport> audit;
    private final Path folder;
    private final Consumer<String> progress;
    private final Phases phases = new Phases();
    private final List<Drill.Outcome> faults = new ArrayList<>();
    private volatile boolean stopAsked;
    private String aborted = "";
    private String unproved = "";
    private String notWhole = "";
    private long termBefore;
    private long termAfter;
    private @Nullable RowFindings rowFindings;

    /**
     * @param recoveryLog null where no database is decided about
     * @param folder for the journal, and for what is told meanwhile
     */
    public DrillRun(
            RunningSystem system,
            Log log,
            @Nullable RecoveryLog recoveryLog,
            LongFunction<LedgerWitness.Page> ledger,
            Supplier<AuditReport> audit,
            Path folder,
            Consumer<String> progress) {
        this.system = system;
        this.log = log;
        this.recoveryLog = recoveryLog;
        this.ledger = ledger;
        this.audit = audit;
        this.folder = folder;
        this.progress = progress;
    }

    /** No fault that has not begun yet. */
    public void stop() {
        stopAsked = true;
    }

    /** @param purpose why it is run */
    public DrillReport run(Scenario scenario, String purpose) throws IOException, InterruptedException {
        String began = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        StolenTime stolen = new StolenTime();
        UnderWay.tell(folder, scenario.word(), purpose, phases);
        try (Drill drill = new Drill(system, log, recoveryLog, ledger, folder, progress)) {
            drill.tellsStages(phases::begin);
            try {
                phases.begin("steady state");
                drill.start(0);
                phases.begin("load");
                drill.loadOn();
                disturb(drill, scenario);
            } catch (Drill.NotWhole | IOException | SQLException | RuntimeException broken) {
                failed(drill, broken);
            }
            try {
                phases.begin("load off");
                drill.loadOff();
            } catch (Drill.NotWhole | IOException | RuntimeException broken) {
                failed(drill, broken);
            }
        }
        phases.begin("audit");
        AuditReport audited = audited();
        phases.end();
        DrillFindings findings = new DrillFindings(
                scenario,
                aborted,
                unproved,
                notWhole,
                faults,
                recoveryLog != null,
                termBefore,
                termAfter,
                rowFindings,
                audited);
        String machine = "load average " + Files.readString(LOAD_AVERAGE).split(" ", -1)[0] + "; " + stolen;
        return findings.report(purpose, began, phases.all(), machine);
    }

    private @Nullable AuditReport audited() {
        try {
            return audit.get();
        } catch (RuntimeException unaudited) { // no log, no ledger: what was measured is still worth telling
            progress.accept("not audited: " + unaudited.getMessage());
            return null;
        }
    }

    /** Before the fault nothing is proved or disproved; after it the system did not recover. The first reason counts. */
    private void failed(Drill drill, Exception broken) {
        String words = broken.toString();
        if (broken instanceof Drill.NotWhole notWholeYet) {
            words = String.valueOf(broken.getMessage());
            faults.addAll(notWholeYet.faults());
        }
        progress.accept(words);
        if (!aborted.isEmpty() || !notWhole.isEmpty()) {
            return;
        }
        if (drill.firstFaultNanos() == 0) {
            aborted = words;
        } else {
            notWhole = words;
        }
    }

    /** With rows where there is a database to write them to. */
    private void disturb(Drill drill, Scenario scenario)
            throws IOException, SQLException, Drill.NotWhole, InterruptedException {
        RecoveryTail recovery = drill.recovery();
        if (recovery == null) {
            strike(drill, scenario);
            return;
        }
        if (scenario.strikesRecoveryLeader()) {
            moveAway(drill, recovery);
        }
        RecoveryTail.Facts before = recovery.facts();
        termBefore = before.term();
        phases.begin("rows");
        Rows rows = new Rows(system, before.primary());
        try {
            rows.start();
            drill.alsoAwait(rows::missing);
            strike(drill, scenario);
        } finally {
            phases.begin("rows read back");
            drill.alsoAwait(List::of);
            rows.end();
            judge(drill, scenario, recovery, before, rows);
        }
    }

    private void judge(Drill drill, Scenario scenario, RecoveryTail recovery, RecoveryTail.Facts before, Rows rows)
            throws InterruptedException {
        RecoveryTail.Facts after = recovery.facts();
        termAfter = after.term();
        try {
            rowFindings = RowFindings.of(new RowFindings.Observed(
                    rows.acknowledged(),
                    rows.present(address(after)),
                    recovery.moments(),
                    recovery.appointments(),
                    address(before),
                    termBefore,
                    drill.firstFaultNanos(),
                    scenario.kind().isPresent() && scenario.times() == 1));
        } catch (SQLException unread) {
            progress.accept(String.valueOf(unread.getMessage()));
        }
    }

    private String address(RecoveryTail.Facts facts) {
        return system.configuration().host(facts.primary()).address();
    }

    private void strike(Drill drill, Scenario scenario) throws IOException, Drill.NotWhole, InterruptedException {
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
        Step step = step(kind, pick(drill, kind), scenario.lengthMillis());
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
        strike(drill, step, target.get());
    }

    /** The fencer of the host that is struck would rightly end a primary that stands there. */
    private void moveAway(Drill drill, RecoveryTail recovery) throws Drill.NotWhole, InterruptedException {
        String leader = drill.recoveryLeader();
        if (!recovery.facts().primary().equals(leader)) {
            return;
        }
        phases.begin("switchover: the primary was on " + leader + " too");
        recovery.order(new RecoveryCommand.OrderSwitchover(
                "", "drill", "its host leads the recovery machine, whose leader is to be struck"));
        drill.alsoAwait(() -> recovery.facts().primary().equals(leader)
                ? List.of("the primary was to move away from " + leader)
                : List.of());
        drill.awaitWhole("after a switchover");
        drill.alsoAwait(List::of);
    }

    /** As long as they are survived. */
    private void blips(Drill drill, Scenario scenario, FaultKind kind, RecoveryTail recovery)
            throws IOException, Drill.NotWhole, InterruptedException {
        long leaseMillis = recovery.leaseMillis();
        drill.tellsStages(_ -> {}); // there would be a hundred
        phases.begin("faults: up to " + scenario.times() + " of " + leaseMillis / 2 + " ms, each with its recovery");
        for (int blip = 0; blip < scenario.times() && recovery.facts().term() == termBefore; blip++) {
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
            aborted = "interrupted before " + step.kind().word();
            return Optional.empty();
        }
        Optional<Drill.Outcome> outcome = drill.strike(step, target);
        if (outcome.isEmpty()) {
            unproved = step.kind().word() + " of " + target.label() + " could not be proved to have happened";
        }
        outcome.ifPresent(faults::add);
        return outcome;
    }

    private Step step(FaultKind kind, int pick, long lengthMillis) {
        return new Step(faults.size() + 1, kind, pick, lengthMillis, 0, false);
    }

    /** Of the exchange's disturbances the one with the ticker; of the standbys the one that commits wait for. */
    private int pick(Drill drill, FaultKind kind) throws InterruptedException {
        return switch (kind.aim) {
            case EXCHANGE -> DROP_TICKER;
            case STANDBY -> {
                RecoveryTail recovery = drill.recovery();
                List<ProcessView> standbys = Target.databases(system.look(), "standby");
                for (int index = 0; index < standbys.size(); index++) {
                    if (recovery != null
                            && recovery.facts().copies().get(standbys.get(index).host()) == ReplicaState.ELIGIBLE) {
                        yield index;
                    }
                }
                yield 0;
            }
            case LEADER,
                    FOLLOWER,
                    TWO_TRADERS,
                    SENDER,
                    STANDBY_GATEWAY,
                    AGENT,
                    DASHBOARD,
                    PRIMARY,
                    HOST,
                    RECOVERY_LEADER,
                    REDIS -> 0;
        };
    }

    private void restartEach(Drill drill, Scenario scenario) throws IOException, Drill.NotWhole, InterruptedException {
        String host = system.look().stream()
                .max(Comparator.comparingLong(DrillRun::jvms))
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
