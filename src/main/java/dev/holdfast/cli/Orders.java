package dev.holdfast.cli;

import dev.holdfast.protocol.Command.CancelOrder;
import dev.holdfast.protocol.Command.ModifyOrder;
import dev.holdfast.protocol.Command.PlaceOrder;
import dev.holdfast.protocol.Command.ResolveOrder;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.Resolution;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "order",
        description = "Places, changes and shows orders.",
        mixinStandardHelpOptions = true,
        subcommands = {OrderList.class, OrderExplain.class})
final class Orders {

    @Command(description = "Places an order by hand.", mixinStandardHelpOptions = true)
    int place(
            @Mixin HomeOptions options,
            @Parameters(paramLabel = "SIDE", description = "buy or sell") Side side,
            @Parameters(paramLabel = "QUANTITY") long quantity,
            @Parameters(paramLabel = "INSTRUMENT", description = "such as NSE:INFY") String instrument,
            @Option(
                            names = "--limit",
                            paramLabel = "RUPEES",
                            defaultValue = "",
                            description = "a limit order at this price; a market order without")
                    String limit,
            @Option(
                            names = "--product",
                            defaultValue = "MIS",
                            description = "MIS (intraday) or CNC (delivery); default: ${DEFAULT-VALUE}")
                    Product product,
            @Option(
                            names = "--key",
                            paramLabel = "KEY",
                            defaultValue = "",
                            description = "repeating an order with the same key places nothing new")
                    String key,
            @Option(names = "--reason", defaultValue = "placed by hand") String reason) {
        Home home = Home.open(options.home());
        try (Operator operator = Operator.connect(home)) {
            Event.InstrumentDefined known = operator.picture()
                    .instrument(instrument)
                    .orElseThrow(() -> Failure.usage("'" + instrument
                            + "' is no instrument of this system; see 'instruments' in holdfast.yaml"));
            Reply reply = operator.submit(new PlaceOrder(
                    known.instrument(),
                    side,
                    product,
                    limit.isEmpty() ? OrderType.MARKET : OrderType.LIMIT,
                    quantity,
                    limit.isEmpty() ? 0 : Paise.parse(limit),
                    key.isEmpty() ? UUID.randomUUID().toString() : key,
                    Operator.USER,
                    reason));
            return answer(
                    options,
                    reply,
                    "order " + reply.value() + " accepted; './holdfast order list' shows what becomes of it");
        }
    }

    @Command(description = "Changes a working order.", mixinStandardHelpOptions = true)
    int modify(
            @Mixin HomeOptions options,
            @Parameters(paramLabel = "NUMBER") long number,
            @Option(names = "--quantity", required = true, description = "the new whole quantity") long quantity,
            @Option(names = "--limit", paramLabel = "RUPEES", required = true) String limit,
            @Option(names = "--reason", defaultValue = "changed by hand") String reason) {
        return change(options, new ModifyOrder(number, quantity, Paise.parse(limit), Operator.USER, reason), number);
    }

    @Command(description = "Cancels an order.", mixinStandardHelpOptions = true)
    int cancel(
            @Mixin HomeOptions options,
            @Parameters(paramLabel = "NUMBER") long number,
            @Option(names = "--reason", defaultValue = "cancelled by hand") String reason) {
        return change(options, new CancelOrder(number, Operator.USER, reason), number);
    }

    @Command(
            description = "Decides what became of a held order, after asking the broker.",
            mixinStandardHelpOptions = true)
    int resolve(
            @Mixin HomeOptions options,
            @Parameters(paramLabel = "NUMBER") long number,
            @Parameters(
                            paramLabel = "OUTCOME",
                            description = "absent (never reached the broker) or expired (its day is over)")
                    Resolution outcome,
            @Option(names = "--reason", required = true, description = "what the decision rests on") String reason) {
        return change(options, new ResolveOrder(number, outcome, Operator.USER, reason), number);
    }

    private static int change(HomeOptions options, dev.holdfast.protocol.Command command, long number) {
        try (Operator operator = Operator.connect(Home.open(options.home()))) {
            return answer(options, operator.submit(command), "order " + number + ": accepted");
        }
    }

    private static int answer(HomeOptions options, Reply reply, String done) {
        options.console()
                .result(
                        Map.of(
                                "ok",
                                reply.accepted(),
                                "orderNumber",
                                reply.value(),
                                "sequence",
                                reply.sequence(),
                                "text",
                                reply.text()),
                        () -> reply.accepted() ? done : "refused: " + reply.text());
        return reply.accepted() ? 0 : Failure.NEGATIVE;
    }
}
