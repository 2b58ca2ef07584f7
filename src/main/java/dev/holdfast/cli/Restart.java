package dev.holdfast.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "restart",
        description = "Restarts a service host by host while it goes on serving.",
        mixinStandardHelpOptions = true)
final class Restart {

    @Command(
            description = {
                "Restarts PostgreSQL everywhere, for a minor upgrade or new settings: each standby in order, then a switchover;",
                "the old primary comes back as a fresh clone. Install the new programs on every host first.",
                "Ends at the first host that does not follow again."
            },
            mixinStandardHelpOptions = true)
    int postgres(
            @Mixin HomeOptions options,
            @Option(names = "--reason", required = true, description = "why; it is logged") String reason)
            throws InterruptedException {
        Home home = Home.open(options.home());
        try (RecoveryOperator operator = RecoveryOperator.connect(home);
                AgentClient agents = new AgentClient(home)) {
            RollingRestart.Result result = new RollingRestart(home, operator, agents, options.console()).run(reason);
            options.console().result(result, result::text);
            return result.ok() ? 0 : Failure.NEGATIVE;
        }
    }
}
