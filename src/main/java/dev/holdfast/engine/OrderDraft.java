package dev.holdfast.engine;

import dev.holdfast.protocol.AmendmentState;
import dev.holdfast.protocol.Event.OrderChanged;
import dev.holdfast.types.OrderState;

/** The next version of an order, from the present one. */
final class OrderDraft {

    private final OrderChanged from;
    private OrderState state;
    private long quantity;
    private long pricePaise;
    private long filledQuantity;
    private long filledValuePaise;
    private AmendmentState amendment;
    private long pendingQuantity;
    private long pendingPricePaise;
    private boolean cancelWanted;
    private long epoch;
    private int sends;
    private String brokerOrderId;
    private String reason;

    OrderDraft(OrderChanged from) {
        this.from = from;
        this.state = from.state();
        this.quantity = from.quantity();
        this.pricePaise = from.pricePaise();
        this.filledQuantity = from.filledQuantity();
        this.filledValuePaise = from.filledValuePaise();
        this.amendment = from.amendment();
        this.pendingQuantity = from.pendingQuantity();
        this.pendingPricePaise = from.pendingPricePaise();
        this.cancelWanted = from.cancelWanted();
        this.epoch = from.epoch();
        this.sends = from.sends();
        this.brokerOrderId = from.brokerOrderId();
        this.reason = from.reason();
    }

    OrderDraft to(OrderState next, String why) {
        OrderLifecycle.require(state, next, from.orderNumber(), why);
        state = next;
        reason = why;
        if (next.isTerminal()) {
            amendment = AmendmentState.NONE;
            cancelWanted = false;
        }
        return this;
    }

    OrderDraft fill(long fillQuantity, long fillPricePaise) {
        filledQuantity = Math.addExact(filledQuantity, fillQuantity);
        filledValuePaise = Math.addExact(filledValuePaise, Math.multiplyExact(fillQuantity, fillPricePaise));
        return this;
    }

    OrderDraft terms(long newQuantity, long newPricePaise) {
        quantity = newQuantity;
        pricePaise = newPricePaise;
        return this;
    }

    OrderDraft amending(AmendmentState newAmendment, long newPendingQuantity, long newPendingPricePaise) {
        amendment = newAmendment;
        pendingQuantity = newPendingQuantity;
        pendingPricePaise = newPendingPricePaise;
        return this;
    }

    OrderDraft amended(String why) {
        reason = why;
        return amending(AmendmentState.NONE, 0, 0);
    }

    OrderDraft cancelWanted(boolean wanted, String why) {
        cancelWanted = wanted;
        reason = why;
        return this;
    }

    OrderDraft sentUnder(long newEpoch) {
        epoch = newEpoch;
        sends++;
        return this;
    }

    OrderDraft brokerOrderId(String id) {
        if (!id.isEmpty()) {
            brokerOrderId = id;
        }
        return this;
    }

    OrderState state() {
        return state;
    }

    long filledQuantity() {
        return filledQuantity;
    }

    long quantity() {
        return quantity;
    }

    OrderChanged build() {
        return new OrderChanged(
                from.orderNumber(),
                from.origin(),
                from.instrument(),
                from.side(),
                from.product(),
                from.orderType(),
                quantity,
                pricePaise,
                state,
                from.state(),
                filledQuantity,
                filledValuePaise,
                amendment,
                pendingQuantity,
                pendingPricePaise,
                cancelWanted,
                from.day(),
                from.wishedNanos(),
                epoch,
                sends,
                from.tag(),
                brokerOrderId,
                from.strategy(),
                from.user(),
                reason);
    }
}
