package dev.holdfast.cli;

import dev.holdfast.audit.Witness.WitnessUnavailable;
import dev.holdfast.drill.DrillReport;
import dev.holdfast.drill.DrillReport.Verdict;
import dev.holdfast.drill.DrillReports;
import dev.holdfast.drill.DrillRun;
import dev.holdfast.drill.DrillSummary;
import dev.holdfast.drill.Lifter;
import dev.holdfast.drill.Scenario;
import dev.holdfast.drill.UnderWay;
import dev.holdfast.drill.Warden;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.runtime.JavaCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs of one drill, one after another on the same system, each with a report of its own that is kept. */
final class DrillRuns {

    private final Home home;
    private final DrilledSystem system;
    private final Path folder;
    private final DrillReports reports;
    private final Console console;
    private volatile boolean stopAsked;

    DrillRuns(Home home, DrilledSystem system, Path folder, DrillReports reports, Console console) {
        this.home = home;
        this.system = system;
        this.folder = folder;
        this.reports = reports;
        this.console = console;
    }

    /** @return the exit code: 0 when all were made and passed */
    int run(Scenario scenario, String reason, int runs) throws IOException, InterruptedException {
        List<DrillReport> done = new ArrayList<>();
        Warden warden = Warden.watching(JavaCommand.commandLine(
                List.of("chaos", "--lift", "--home", home.path().toString())));
        try (Operator operator = Operator.connect(home);
                RecoveryLog recovery = RecoveryAccess.connectDrill(home);
                Interrupt interrupt = new Interrupt()) {
            boolean another = true;
            while (another) {
                DrillRun drill = new DrillRun(
                        system,
                        operator.log(),
                        recovery,
                        AuditCommand.ledger(home)::after,
                        () -> AuditCommand.audit(home, operator.log()).run(),
                        folder,
                        console::progress);
                interrupt.calls(() -> {
                    stopAsked = true;
                    drill.stop();
                });
                DrillReport report = drill.run(scenario, reason);
                done.add(report);
                Path kept = reports.keep(report);
                console.progress("run " + done.size() + " of " + runs + ": "
                        + report.verdict().word() + ", kept in " + kept);
                another = done.size() < runs && !stopAsked && mayGoOn(report.verdict());
            }
            if (new Lifter(system, folder).left().isEmpty()) {
                warden.close(); // Else it does what we could not.
            }
            UnderWay.over(folder);
            tell(done, runs);
        } catch (WitnessUnavailable | LogUnavailable silent) {
            throw Failure.negative("the drill cannot go on: " + silent.getMessage());
        }
        boolean passed = done.size() == runs && done.stream().allMatch(report -> report.verdict() == Verdict.PASS);
        return passed ? 0 : Failure.NEGATIVE;
    }

    /** What has failed is to be looked at as it stands, and what could not begin will not begin the next time. */
    private static boolean mayGoOn(Verdict verdict) {
        return switch (verdict) {
            case PASS, PARTIAL, INCONCLUSIVE -> true;
            case FAIL, ABORTED -> false;
        };
    }

    private void tell(List<DrillReport> done, int runs) {
        if (runs == 1) {
            console.result(done.getFirst(), () -> DrillText.of(done.getFirst()));
        } else {
            DrillSummary summary = DrillSummary.of(done);
            console.result(Map.of("runs", done, "summary", summary), () -> DrillSummaryText.of(done, summary));
        }
    }
}
