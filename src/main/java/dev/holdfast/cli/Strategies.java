package dev.holdfast.cli;

import dev.holdfast.protocol.Command.ControlStrategy;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "strategy", description = "Shows, starts and stops strategies.", mixinStandardHelpOptions = true)
final class Strategies {

    @Command(description = "Shows every strategy.", mixinStandardHelpOptions = true)
    int list(@Mixin HomeOptions options) {
        try (Operator operator = Operator.connect(Home.open(options.home()))) {
            Picture picture = operator.picture();
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("NAME", "KIND", "INSTRUMENT", "PRODUCT", "QUANTITY", "STATE", "PARAMETERS", "REASON"));
            for (Event.StrategyChanged strategy : picture.strategies()) {
                rows.add(List.of(
                        strategy.name(),
                        strategy.kind(),
                        picture.nameOf(strategy.instrument()),
                        strategy.product().name(),
                        Long.toString(strategy.quantity()),
                        strategy.state().name(),
                        strategy.parameters(),
                        strategy.reason()));
            }
            options.console().result(Map.of("strategies", picture.strategies()), () -> Console.table(rows));
        }
        return 0;
    }

    @Command(description = "Starts a strategy.", mixinStandardHelpOptions = true)
    int start(
            @Mixin HomeOptions options,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", defaultValue = "started by hand") String reason) {
        return control(options, name, true, reason);
    }

    @Command(
            description = "Stops a strategy; its open orders are cancelled, its position stays.",
            mixinStandardHelpOptions = true)
    int stop(
            @Mixin HomeOptions options,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", defaultValue = "stopped by hand") String reason) {
        return control(options, name, false, reason);
    }

    private static int control(HomeOptions options, String name, boolean start, String reason) {
        try (Operator operator = Operator.connect(Home.open(options.home()))) {
            Reply reply = operator.submit(new ControlStrategy(start, name, Operator.USER, reason));
            options.console()
                    .result(
                            Map.of("ok", reply.accepted(), "sequence", reply.sequence(), "text", reply.text()),
                            () -> reply.accepted()
                                    ? name + (start ? ": started" : ": stopped")
                                    : "refused: " + reply.text());
            return reply.accepted() ? 0 : Failure.NEGATIVE;
        }
    }
}
