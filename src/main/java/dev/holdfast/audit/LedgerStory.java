package dev.holdfast.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One reading of the exchange's ledger, found by order, tag and trade. */
final class LedgerStory {

    final List<Witness.Entry> entries;
    final Map<String, Witness.Accepted> ordersById = new LinkedHashMap<>();

    /** Orders that our application placed; a stranger's order may carry any tag and is not here. */
    final Map<String, List<Witness.Accepted>> oursByTag = new LinkedHashMap<>();

    final Map<String, List<Witness.PlaceRequested>> postsByTag = new LinkedHashMap<>();
    final Map<String, Witness.Traded> trades = new LinkedHashMap<>();
    final List<Witness.ChangeRequested> changes = new ArrayList<>();
    final Set<String> madeUpOrders = new HashSet<>();

    /** When the request with this number arrived, of those that place orders. */
    final Map<Long, Long> postedNanos = new HashMap<>();

    LedgerStory(List<Witness.Entry> entries) {
        this.entries = List.copyOf(entries);
        entries.forEach(this::fold);
    }

    private void fold(Witness.Entry entry) {
        switch (entry) {
            case Witness.PlaceRequested post -> {
                postsByTag
                        .computeIfAbsent(post.tag(), none -> new ArrayList<>())
                        .add(post);
                postedNanos.put(post.number(), post.atNanos());
            }
            case Witness.Accepted order -> {
                ordersById.put(order.orderId(), order);
                if (order.by() == Witness.Hand.OURS) {
                    oursByTag
                            .computeIfAbsent(order.tag(), none -> new ArrayList<>())
                            .add(order);
                }
            }
            case Witness.Traded trade -> trades.put(trade.tradeId(), trade);
            case Witness.ChangeRequested change -> changes.add(change);
            case Witness.MadeUp row -> madeUpOrders.add(row.orderId());
            case Witness.Requested _, Witness.Converted _, Witness.DayBegan _ -> {}
        }
    }

    /** An order as a difference names it. */
    String text(String orderId) {
        Witness.Accepted order = ordersById.get(orderId);
        return order == null ? orderId : order.text();
    }
}
