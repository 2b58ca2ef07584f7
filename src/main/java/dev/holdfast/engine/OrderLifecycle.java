package dev.holdfast.engine;

import static dev.holdfast.types.OrderState.*;

import dev.holdfast.types.OrderState;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The one table of an order's life. What is not in it cannot happen. */
final class OrderLifecycle {

    private static final Map<OrderState, Set<OrderState>> NEXT = new EnumMap<>(OrderState.class);

    static {
        from(WISHED, REFUSED, COMMITTED);
        // A commit waits for grant and budget; too long, cancelled or the day over, and it ends unsent.
        from(COMMITTED, SENDING, NOT_SENT, CANCELLED, EXPIRED);
        // A trade is matched by the broker's id, and learning that id already makes it WORKING.
        from(SENDING, WORKING, CANCELLED, REJECTED, NOT_SENT, UNCERTAIN, HELD);
        // Only evidence leads out of uncertainty: the book, the sender's late answer, enough clean reads, the day's
        // end.
        from(UNCERTAIN, WORKING, CANCELLED, REJECTED, NOT_SENT, ABSENT, HELD);
        from(WORKING, PARTLY_FILLED, FILLED, CANCELLED, REJECTED, EXPIRED, HELD);
        from(PARTLY_FILLED, FILLED, CANCELLED, REJECTED, EXPIRED, HELD);
        // A held order may still turn up in the book, or a person decides.
        from(HELD, WORKING, PARTLY_FILLED, FILLED, CANCELLED, REJECTED, EXPIRED, ABSENT);
        for (OrderState state : OrderState.values()) {
            NEXT.computeIfAbsent(state, terminal -> EnumSet.noneOf(OrderState.class));
        }
    }

    private OrderLifecycle() {}

    private static void from(OrderState state, OrderState... next) {
        Set<OrderState> set = EnumSet.noneOf(OrderState.class);
        set.addAll(java.util.List.of(next));
        NEXT.put(state, set);
    }

    static Set<OrderState> next(OrderState state) {
        return java.util.Objects.requireNonNull(NEXT.get(state));
    }

    /** Staying is no transition and always allowed. */
    static void require(OrderState from, OrderState to, long orderNumber, String cause) {
        if (from != to && !next(from).contains(to)) {
            throw new IllegalStateException("order " + orderNumber + " cannot go from " + from + " to " + to + " ("
                    + cause + "); from " + from + " it may go to " + next(from));
        }
    }

    /** The table as a Mermaid state diagram; {@code docs/order-lifecycle.md} holds it and a test compares. */
    static String diagram() {
        StringBuilder diagram = new StringBuilder("stateDiagram-v2\n    [*] --> WISHED\n");
        for (OrderState state : OrderState.values()) {
            for (OrderState next : next(state)) {
                diagram.append("    ")
                        .append(state)
                        .append(" --> ")
                        .append(next)
                        .append('\n');
            }
            if (state.isTerminal()) {
                diagram.append("    ").append(state).append(" --> [*]\n");
            }
        }
        return diagram.toString();
    }
}
