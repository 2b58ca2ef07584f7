package dev.holdfast.cli;

import dev.holdfast.drill.DrillReports;
import dev.holdfast.drill.Lifter;
import dev.holdfast.drill.Scenario;
import dev.holdfast.runtime.FolderLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "drill",
        description =
                "One fault on the running system, under load: what it took, what was lost, what must have been shown.",
        mixinStandardHelpOptions = true)
final class DrillCommand {

    @Command(
            description = "The drills there are, and what the last run of each found.",
            mixinStandardHelpOptions = true)
    int list(@Mixin HomeOptions options) throws IOException {
        DrillReports reports = reports(Home.open(options.home()));
        List<DrillText.Line> lines = new ArrayList<>();
        for (Scenario scenario : Scenario.values()) {
            lines.add(new DrillText.Line(
                    scenario.word(), scenario.does(), reports.last(scenario).orElse(null)));
        }
        options.console().result(Map.of("drills", lines), () -> DrillText.list(lines));
        return 0;
    }

    @Command(
            description = {
                "Waits for the steady state, strikes, waits until all is whole again, audits, and judges.",
                "Lifts the fault also when it is itself killed. Never against a real broker."
            },
            mixinStandardHelpOptions = true)
    int run(
            @Mixin HomeOptions options,
            @Parameters(paramLabel = "NAME", description = "as 'drill list' shows it") String name,
            @Option(names = "--reason", required = true, description = "why; it is kept with the report") String reason,
            @Option(
                            names = "--runs",
                            paramLabel = "N",
                            defaultValue = "1",
                            description =
                                    "so many one after another, until one fails or is aborted (default: ${DEFAULT-VALUE})")
                    int runs)
            throws IOException, InterruptedException {
        Bench.requirePositive("--runs", runs);
        Scenario scenario = scenario(name);
        Home home = Home.open(options.home());
        // One folder with chaos: only one of them may be at work, and either lifts what the other has left.
        Path folder = home.chaos();
        try (FolderLock _ = FolderLock.take(folder);
                DrilledSystem system = new DrilledSystem(home)) {
            new Lifter(system, folder).lift(() -> EdgeLog.connectOperator(home)).forEach(options.console()::progress);
            ChaosCommand.refuseUnfit(home);
            if (!scenario.possibleIn(home.configuration())) {
                throw Failure.usage("this system has nothing that '" + name + "' could strike: " + scenario.does());
            }
            return new DrillRuns(home, system, folder, reports(home), options.console()).run(scenario, reason, runs);
        } catch (FolderLock.Taken taken) {
            throw Failure.usage(
                    "a drill or chaos is at work on " + home.path() + "; end it with an interrupt, or wait");
        }
    }

    private static Scenario scenario(String name) {
        try {
            return Scenario.named(name);
        } catch (IllegalArgumentException unknown) {
            throw Failure.usage(String.valueOf(unknown.getMessage()));
        }
    }

    private static DrillReports reports(Home home) {
        return new DrillReports(home.drills());
    }
}
