package dev.holdfast.cli;

import dev.holdfast.bench.RecorderBench;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "recorder",
        description = "Rows a second from events into PostgreSQL; baseline: a plain COPY of the same rows.",
        mixinStandardHelpOptions = true)
final class BenchRecorder implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Option(names = "--runs", defaultValue = "3", description = "of each row (default: ${DEFAULT-VALUE})")
    private int runs;

    @Option(names = "--orders", defaultValue = "10000", description = "in the stream (default: ${DEFAULT-VALUE})")
    private int orders;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Bench.requirePositive("--runs", runs);
        Bench.requirePositive("--orders", orders);
        Console console = options.console();
        return Bench.run(console, new RecorderBench(options.home(), runs, orders, console::progress)::measure);
    }
}
