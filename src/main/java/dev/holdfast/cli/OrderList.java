package dev.holdfast.cli;

import dev.holdfast.protocol.Event;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "list",
        description = "Shows open orders, and those that ended since the last checkpoint.",
        mixinStandardHelpOptions = true)
final class OrderList implements Callable<Integer> {

    private static final List<String> HEADING =
            List.of("NUMBER", "WISHED", "BY", "SIDE", "FILLED", "INSTRUMENT", "PRICE", "STATE", "REASON");

    /** An order is one day's. */
    private static final DateTimeFormatter TIME_OF_DAY =
            DateTimeFormatter.ofPattern("HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Override
    public Integer call() {
        try (Operator operator = Operator.connect(Home.open(options.home()))) {
            Picture picture = operator.picture();
            List<Map<String, Object>> documents = picture.orders().stream()
                    .map(order -> document(order, picture))
                    .toList();
            options.console().result(Map.of("orders", documents), () -> text(picture));
        }
        return 0;
    }

    private static Map<String, Object> document(Event.OrderChanged order, Picture picture) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("orderNumber", order.orderNumber());
        document.put("origin", order.origin());
        document.put("instrument", picture.nameOf(order.instrument()));
        document.put("side", order.side());
        document.put("product", order.product());
        document.put("orderType", order.orderType());
        document.put("quantity", order.quantity());
        document.put("filledQuantity", order.filledQuantity());
        document.put("pricePaise", order.pricePaise());
        picture.termsSeen(order.orderNumber()).ifPresent(seen -> {
            document.put("shownType", seen.orderType());
            document.put("shownQuantity", seen.quantity());
            document.put("shownPricePaise", seen.pricePaise());
        });
        document.put("state", order.state());
        document.put("wishedMillis", order.wishedNanos() / 1_000_000);
        document.put("tag", order.tag());
        document.put("brokerOrderId", order.brokerOrderId());
        document.put("strategy", order.strategy());
        document.put("user", order.user());
        document.put("reason", order.reason());
        return document;
    }

    private static String text(Picture picture) {
        List<List<String>> rows = new ArrayList<>(List.of(HEADING));
        for (Event.OrderChanged order : picture.orders()) {
            rows.add(List.of(
                    Long.toString(order.orderNumber()),
                    time(order.wishedNanos()),
                    order.strategy().isEmpty() ? order.origin().name().toLowerCase(Locale.ROOT) : order.strategy(),
                    order.side().name(),
                    order.filledQuantity() + "/" + order.quantity(),
                    picture.nameOf(order.instrument()),
                    price(order, picture),
                    order.state().name(),
                    order.reason()));
        }
        return Console.table(rows);
    }

    /** The price that was asked for, followed by the price and type in the broker's book where they differ. */
    private static String price(Event.OrderChanged order, Picture picture) {
        String asked = order.pricePaise() == 0 ? "market" : Paise.text(order.pricePaise());
        return picture.termsSeen(order.orderNumber())
                .filter(seen -> seen.orderType() != order.orderType() || seen.pricePaise() != order.pricePaise())
                .map(seen -> asked + ", shown as " + seen.orderType() + " " + Paise.text(seen.pricePaise()))
                .orElse(asked);
    }

    private static String time(long nanos) {
        return TIME_OF_DAY.format(Instant.ofEpochSecond(0, nanos));
    }
}
