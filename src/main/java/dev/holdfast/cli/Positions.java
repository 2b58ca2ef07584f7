package dev.holdfast.cli;

import dev.holdfast.protocol.Command.AssignPosition;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import dev.holdfast.types.Product;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "position",
        description = "Shows whose each position is, and says whose a part of one is.",
        mixinStandardHelpOptions = true)
final class Positions {

    @Command(
            description = "Shows each position of the account, the broker's own figure, and whose share is what.",
            mixinStandardHelpOptions = true)
    int list(@Mixin HomeOptions options) {
        try (Operator operator = Operator.connect(Home.open(options.home()))) {
            Picture picture = operator.picture();
            List<Map<String, Object>> documents = new ArrayList<>();
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("INSTRUMENT", "PRODUCT", "ACCOUNT", "BROKER", "SHARES", "UNASSIGNED"));
            picture.positions().forEach((key, position) -> {
                Map<String, Long> shares = new LinkedHashMap<>();
                picture.shares().getOrDefault(key, Map.of()).forEach((name, share) -> {
                    if (share.quantity() != 0 && !name.isEmpty()) {
                        shares.put(name, share.quantity());
                    }
                });
                Event.ProfitChanged nobodys =
                        picture.shares().getOrDefault(key, Map.of()).get("");
                long unassigned = nobodys == null ? 0 : nobodys.quantity();
                Event.BrokerPositionSeen seen = picture.brokerPositions().get(key);
                Map<String, Object> document = new LinkedHashMap<>();
                document.put("instrument", picture.nameOf(position.instrument()));
                document.put("product", position.product());
                document.put("quantity", position.quantity());
                document.put("brokerQuantity", seen == null ? null : seen.quantity());
                document.put("difference", seen == null ? null : seen.difference());
                document.put("shares", shares);
                document.put("unassigned", unassigned);
                documents.add(document);
                rows.add(List.of(
                        picture.nameOf(position.instrument()),
                        position.product().name(),
                        Long.toString(position.quantity()),
                        seen == null ? "-" : Long.toString(seen.quantity()),
                        shares.isEmpty() ? "-" : shares.toString(),
                        Long.toString(unassigned)));
            });
            options.console().result(Map.of("positions", documents), () -> Console.table(rows));
        }
        return 0;
    }

    @Command(
            description = {
                "Says whose a part of a position is: so much of what is unassigned becomes the strategy's.",
                "A negative quantity makes the strategy's share smaller, as when other hands sold of it."
            },
            mixinStandardHelpOptions = true)
    int assign(
            @Mixin HomeOptions options,
            @Parameters(paramLabel = "EXCHANGE:SYMBOL") String instrument,
            @Option(names = "--product", defaultValue = "MIS", description = "CNC or MIS (${DEFAULT-VALUE})")
                    Product product,
            @Option(names = "--strategy", required = true, description = "a strategy's name, or manual")
                    String strategy,
            @Option(names = "--quantity", required = true, description = "such as 40 or -40") long quantity,
            @Option(names = "--reason", required = true) String reason) {
        try (Operator operator = Operator.connect(Home.open(options.home()))) {
            int number = operator.picture()
                    .instrument(instrument)
                    .orElseThrow(() -> Failure.usage("there is no instrument '" + instrument + "'"))
                    .instrument();
            Reply reply =
                    operator.submit(new AssignPosition(number, product, quantity, strategy, Operator.USER, reason));
            options.console()
                    .result(
                            Map.of("ok", reply.accepted(), "sequence", reply.sequence(), "text", reply.text()),
                            () -> reply.accepted()
                                    ? quantity + " " + instrument + " " + product + " assigned to " + strategy
                                    : "refused: " + reply.text());
            return reply.accepted() ? 0 : Failure.NEGATIVE;
        }
    }
}
