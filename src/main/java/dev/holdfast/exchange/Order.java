package dev.holdfast.exchange;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One order of today's book. Changes only by applying ledger lines; guarded by the floor's lock. */
final class Order {

    final LedgerEntry.Accepted accepted;
    final long acceptedAtNanos;
    private final List<Step> history = new ArrayList<>();

    LedgerEntry.Validity validity;
    long quantity;

    /** The worst price it may trade at. The broker makes a LIMIT order of a MARKET order, so it has no other. */
    long pricePaise;

    long filled;
    long filledValuePaise;
    long cancelled;
    int modifications;
    OrderStatus status = OrderStatus.PUT_ORDER_REQ_RECEIVED;

    @Nullable
    String message;

    long updatedMarketNanos;

    /** The row as it was rendered last; null after a change. A terminal order is rendered once. */
    byte @Nullable [] rendered;

    /** One state the order passed through; quantities as they were then. */
    record Step(
            OrderStatus status,
            long marketNanos,
            LedgerEntry.Validity validity,
            long quantity,
            long pricePaise,
            long filled,
            long filledValuePaise,
            long cancelled,
            @Nullable String message) {}

    Order(LedgerEntry.Accepted accepted, long atNanos, long marketNanos) {
        this.accepted = accepted;
        this.acceptedAtNanos = atNanos;
        this.validity = accepted.validity();
        this.quantity = accepted.quantity();
        this.pricePaise = accepted.limitPaise();
        pass(OrderStatus.PUT_ORDER_REQ_RECEIVED, marketNanos);
        pass(OrderStatus.VALIDATION_PENDING, marketNanos);
        pass(OrderStatus.OPEN_PENDING, marketNanos);
        pass(OrderStatus.OPEN, marketNanos);
    }

    String id() {
        return accepted.orderId();
    }

    long pending() {
        return status.isTerminal() ? 0 : quantity - filled;
    }

    boolean isOpen() {
        return !status.isTerminal();
    }

    List<Step> history() {
        return history;
    }

    void amend(LedgerEntry.Amended amended, long marketNanos) {
        validity = amended.validity();
        quantity = amended.quantity();
        pricePaise = amended.limitPaise();
        modifications++;
        pass(OrderStatus.MODIFY_VALIDATION_PENDING, marketNanos);
        pass(OrderStatus.MODIFY_PENDING, marketNanos);
        pass(OrderStatus.MODIFIED, marketNanos);
        pass(filled == quantity ? OrderStatus.COMPLETE : OrderStatus.OPEN, marketNanos);
    }

    void fill(LedgerEntry.Trade trade, long marketNanos) {
        filled += trade.quantity();
        filledValuePaise += Math.multiplyExact(trade.quantity(), trade.pricePaise());
        pass(filled == quantity ? OrderStatus.COMPLETE : OrderStatus.OPEN, marketNanos);
    }

    void end(LedgerEntry.Ended ended, long marketNanos) {
        if (ended.status() == OrderStatus.CANCELLED) {
            pass(OrderStatus.CANCEL_PENDING, marketNanos);
        }
        if (ended.status() == OrderStatus.REJECTED) {
            // It never rested in the book: only the two steps before the exchange remain.
            history.removeIf(step -> step.status == OrderStatus.OPEN || step.status == OrderStatus.OPEN_PENDING);
        } else {
            cancelled = quantity - filled;
        }
        message = ended.message().isEmpty() ? null : ended.message();
        pass(ended.status(), marketNanos);
    }

    private void pass(OrderStatus next, long marketNanos) {
        status = next;
        updatedMarketNanos = marketNanos;
        rendered = null;
        history.add(new Step(
                next, marketNanos, validity, quantity, pricePaise, filled, filledValuePaise, cancelled, message));
    }
}
