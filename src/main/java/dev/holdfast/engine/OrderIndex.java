package dev.holdfast.engine;

import dev.holdfast.protocol.Event.OrderChanged;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The orders of which something is true now, by number: a command need not look at all of them. It follows from the orders. */
final class OrderIndex {

    private final Predicate<OrderChanged> belongs;
    private final Map<Long, OrderEntry> entries = new TreeMap<>();
    private final Collection<OrderEntry> view = Collections.unmodifiableCollection(entries.values());

    OrderIndex(Predicate<OrderChanged> belongs) {
        this.belongs = belongs;
    }

    /** To be called after each change of an order, and with each order loaded. */
    void changed(OrderEntry entry) {
        if (belongs.test(entry.order)) {
            entries.put(entry.order.orderNumber(), entry);
        } else if (!entries.isEmpty()) {
            entries.remove(entry.order.orderNumber());
        }
    }

    void forget(OrderEntry entry) {
        entries.remove(entry.order.orderNumber());
    }

    void clear() {
        entries.clear();
    }

    /** In the order of their numbers. */
    Collection<OrderEntry> all() {
        return view;
    }
}
