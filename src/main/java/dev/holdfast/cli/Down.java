package dev.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "down",
        description = "Stops the whole system in order and makes sure that nothing is left.",
        mixinStandardHelpOptions = true)
final class Down implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Override
    public Integer call() throws InterruptedException {
        Console console = options.console();
        Shutdown.Result result = new Shutdown(Home.open(options.home()), console).run();
        console.result(result, () -> result.text());
        return result.ok() ? 0 : Failure.NEGATIVE;
    }
}
