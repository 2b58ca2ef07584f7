package dev.holdfast.broker.kite;

import dev.holdfast.broker.Broker.Rows;
import dev.holdfast.broker.BrokerFailure;
import dev.holdfast.broker.BrokerHolding;
import dev.holdfast.broker.BrokerOrder;
import dev.holdfast.broker.BrokerPosition;
import dev.holdfast.broker.BrokerTrade;
import dev.holdfast.broker.OddRow;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Kite's rows in our words. Unknown fields are ignored; a row that lacks a required field, or whose value is impossible, is
 * kept apart with what is wrong. Money passes from decimal text to paise exactly.
 */
final class KiteRows {

    private KiteRows() {}

    static Rows<BrokerOrder> orders(JsonNode data, String ownUserId) throws BrokerFailure {
        return rows(data, row -> order(row, ownUserId), KiteOddRows::order);
    }

    static Rows<BrokerTrade> trades(JsonNode data) throws BrokerFailure {
        return rows(data, KiteRows::trade, KiteOddRows::trade);
    }

    static Rows<BrokerPosition> positions(JsonNode data) throws BrokerFailure {
        return rows(data.path("net"), KiteRows::position, KiteOddRows::position);
    }

    static Rows<BrokerHolding> holdings(JsonNode data) throws BrokerFailure {
        return rows(data, KiteRows::holding, KiteOddRows::holding);
    }

    private static BrokerOrder order(JsonNode row, String ownUserId) {
        long quantity = quantity(row, "quantity");
        long filled = quantity(row, "filled_quantity");
        long pricePaise = exactPaise(row, "price");
        if (quantity <= 0 || filled < 0 || filled > quantity || pricePaise < 0) {
            throw new MalformedRow("filled " + filled + " of " + quantity + " at " + Paise.rupees(pricePaise));
        }
        String status = required(row, "status");
        String tag = KiteTags.of(row);
        return new BrokerOrder(
                required(row, "exchange"),
                required(row, "tradingsymbol"),
                side(row),
                product(row),
                orderType(required(row, "order_type")),
                quantity,
                pricePaise,
                filled,
                KiteStatus.state(status, row, quantity, filled),
                placedBy(row, tag, ownUserId),
                KiteDay.ofOrder(row),
                KiteDay.changedNanos(row),
                required(row, "order_id"),
                tag,
                status,
                Json.text(row, "status_message"));
    }

    private static BrokerTrade trade(JsonNode row) {
        LocalDateTime filled = Ist.parse(required(row, "fill_timestamp"));
        long quantity = quantity(row, "quantity");
        long pricePaise = exactPaise(row, "average_price");
        if (quantity <= 0 || pricePaise <= 0) {
            throw new MalformedRow("trade of " + quantity + " at " + pricePaise + " paise");
        }
        return new BrokerTrade(
                required(row, "exchange"),
                required(row, "tradingsymbol"),
                side(row),
                product(row),
                quantity,
                pricePaise,
                Ist.epochDay(filled.toLocalDate()),
                Ist.epochNanos(filled),
                required(row, "trade_id"),
                required(row, "order_id"));
    }

    private static BrokerPosition position(JsonNode row) {
        return new BrokerPosition(
                required(row, "exchange"),
                required(row, "tradingsymbol"),
                product(row),
                quantity(row, "quantity"),
                optional(row, "overnight_quantity"),
                roundedPaise(row, "average_price"));
    }

    /** What was there at the day's start: today's sales are trades and count there. */
    private static BrokerHolding holding(JsonNode row) {
        long opening = row.has("opening_quantity")
                ? quantity(row, "opening_quantity")
                : Math.addExact(
                        quantity(row, "quantity"), optional(row, "t1_quantity") + optional(row, "used_quantity"));
        return new BrokerHolding(
                required(row, "exchange"), required(row, "tradingsymbol"), opening, roundedPaise(row, "average_price"));
    }

    private static Origin placedBy(JsonNode row, String tag, String ownUserId) {
        if (KiteTags.isOurs(tag)) {
            return Origin.INTENT;
        }
        return ownUserId.isEmpty() || Json.text(row, "placed_by").equals(ownUserId) ? Origin.PERSON : Origin.BROKER;
    }

    private static <T> Rows<T> rows(
            JsonNode array, Function<JsonNode, T> parser, BiFunction<JsonNode, String, OddRow> odd)
            throws BrokerFailure {
        if (!array.isArray()) {
            throw new BrokerFailure(BrokerFailure.Kind.UNAVAILABLE, "the broker's answer is no list of rows");
        }
        List<T> rows = new ArrayList<>(array.size());
        List<OddRow> oddRows = new ArrayList<>();
        for (JsonNode row : array) {
            try {
                rows.add(parser.apply(row));
            } catch (MalformedRow | DateTimeException | ArithmeticException | IllegalArgumentException broken) {
                oddRows.add(odd.apply(row, String.valueOf(broken.getMessage())));
            }
        }
        return new Rows<>(rows, oddRows);
    }

    private static String required(JsonNode row, String field) {
        String text = Json.text(row, field);
        if (text.isEmpty()) {
            throw new MalformedRow("no " + field);
        }
        return text;
    }

    private static Side side(JsonNode row) {
        return oneOf(Side.class, row, "transaction_type");
    }

    private static Product product(JsonNode row) {
        return oneOf(Product.class, row, "product");
    }

    private static OrderType orderType(String text) {
        try {
            return OrderType.valueOf(text.replace('-', '_'));
        } catch (IllegalArgumentException unknown) {
            throw new MalformedRow("unknown order_type " + text);
        }
    }

    private static <E extends Enum<E>> E oneOf(Class<E> type, JsonNode row, String field) {
        String text = required(row, field);
        try {
            return Enum.valueOf(type, text);
        } catch (IllegalArgumentException unknown) {
            throw new MalformedRow("unknown " + field + " " + text);
        }
    }

    private static long quantity(JsonNode row, String field) {
        String text = required(row, field);
        try {
            return new BigDecimal(text).longValueExact();
        } catch (ArithmeticException | NumberFormatException impossible) {
            throw new MalformedRow(field + " " + text + " is no whole number");
        }
    }

    private static long optional(JsonNode row, String field) {
        return Json.text(row, field).isEmpty() ? 0 : quantity(row, field);
    }

    private static long exactPaise(JsonNode row, String field) {
        String text = required(row, field);
        try {
            return Paise.exact(text);
        } catch (ArithmeticException | NumberFormatException impossible) {
            throw new MalformedRow(field + " " + text + " is no whole number of paise");
        }
    }

    private static long roundedPaise(JsonNode row, String field) {
        String text = Json.text(row, field);
        return text.isEmpty()
                ? 0
                : new BigDecimal(text)
                        .movePointRight(2)
                        .setScale(0, RoundingMode.HALF_EVEN)
                        .longValueExact();
    }

    private static final class MalformedRow extends RuntimeException {
        MalformedRow(String message) {
            super(message, null, false, false);
        }
    }
}
