package dev.holdfast.cli;

import dev.holdfast.protocol.Command.SetSwitch;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "kill",
        description = "The kill switch: no new order, and what works is cancelled, until it is released.",
        mixinStandardHelpOptions = true)
final class Kill {

    /** What the switch covers; all without either. */
    static final class Target {
        @Option(names = "--strategy", paramLabel = "NAME", description = "only this strategy")
        private String strategy = "";

        @Option(names = "--instrument", paramLabel = "EXCHANGE:SYMBOL", description = "only this instrument")
        private String instrument = "";

        private SwitchScope scope() {
            if (!strategy.isEmpty()) {
                return SwitchScope.STRATEGY;
            }
            return instrument.isEmpty() ? SwitchScope.ALL : SwitchScope.INSTRUMENT;
        }
    }

    @Command(description = "Engages the kill switch.", mixinStandardHelpOptions = true)
    int on(
            @Mixin HomeOptions options,
            @ArgGroup Target target,
            @Option(names = "--reason", required = true, description = "why; it is logged") String reason) {
        return set(options, target, true, reason);
    }

    @Command(
            description = "Releases the kill switch; strategies stay stopped until they are started.",
            mixinStandardHelpOptions = true)
    int off(
            @Mixin HomeOptions options,
            @ArgGroup Target target,
            @Option(names = "--reason", required = true, description = "why; it is logged") String reason) {
        return set(options, target, false, reason);
    }

    private static int set(
            HomeOptions options, @org.jspecify.annotations.Nullable Target given, boolean engaged, String reason) {
        Target target = given == null ? new Target() : given;
        try (Operator operator = Operator.connect(Home.open(options.home()))) {
            Reply reply = operator.submit(new SetSwitch(
                    SwitchKind.KILL,
                    target.scope(),
                    engaged,
                    target.strategy + target.instrument,
                    Operator.USER,
                    reason));
            options.console()
                    .result(
                            Map.of("ok", reply.accepted(), "sequence", reply.sequence(), "text", reply.text()),
                            () -> reply.accepted()
                                    ? "kill switch " + (engaged ? "engaged" : "released")
                                    : "refused: " + reply.text());
            return reply.accepted() ? 0 : Failure.NEGATIVE;
        }
    }
}
