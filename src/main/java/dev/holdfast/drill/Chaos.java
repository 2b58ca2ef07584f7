package dev.holdfast.drill;

import dev.holdfast.audit.AuditReport;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Faults at random under load until the time is over; then the audit. */
public final class Chaos {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");

    private final Site site;
    private final Supplier<AuditReport> audit;
    private volatile boolean stopAsked;

    public Chaos(Site site, Supplier<AuditReport> audit) {
        this.site = site;
        this.audit = audit;
    }

    /** The report, and all that is known of each fault. */
    private record Evidence(
            String began, String ended, @Nullable String aborted, ChaosReport report, List<Drill.Outcome> faults) {}

    /** No more faults: lift, wait, audit, report. */
    public void stop() {
        stopAsked = true;
    }

    /** Runs once. */
    public ChaosReport run(Duration time, long seed, List<FaultKind> kinds) throws IOException, InterruptedException {
        ZonedDateTime began = ZonedDateTime.now(ZoneOffset.UTC);
        FaultPlan plan = new FaultPlan(seed, kinds);
        List<Drill.Outcome> outcomes = new ArrayList<>();
        @Nullable String aborted = null;
        try (Drill drill = new Drill(site)) {
            try {
                drill.start(seed);
                drill.loadOn();
                disturb(drill, plan, System.nanoTime() + time.toNanos(), outcomes);
            } catch (Drill.NotWhole | IOException | RuntimeException broken) {
                // Whatever it was: what was done is lifted, and is still to be audited and told.
                aborted = words(broken);
                site.progress().accept(aborted);
            }
            try {
                drill.loadOff();
            } catch (Drill.NotWhole | IOException | RuntimeException broken) {
                aborted = aborted == null ? words(broken) : aborted;
                site.progress().accept(words(broken));
            }
        }
        site.progress().accept(outcomes.size() + " faults done; auditing");
        ChaosReport report = report(seed, outcomes, aborted);
        Evidence evidence =
                new Evidence(began.toString(), ZonedDateTime.now(ZoneOffset.UTC).toString(), aborted, report, outcomes);
        Files.writeString(site.folder().resolve(STAMP.format(began) + ".json"), JSON.writeValueAsString(evidence));
        return report;
    }

    private static String words(Exception broken) {
        return broken instanceof Drill.NotWhole ? String.valueOf(broken.getMessage()) : broken.toString();
    }

    private void disturb(Drill drill, FaultPlan plan, long deadline, List<Drill.Outcome> outcomes)
            throws IOException, Drill.NotWhole, InterruptedException {
        FaultPlan.Step next = plan.next();
        while (!stopAsked && System.nanoTime() - deadline < 0) {
            List<FaultPlan.Step> steps = new ArrayList<>(List.of(next));
            next = plan.next();
            while (next.overlaps()) {
                steps.add(next);
                next = plan.next();
            }
            List<Drill.Outcome> done = drill.strike(steps);
            outcomes.addAll(done);
            done.forEach(each -> site.progress()
                    .accept("  " + each.kind().word() + ": noticed after "
                            + shown(each.figures().detectMillis()) + ", next order "
                            + shown(each.figures().nextOrderMillis())
                            + ", next durable row " + shown(each.figures().nextDurableMillis()) + ", whole "
                            + shown(each.wholeMillis())));
        }
    }

    private ChaosReport report(long seed, List<Drill.Outcome> outcomes, @Nullable String aborted) {
        List<ChaosReport.Fault> faults = outcomes.stream()
                .map(each -> new ChaosReport.Fault(
                        each.kind().word(),
                        each.target(),
                        each.figures().detectMillis(),
                        each.figures().nextOrderMillis(),
                        each.figures().nextDurableMillis()))
                .toList();
        try {
            AuditReport found = audit.get();
            String verdict = !found.ok() ? "fail" : aborted == null ? "pass" : "aborted";
            return new ChaosReport(verdict, seed, faults, found.invariants(), found);
        } catch (RuntimeException unaudited) { // no log, no ledger: what was measured is still worth telling
            site.progress().accept("not audited: " + unaudited.getMessage());
            return new ChaosReport("aborted", seed, faults, Map.of(), null);
        }
    }

    private static String shown(@Nullable Long millis) {
        return millis == null ? "-" : millis + " ms";
    }
}
