package dev.holdfast.cli;

import dev.holdfast.audit.Witness.WitnessUnavailable;
import dev.holdfast.drill.Chaos;
import dev.holdfast.drill.ChaosReport;
import dev.holdfast.drill.FaultKind;
import dev.holdfast.drill.Lifter;
import dev.holdfast.drill.UnderWay;
import dev.holdfast.drill.Warden;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.runtime.FolderLock;
import dev.holdfast.runtime.JavaCommand;
import dev.holdfast.runtime.StolenTime;
import java.io.IOException;
import java.nio.file.Path;
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
        Path folder = home.chaos();
        try (FolderLock _ = FolderLock.take(folder);
                DrilledSystem system = new DrilledSystem(home)) {
            new Lifter(system, folder).lift(() -> EdgeLog.connectOperator(home)).forEach(options.console()::progress);
            return lift ? 0 : run(home, system, folder);
        } catch (FolderLock.Taken taken) {
            throw Failure.usage("a chaos run is at work on " + home.path() + "; end it with an interrupt, or wait");
        }
    }

    private int run(Home home, DrilledSystem system, Path folder) throws IOException, InterruptedException {
        refuseUnfit(home);
        List<FaultKind> kinds;
        Duration length;
        try {
            kinds = FaultKind.chosen(only, home.configuration());
            length = ChaosText.duration(time);
        } catch (IllegalArgumentException wrong) {
            throw Failure.usage(String.valueOf(wrong.getMessage()));
        }
        Console console = options.console();
        console.progress("chaos for " + time + ", seed " + seed);
        Warden warden = Warden.watching(JavaCommand.commandLine(
                List.of("chaos", "--lift", "--home", home.path().toString())));
        try (Operator operator = Operator.connect(home);
                RecoveryLog recovery = RecoveryAccess.connectDrill(home);
                Interrupt interrupt = new Interrupt()) {
            Chaos chaos = new Chaos(
                    system,
                    operator.log(),
                    recovery,
                    AuditCommand.ledger(home)::after,
                    () -> AuditCommand.audit(home, operator.log()).run(),
                    folder,
                    console::progress);
            interrupt.calls(chaos::stop);
            StolenTime stolen = new StolenTime();
            UnderWay.tellChaos(folder, "for " + time + ", seed " + seed);
            ChaosReport report = chaos.run(length, seed, kinds);
            UnderWay.over(folder);
            console.progress("meanwhile " + stolen);
            if (new Lifter(system, folder).left().isEmpty()) {
                warden.close(); // Else it does what we could not.
            }
            console.result(report, () -> ChaosText.of(report));
            return report.verdict().equals("pass") ? 0 : Failure.NEGATIVE;
        } catch (WitnessUnavailable | LogUnavailable silent) {
            throw Failure.negative("chaos cannot go on: " + silent.getMessage());
        }
    }

    static void refuseUnfit(Home home) {
        if (!home.configuration().broker().simulated()) {
            throw Failure.usage("a drill never runs against a real broker; give it a --home with a simulated one");
        }
        if (home.processes().isEmpty()) {
            throw Failure.usage("nothing runs in " + home.path() + "; './holdfast up' starts it");
        }
    }
}
