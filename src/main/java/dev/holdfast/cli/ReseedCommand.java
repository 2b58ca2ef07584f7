package dev.holdfast.cli;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "reseed",
        description =
                "Gives a host's halted trader the state of the others while they trade on. Its old folder is kept.",
        mixinStandardHelpOptions = true)
final class ReseedCommand implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Parameters(paramLabel = "HOST", description = "the trader's host, as holdfast.yaml names it")
    private String host = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = options.console();
        Home home = Home.open(options.home());
        if (home.configuration().namespaces().isPresent() && isElsewhere(home)) {
            return runInsideHost(home);
        }
        Reseeding.Result result;
        try (AgentClient agents = new AgentClient(home)) {
            result = new Reseeding(home, host, agents, console).run();
        }
        console.result(result, result::text);
        return 0;
    }

    /** It stands in for the trader on the trader's own address, which may not be here. */
    private boolean isElsewhere(Home home) throws IOException {
        for (Configuration.Host each : home.configuration().hosts()) {
            if (each.name().equals(host)) {
                return NetworkInterface.getByInetAddress(InetAddress.ofLiteral(each.address())) == null;
            }
        }
        return false;
    }

    private int runInsideHost(Home home) throws IOException, InterruptedException {
        List<String> words =
                new ArrayList<>(List.of("reseed", host, "--home", home.path().toString()));
        if (options.json()) {
            words.add("--json");
        }
        return new ProcessBuilder(home.network().inside(host, JavaCommand.commandLine(words)))
                .inheritIO()
                .start()
                .waitFor();
    }
}
