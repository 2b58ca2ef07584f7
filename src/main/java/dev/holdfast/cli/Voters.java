package dev.holdfast.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "voters",
        description = "The agents that decide together about PostgreSQL and whole hosts.",
        mixinStandardHelpOptions = true)
final class Voters {

    @Command(
            description = {
                "For when a majority of the voters is lost for good, or has lost its disks: begins their log anew on the hosts",
                "that holdfast.yaml names now, above every term that was used, and has the best copy of PostgreSQL promoted.",
                "Rows acknowledged last may be missing; what comes from the log is written again by the recorder."
            },
            mixinStandardHelpOptions = true)
    int recover(
            @Mixin HomeOptions options,
            @Option(names = "--accept-loss", required = true, description = "rows may be missing, see above")
                    boolean acceptLoss,
            @Option(names = "--reason", required = true, description = "why; it is logged") String reason)
            throws IOException, InterruptedException {
        if (!acceptLoss || reason.isBlank()) {
            throw Failure.usage("it needs --accept-loss and a reason");
        }
        Home home = Home.open(options.home());
        try (AgentClient agents = new AgentClient(home)) {
            VotersRecovery.Result result = new VotersRecovery(home, agents, options.console()).run(reason);
            options.console().result(result, result::text);
            return result.ok() ? 0 : Failure.NEGATIVE;
        }
    }
}
