package dev.holdfast.cli;

import dev.holdfast.protocol.Command.ControlStrategy;
import dev.holdfast.protocol.Command.SetSwitch;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.StrategyState;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "kill",
        description = "The kill switch: no new order, and what works is cancelled, until it is released.",
        mixinStandardHelpOptions = true)
final class Kill {

    /** The reason of a kill switch that was engaged without one: a person who must stop trading now has no time for words. */
    private static final String NO_REASON = "none given";

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

        private SetSwitch command(boolean engaged, String reason) {
            return new SetSwitch(SwitchKind.KILL, scope(), engaged, strategy + instrument, Operator.USER, reason);
        }

        /** Whether a kill switch of this scope stops this strategy; one for an instrument stops none. */
        private boolean covers(String name) {
            return switch (scope()) {
                case ALL -> true;
                case STRATEGY -> strategy.equals(name);
                case INSTRUMENT -> false;
            };
        }
    }

    @Command(description = "Engages the kill switch.", mixinStandardHelpOptions = true)
    int on(
            @Mixin HomeOptions options,
            @ArgGroup Target target,
            @Option(names = "--reason", defaultValue = NO_REASON, description = "why; it is logged") String reason) {
        return engage(options, target, reason);
    }

    @Command(
            description =
                    "Releases the kill switch; the strategies that it stopped stay stopped until they are started.",
            mixinStandardHelpOptions = true)
    int off(
            @Mixin HomeOptions options,
            @ArgGroup Target target,
            @Option(names = "--restart", description = "start the killed strategies again at once") boolean restart,
            @Option(names = "--reason", required = true, description = "why; it is logged") String reason) {
        return release(options, target, restart, reason);
    }

    private static int engage(HomeOptions options, @Nullable Target given, String reason) {
        Target target = given == null ? new Target() : given;
        try (Operator operator = Operator.connect(Home.open(options.home()))) {
            Reply reply = operator.insist(target.command(true, reason), options.console());
            options.console()
                    .result(
                            document(reply),
                            () -> reply.accepted() ? "kill switch engaged" : "refused: " + reply.text());
            return reply.accepted() ? 0 : Failure.NEGATIVE;
        }
    }

    private static int release(HomeOptions options, @Nullable Target given, boolean restart, String reason) {
        Target target = given == null ? new Target() : given;
        try (Operator operator = Operator.connect(Home.open(options.home()))) {
            Reply reply = operator.submit(target.command(false, reason));
            if (!reply.accepted()) {
                options.console().result(document(reply), () -> "refused: " + reply.text());
                return Failure.NEGATIVE;
            }
            List<String> killed = operator.picture().strategies().stream()
                    .filter(strategy -> strategy.state() == StrategyState.KILLED && target.covers(strategy.name()))
                    .map(Event.StrategyChanged::name)
                    .toList();
            Map<String, Reply> starts = new LinkedHashMap<>();
            if (restart) {
                killed.forEach(name ->
                        starts.put(name, operator.submit(new ControlStrategy(true, name, Operator.USER, reason))));
            }
            Released released = new Released(killed, starts, options.argument());
            Map<String, Object> document = document(reply);
            document.put("started", released.started());
            document.put("stillStopped", released.stillStopped());
            options.console().result(document, released::text);
            return restart && !released.stillStopped().isEmpty() ? Failure.NEGATIVE : 0;
        }
    }

    private static Map<String, Object> document(Reply reply) {
        return new LinkedHashMap<>(Map.of("ok", reply.accepted(), "sequence", reply.sequence(), "text", reply.text()));
    }

    /**
     * The state after a kill switch was released: the strategies that it had stopped, and which of them run again.
     *
     * @param killed strategies that were stopped by a kill switch of this scope
     * @param starts the answers of those that were to start again
     * @param home the option that names the home, with a space before it, or empty
     */
    record Released(List<String> killed, Map<String, Reply> starts, String home) {

        List<String> started() {
            return killed.stream().filter(this::isStarted).toList();
        }

        List<String> stillStopped() {
            return killed.stream().filter(name -> !isStarted(name)).toList();
        }

        private boolean isStarted(String name) {
            Reply answer = starts.get(name);
            return answer != null && answer.accepted();
        }

        String text() {
            StringBuilder text = new StringBuilder("kill switch released");
            started().forEach(name -> text.append("\n").append(name).append(": started"));
            starts.forEach((name, answer) -> {
                if (!answer.accepted()) {
                    text.append("\n").append(name).append(": not started: ").append(answer.text());
                }
            });
            if (!stillStopped().isEmpty()) {
                text.append("\nstill stopped, until you start it:");
                stillStopped()
                        .forEach(name -> text.append("\n  ./holdfast strategy start ")
                                .append(name)
                                .append(home));
            }
            if (starts.isEmpty() && stillStopped().size() > 1) {
                text.append("\nor all of them: ./holdfast kill off --restart --reason TEXT")
                        .append(home);
            }
            return text.toString();
        }
    }
}
