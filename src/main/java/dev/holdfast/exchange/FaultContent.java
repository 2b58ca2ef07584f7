package dev.holdfast.exchange;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of a fault: what it shows or does, where its kind alone does not say it.
 *
 * @param order parameters of an order, a modification or a conversion, as the broker's API takes them
 * @param otherSymbol the contract that was given a token
 * @param list orders, trades, positions or holdings
 * @param row values by field; null is a value too. Null when none were given
 * @param match a row of the list is changed when it has all these values; empty adds a row
 * @param without fields that the row lacks
 */
record FaultContent(
        Map<String, String> order,
        @Nullable String otherSymbol,
        BigDecimal percent,
        long shiftSeconds,
        @Nullable String list,
        @Nullable Map<String, Object> row,
        Map<String, String> match,
        List<String> without) {

    FaultContent {
        order = Map.copyOf(order);
        row = row == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(row));
        match = Map.copyOf(match);
        without = List.copyOf(without);
    }
}
