package dev.holdfast.cli;

import dev.holdfast.bench.FeedBench;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "feed",
        description = "Ticker packets a second on one core, from frame to conflated tick; baseline: a bare read.",
        mixinStandardHelpOptions = true)
final class BenchFeed implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Option(names = "--runs", defaultValue = "5", description = "of each row (default: ${DEFAULT-VALUE})")
    private int runs;

    @Option(names = "--run-millis", defaultValue = "300", description = "of each run (default: ${DEFAULT-VALUE})")
    private int runMillis;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Bench.requirePositive("--runs", runs);
        Bench.requirePositive("--run-millis", runMillis);
        return Bench.run(options.console(), new FeedBench(options.home(), runs, Duration.ofMillis(runMillis))::measure);
    }
}
