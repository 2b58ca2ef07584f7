package dev.holdfast.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        description = "Starts the whole system and waits for its first filled order. Makes what a new home lacks.",
        mixinStandardHelpOptions = true)
final class Up implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Option(
            names = "--market",
            paramLabel = "MARKET",
            defaultValue = "random:1",
            description = "what the simulated exchange plays: random:SEED, or a folder or zip file of recorded days"
                    + " (default: ${DEFAULT-VALUE})")
    private String market = "random:1";

    @Option(
            names = "--speed",
            paramLabel = "FACTOR",
            defaultValue = "1",
            description = "market seconds per second of a recorded market (default: ${DEFAULT-VALUE})")
    private double speed = 1;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = options.console();
        if (!market.matches(DefaultConfiguration.RANDOM + "\\d{1,18}") && !Files.exists(Path.of(market))) {
            throw Failure.usage("market '" + market
                    + "' does not exist; expected random:SEED, a folder of recorded days or one of its zip files");
        }
        Home home = Home.openOrCreate(options.home(), market);
        Startup.Result result = new Startup(home, console, market, speed).run();
        console.result(result, result::text);
        return result.ok() ? 0 : Failure.NEGATIVE;
    }
}
