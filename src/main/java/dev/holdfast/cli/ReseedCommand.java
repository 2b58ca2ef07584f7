package dev.holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "reseed",
        description =
                "Gives a host's trader, wiped or halted, the state of the others while they trade on. Its old folder is kept.",
        mixinStandardHelpOptions = true)
final class ReseedCommand implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Parameters(paramLabel = "HOST", description = "the trader's host, as holdfast.yaml names it")
    private String host = "";

    @Override
    public Integer call() throws InterruptedException {
        Console console = options.console();
        Home home = Home.open(options.home());
        Reseeding.Result result;
        try (AgentClient agents = new AgentClient(home)) {
            result = new Reseeding(home, host, agents, console).run();
        }
        console.result(result, result::text);
        return 0;
    }
}
