package dev.holdfast.broker.kite;

import dev.holdfast.broker.Broker.Rows;
import dev.holdfast.broker.BrokerHolding;
import dev.holdfast.broker.BrokerOrder;
import dev.holdfast.broker.BrokerPosition;
import dev.holdfast.broker.BrokerTrade;
import dev.holdfast.protocol.BrokerOrderState;
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
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Kite's rows in our words. Unknown fields are ignored; a row that lacks a required field, or whose value is impossible, is
 * left out and counted. Money passes from decimal text to paise exactly.
 */
final class KiteRows {

    private KiteRows() {}

    static Rows<BrokerOrder> orders(JsonNode data, String ownUserId) {
        return rows(data, row -> order(row, ownUserId));
    }

    static Rows<BrokerTrade> trades(JsonNode data) {
        return rows(data, KiteRows::trade);
    }

    static Rows<BrokerPosition> positions(JsonNode data) {
        return rows(data.path("net"), KiteRows::position);
    }

    static Rows<BrokerHolding> holdings(JsonNode data) {
        return rows(data, KiteRows::holding);
    }

    private static BrokerOrder order(JsonNode row, String ownUserId) {
        LocalDateTime placed = time(row, "order_timestamp");
        String updated = Json.text(row, "exchange_update_timestamp");
        long quantity = quantity(row, "quantity");
        long filled = quantity(row, "filled_quantity");
        if (quantity <= 0 || filled < 0 || filled > quantity) {
            throw new MalformedRow("filled " + filled + " of " + quantity);
        }
        String status = required(row, "status");
        return new BrokerOrder(
                required(row, "exchange"),
                required(row, "tradingsymbol"),
                side(row),
                product(row),
                orderType(required(row, "order_type")),
                quantity,
                exactPaise(row, "price"),
                filled,
                state(status),
                placedBy(row, ownUserId),
                Ist.epochDay(placed.toLocalDate()),
                Ist.epochNanos(updated.isEmpty() ? placed : Ist.parse(updated)),
                required(row, "order_id"),
                Json.text(row, "tag"),
                status,
                Json.text(row, "status_message"));
    }

    private static BrokerTrade trade(JsonNode row) {
        LocalDateTime filled = time(row, "fill_timestamp");
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

    /** The set of statuses is open: an unknown one means the order is live. */
    static BrokerOrderState state(String status) {
        return switch (status) {
            case "COMPLETE" -> BrokerOrderState.COMPLETE;
            case "CANCELLED", "LAPSED" -> BrokerOrderState.CANCELLED;
            case "REJECTED" -> BrokerOrderState.REJECTED;
            default -> BrokerOrderState.LIVE;
        };
    }

    private static Origin placedBy(JsonNode row, String ownUserId) {
        if (!Json.text(row, "tag").isEmpty()) {
            return Origin.INTENT;
        }
        return ownUserId.isEmpty() || Json.text(row, "placed_by").equals(ownUserId) ? Origin.PERSON : Origin.BROKER;
    }

    private static <T> Rows<T> rows(JsonNode array, Function<JsonNode, T> parser) {
        if (!array.isArray()) {
            return new Rows<>(List.of(), 1);
        }
        List<T> rows = new ArrayList<>(array.size());
        int malformed = 0;
        for (JsonNode row : array) {
            try {
                rows.add(parser.apply(row));
            } catch (MalformedRow | DateTimeException | ArithmeticException | IllegalArgumentException broken) {
                malformed++;
            }
        }
        return new Rows<>(rows, malformed);
    }

    private static String required(JsonNode row, String field) {
        String text = Json.text(row, field);
        if (text.isEmpty()) {
            throw new MalformedRow("no " + field);
        }
        return text;
    }

    private static LocalDateTime time(JsonNode row, String field) {
        return Ist.parse(required(row, field));
    }

    private static Side side(JsonNode row) {
        return Side.valueOf(required(row, "transaction_type"));
    }

    private static Product product(JsonNode row) {
        return Product.valueOf(required(row, "product"));
    }

    private static OrderType orderType(String text) {
        return OrderType.valueOf(text.replace('-', '_'));
    }

    private static long quantity(JsonNode row, String field) {
        return new BigDecimal(required(row, field)).longValueExact();
    }

    private static long optional(JsonNode row, String field) {
        return Json.text(row, field).isEmpty() ? 0 : quantity(row, field);
    }

    private static long exactPaise(JsonNode row, String field) {
        return Paise.exact(required(row, field));
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
