package dev.holdfast.broker;

import dev.holdfast.types.Product;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What this session has reported of one trading day's book, so that only changes are reported again. Used by one thread. */
final class ReportedRows {

    private int day = -1;
    private final Map<String, BrokerOrder> orders = new HashMap<>();
    private final Set<BrokerTrade.Key> trades = new HashSet<>();
    private final Map<Position, Long> positions = new LinkedHashMap<>(); // reported in this order
    private final Map<String, Integer> readsOfAnotherDay = new HashMap<>();

    record Position(int instrument, Product product) {}

    /** The broker forgets yesterday, and so does this. */
    void beginDay(int newDay) {
        if (newDay != day) {
            clear();
            day = newDay;
        }
    }

    void forgetPositions() {
        positions.clear();
    }

    void clear() {
        orders.clear();
        trades.clear();
        positions.clear();
        readsOfAnotherDay.clear();
    }

    /** How many reads have shown this row of another day, this one included. */
    int readsOfAnotherDay(String key) {
        return readsOfAnotherDay.merge(key, 1, Integer::sum);
    }

    boolean isNew(BrokerOrder order) {
        return !order.equals(orders.get(order.brokerOrderId()));
    }

    boolean isNew(BrokerTrade trade) {
        return !trades.contains(trade.key());
    }

    boolean isNew(Position position, long quantity) {
        return !Long.valueOf(quantity).equals(positions.get(position));
    }

    void reported(BrokerOrder order) {
        orders.put(order.brokerOrderId(), order);
    }

    void reported(BrokerTrade trade) {
        trades.add(trade.key());
    }

    void reported(Position position, long quantity) {
        positions.put(position, quantity);
    }

    /** Positions reported before, to notice a row that is no longer there. */
    Set<Position> positions() {
        return new LinkedHashSet<>(positions.keySet());
    }

    /**
     * Whether today's lists still show all that they showed before. A list that lost rows is an old or partial one and proves
     * nothing.
     */
    boolean coveredBy(List<BrokerOrder> orderRows, List<BrokerTrade> tradeRows, OddReport odd) {
        Set<String> orderIds = new HashSet<>();
        orderRows.forEach(row -> orderIds.add(row.brokerOrderId()));
        Set<BrokerTrade.Key> tradeKeys = new HashSet<>();
        tradeRows.forEach(row -> tradeKeys.add(row.key()));
        return orders.keySet().stream().allMatch(id -> orderIds.contains(id) || odd.hasOrder(id))
                && trades.stream().allMatch(key -> tradeKeys.contains(key) || odd.hasTrade(key));
    }
}
