package dev.holdfast.simulation;

import dev.holdfast.broker.Broker;
import dev.holdfast.broker.OddRow;
import dev.holdfast.protocol.BookList;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Rows of the broker's lists that nobody understands, each for a while: one more beside the others, or one of them. */
final class OddRows {

    private final Map<BookList, List<OddRow>> rows = new EnumMap<>(BookList.class);

    /** Adds a row that is no order of ours. */
    Runnable more(BookList list, String identity, String symbol) {
        return show(new OddRow(
                list,
                OddRow.key(list, identity),
                "NSE",
                symbol,
                list == BookList.ORDERS ? identity : "",
                "",
                false,
                "product 'CO' is not known",
                "a row of a product that nobody knows"));
    }

    /**
     * The row of an order is not understood any more.
     *
     * @param tag empty when that is what is broken about it
     */
    Runnable order(Exchange.Order order, String tag) {
        return show(new OddRow(
                BookList.ORDERS,
                OddRow.key(BookList.ORDERS, order.id),
                "NSE",
                Market.SYMBOLS.get(order.symbol),
                order.id,
                tag,
                tag.isEmpty(),
                "price 100.1234 is no multiple of a paisa",
                "a row with four decimals"));
    }

    /** @return what ends it */
    private Runnable show(OddRow row) {
        rows.computeIfAbsent(row.list(), _ -> new ArrayList<>()).add(row);
        return () -> rows.getOrDefault(row.list(), new ArrayList<>()).remove(row);
    }

    /**
     * One list as a gateway reads it: rows that are odd at present stand beside the ones that are understood, and not among
     * them.
     */
    <T> Broker.Rows<T> beside(BookList list, List<T> all, Function<T, String> identity) {
        List<OddRow> odd = rows.getOrDefault(list, List.of());
        if (odd.isEmpty()) {
            return new Broker.Rows<>(all);
        }
        List<T> understood = new ArrayList<>(all);
        understood.removeIf(row ->
                odd.stream().anyMatch(one -> one.key().equals(OddRow.key(list, identity.apply(row)))));
        return new Broker.Rows<>(understood, odd);
    }
}
