package dev.holdfast.cli;

import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryCommand.OrderSwitchover;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "switchover",
        description = "Moves a healthy primary in order: it stops, its standby takes over, nothing is lost.",
        mixinStandardHelpOptions = true)
final class Switchover {

    @Command(
            description = "Moves PostgreSQL's primary to a standby, for maintenance of its host.",
            mixinStandardHelpOptions = true)
    int postgres(
            @Mixin HomeOptions options,
            @Option(
                            names = "--to",
                            paramLabel = "HOST",
                            defaultValue = "",
                            description = "the new primary (default: the eligible standby)")
                    String to,
            @Option(names = "--reason", required = true, description = "why; it is logged") String reason)
            throws InterruptedException {
        return carryOut(options, new OrderSwitchover(to, Operator.USER, reason));
    }

    static int carryOut(HomeOptions options, RecoveryCommand order) throws InterruptedException {
        Home home = Home.open(options.home());
        Console console = options.console();
        try (RecoveryOperator operator = RecoveryOperator.connect(home)) {
            DatabaseOrder.Result result = new DatabaseOrder(home, operator, console).run(order);
            console.result(result.document(), result::text);
            return result.ok() ? 0 : Failure.NEGATIVE;
        }
    }
}
