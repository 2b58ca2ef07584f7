package dev.holdfast.drill;

import dev.holdfast.audit.AuditReport;
import dev.holdfast.runtime.StolenTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One drill from the steady state before it to the verdict. Runs once. */
public final class DrillRun {

    private static final Path LOAD_AVERAGE = Path.of("/proc/loadavg");

    private final Site site;
    private final Supplier<AuditReport> audit;
    private final Phases phases = new Phases();
    private final Strikes strikes;
    private String aborted = "";
    private String notWhole = "";
    private long termBefore;
    private long termAfter;
    private @Nullable RowFindings rowFindings;

    public DrillRun(Site site, Supplier<AuditReport> audit) {
        this.site = site;
        this.audit = audit;
        this.strikes = new Strikes(site.system(), phases);
    }

    /** No fault that has not begun yet. */
    public void stop() {
        strikes.stop();
    }

    /** @param purpose why it is run */
    public DrillReport run(Scenario scenario, String purpose) throws IOException, InterruptedException {
        String began = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        StolenTime stolen = new StolenTime();
        UnderWay.tell(site.folder(), scenario.word(), purpose, phases);
        try (Drill drill = new Drill(site)) {
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
                aborted.isEmpty() ? strikes.interrupted() : aborted,
                strikes.unproved(),
                notWhole,
                strikes.faults(),
                site.recoveryLog() != null,
                termBefore,
                termAfter,
                rowFindings,
                strikes.trading(),
                audited);
        String machine = "load average " + Files.readString(LOAD_AVERAGE).split(" ", -1)[0] + "; " + stolen;
        return findings.report(purpose, began, phases.all(), machine);
    }

    private @Nullable AuditReport audited() {
        try {
            return audit.get();
        } catch (RuntimeException unaudited) { // no log, no ledger: what was measured is still worth telling
            site.progress().accept("not audited: " + unaudited.getMessage());
            return null;
        }
    }

    /** Before the fault nothing is proved or disproved; after it the system did not recover. The first reason counts. */
    private void failed(Drill drill, Exception broken) {
        String words = broken.toString();
        if (broken instanceof Drill.NotWhole notWholeYet) {
            words = String.valueOf(broken.getMessage());
            if (drill.firstFaultNanos() != 0) {
                strikes.add(notWholeYet.faults());
            }
        }
        site.progress().accept(words);
        if (!aborted.isEmpty() || !strikes.interrupted().isEmpty() || !notWhole.isEmpty()) {
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
            strikes.make(drill, scenario);
            return;
        }
        Placement placement = new Placement(drill, recovery, phases);
        if (scenario.strikesRecoveryLeader()) {
            placement.partPrimaryFromVoter();
        } else if (scenario.takesAll()) {
            placement.gather(site.system().configuration(), strikes::stopAsked);
        }
        RecoveryTail.Facts before = recovery.facts();
        termBefore = before.term();
        phases.begin("rows");
        Rows rows = new Rows(site.system(), before.primary());
        try {
            rows.start();
            drill.alsoAwait(rows::missing);
            strikes.make(drill, scenario);
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
            site.progress().accept(String.valueOf(unread.getMessage()));
        }
    }

    private String address(RecoveryTail.Facts facts) {
        return site.system().configuration().host(facts.primary()).address();
    }
}
