package dev.holdfast.cli;

import dev.holdfast.drill.DrillReports;
import dev.holdfast.drill.Scenario;
import java.io.IOException;
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
        if (!scenario.possibleIn(home.configuration())) {
            throw Failure.usage("this system has nothing that '" + name + "' could strike: " + scenario.does());
        }
        DrillRuns all = new DrillRuns(scenario, reason, runs, reports(home), options.console());
        return Drilling.run(home, options.console(), all::run);
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
