package dev.holdfast.cli;

import dev.holdfast.bench.EngineBench;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "engine",
        description = {
            "Intents a second, and their p99 at 100 a second, through three members; baseline: a machine that only answers.",
            "Then the same with each write forced to the disk."
        },
        mixinStandardHelpOptions = true)
final class BenchEngine implements Callable<Integer> {

    private static final int WARM_UP = 60_000;

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Option(names = "--runs", defaultValue = "12", description = "of each row (default: ${DEFAULT-VALUE})")
    private int runs;

    @Option(
            names = "--run-millis",
            defaultValue = "600",
            description = "of each run at full speed (default: ${DEFAULT-VALUE})")
    private int runMillis;

    @Option(
            names = "--paced-millis",
            defaultValue = "1500",
            description = "of each run at 100 a second (default: ${DEFAULT-VALUE})")
    private int pacedMillis;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Bench.requirePositive("--runs", runs);
        Bench.requirePositive("--run-millis", runMillis);
        Bench.requirePositive("--paced-millis", pacedMillis);
        Console console = options.console();
        EngineBench bench = new EngineBench(
                options.home(),
                WARM_UP,
                runs,
                Duration.ofMillis(runMillis),
                Duration.ofMillis(pacedMillis),
                console::progress);
        return Bench.run(console, bench::measure);
    }
}
