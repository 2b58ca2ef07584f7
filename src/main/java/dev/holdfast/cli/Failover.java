package dev.holdfast.cli;

import dev.holdfast.protocol.RecoveryCommand.OrderFailover;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "failover",
        description = "Replaces a primary that is lost or no good: it is fenced, not stopped in order.",
        mixinStandardHelpOptions = true)
final class Failover {

    @Command(
            description = {
                "Fences PostgreSQL's primary and promotes another. Works while automation is paused.",
                "Refused where rows could be lost, unless the loss is accepted."
            },
            mixinStandardHelpOptions = true)
    int postgres(
            @Mixin HomeOptions options,
            @Option(
                            names = "--to",
                            paramLabel = "HOST",
                            defaultValue = "",
                            description = "the new primary (default: the eligible standby)")
                    String to,
            @Option(
                            names = "--accept-loss",
                            description =
                                    "also where acknowledged rows may be missing; the recorder writes them again from the log")
                    boolean acceptLoss,
            @Option(names = "--reason", required = true, description = "why; it is logged") String reason)
            throws InterruptedException {
        return Switchover.carryOut(options, new OrderFailover(to, acceptLoss, Operator.USER, reason));
    }
}
