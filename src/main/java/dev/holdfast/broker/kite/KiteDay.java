package dev.holdfast.broker.kite;

import dev.holdfast.broker.BrokerOrder;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Which trading day an order belongs to. An after-market order keeps the time at which it was asked for, the evening before; the
 * exchange's time tells its day, and before the exchange has it only the list does.
 */
final class KiteDay {

    private KiteDay() {}

    static int ofOrder(JsonNode row) {
        Optional<LocalDateTime> exchange = time(row, "exchange_timestamp");
        Optional<LocalDateTime> asked = time(row, "order_timestamp");
        if (Json.text(row, "variety").equals("amo") && exchange.isEmpty()) {
            return BrokerOrder.OF_ITS_LIST;
        }
        return Ist.epochDay(exchange.or(() -> asked)
                .orElseThrow(() -> new DateTimeException("neither order_timestamp nor exchange_timestamp is a time"))
                .toLocalDate());
    }

    /** When the broker last changed the row; 0 when it does not tell. */
    static long changedNanos(JsonNode row) {
        return time(row, "exchange_update_timestamp")
                .or(() -> time(row, "order_timestamp"))
                .or(() -> time(row, "exchange_timestamp"))
                .map(Ist::epochNanos)
                .orElse(0L);
    }

    private static Optional<LocalDateTime> time(JsonNode row, String field) {
        try {
            return Optional.of(Ist.parse(Json.text(row, field)));
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }
}
