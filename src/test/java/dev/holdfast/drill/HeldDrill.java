package dev.holdfast.drill;

import dev.holdfast.drill.DrillReport.Verdict;
import dev.holdfast.runtime.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The process of a drill without its fault: it takes the lock, tells what it does and keeps a report as the command does, and goes
 * from one phase to the next when a test lets it.
 */
public final class HeldDrill {

    private static final long LOOK_AGAIN_MILLIS = 20;
    private static final int LOOKS = 6_000;

    private HeldDrill() {}

    /** The words that start it. */
    public static List<String> words(Path work, Path reports, Scenario scenario, String purpose) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                HeldDrill.class.getName(),
                work.toString(),
                reports.toString(),
                scenario.word(),
                purpose);
    }

    /** From the fault to recovery, then to the report. */
    public static void letGo(Path work, String phase) throws IOException {
        Files.writeString(work.resolve("go-" + phase), "");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path work = Path.of(arguments[0]);
        Scenario scenario = Scenario.named(arguments[2]);
        String began = Instant.now().toString();
        try (FolderLock _ = FolderLock.take(work)) {
            Phases phases = new Phases();
            UnderWay.tell(work, scenario.word(), arguments[3], phases);
            phases.begin("steady state");
            phases.begin("fault: " + scenario.word() + " of a-dashboard");
            await(work, "recovery");
            phases.begin("recovery");
            await(work, "report");
            phases.end();
            new DrillReports(Path.of(arguments[1])).keep(report(scenario, arguments[3], began, phases));
            UnderWay.over(work);
        }
    }

    private static void await(Path work, String phase) throws InterruptedException {
        for (int look = 0; look < LOOKS && !Files.exists(work.resolve("go-" + phase)); look++) {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private static DrillReport report(Scenario scenario, String purpose, String began, Phases phases) {
        return new DrillReport(
                scenario.word(),
                Verdict.PASS,
                scenario.shows(),
                purpose,
                began,
                "a-dashboard",
                phases.all(),
                120L,
                340L,
                560L,
                780L,
                90L,
                0L,
                0L,
                0L,
                0L,
                null,
                true,
                Map.of("NoOrderLost", true),
                "idle");
    }
}
