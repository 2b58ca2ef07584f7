package dev.holdfast.cli;

import dev.holdfast.audit.AuditReport;
import dev.holdfast.drill.DrillReport;
import dev.holdfast.drill.DrillReport.Verdict;
import dev.holdfast.drill.DrillReports;
import dev.holdfast.drill.DrillRun;
import dev.holdfast.drill.DrillSummary;
import dev.holdfast.drill.Scenario;
import dev.holdfast.drill.Site;
import dev.holdfast.drill.UnderWay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Runs of one drill, one after another on the same system, each with a report of its own that is kept. */
final class DrillRuns {

    private final Scenario scenario;
    private final String reason;
    private final int runs;
    private final DrillReports reports;
    private final Console console;
    private volatile boolean stopAsked;

    DrillRuns(Scenario scenario, String reason, int runs, DrillReports reports, Console console) {
        this.scenario = scenario;
        this.reason = reason;
        this.runs = runs;
        this.reports = reports;
        this.console = console;
    }

    /** What several runs come to, as a document. */
    private record Told(List<DrillReport> runs, DrillSummary summary) {}

    /** @return the exit code: 0 when all were made and passed */
    int run(Site site, Supplier<AuditReport> audit, Interrupt interrupt) throws IOException, InterruptedException {
        List<DrillReport> done = new ArrayList<>();
        boolean another = true;
        while (another) {
            DrillRun drill = new DrillRun(site, audit);
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
        UnderWay.over(site.folder());
        tell(done);
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

    private void tell(List<DrillReport> done) {
        if (runs == 1) {
            console.result(done.getFirst(), () -> DrillText.of(done.getFirst()));
        } else {
            DrillSummary summary = DrillSummary.of(done);
            console.result(new Told(done, summary), () -> DrillSummaryText.of(done, summary));
        }
    }
}
