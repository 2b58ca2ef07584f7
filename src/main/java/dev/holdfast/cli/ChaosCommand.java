package dev.holdfast.cli;

import dev.holdfast.drill.Chaos;
import dev.holdfast.drill.ChaosReport;
import dev.holdfast.drill.FaultKind;
import dev.holdfast.drill.UnderWay;
import dev.holdfast.runtime.StolenTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "chaos",
        description = {
            "Kills and freezes processes of the running system at random under load, measures each recovery, then audits.",
            "Lifts every fault it makes, also when it is itself killed. Never against a real broker."
        },
        mixinStandardHelpOptions = true)
final class ChaosCommand implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Option(names = "--for", paramLabel = "DURATION", description = "such as 90s, 30m or 2h (default: 10m)")
    private String time = "10m";

    @Option(names = "--seed", paramLabel = "N", description = "the same seed gives the same faults (default: drawn)")
    private long seed = ThreadLocalRandom.current().nextLong(1, 1_000_000);

    @Option(names = "--only", paramLabel = "KIND", arity = "1..*", description = "only these kinds of fault")
    private List<String> only = List.of();

    @Option(names = "--lift", description = "only undo what a chaos run that was killed has left")
    private boolean lift;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = Home.open(options.home());
        Console console = options.console();
        if (lift) {
            Drilling.lift(home, console);
            return 0;
        }
        List<FaultKind> kinds;
        Duration length;
        try {
            kinds = FaultKind.chosen(only, home.configuration());
            length = ChaosText.duration(time);
        } catch (IllegalArgumentException wrong) {
            throw Failure.usage(String.valueOf(wrong.getMessage()));
        }
        return Drilling.run(home, console, (site, audit, interrupt) -> {
            console.progress("chaos for " + time + ", seed " + seed);
            Chaos chaos = new Chaos(site, audit);
            interrupt.calls(chaos::stop);
            StolenTime stolen = new StolenTime();
            UnderWay.tellChaos(site.folder(), "for " + time + ", seed " + seed);
            ChaosReport report = chaos.run(length, seed, kinds);
            UnderWay.over(site.folder());
            console.progress("meanwhile " + stolen);
            console.result(report, () -> ChaosText.of(report));
            return report.verdict().equals("pass") ? 0 : Failure.NEGATIVE;
        });
    }
}
