package dev.holdfast.engine;

import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Event.OrderChanged;
import dev.holdfast.protocol.RowDigest;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.types.OrderType;
import org.jspecify.annotations.Nullable;

/** An order and what only the engine needs to know of it. Changed only when a decision is applied. */
final class OrderEntry {

    OrderChanged order;

    /** Of the order's row as it is, kept because the next change takes it out of the table's digest. */
    long rowDigest;

    /** Log time of the last change of state. */
    long stateSinceNanos;

    /** The request published and not finally settled; 0 for none. */
    long sendNumber;

    SendAction sendAction = SendAction.PLACE;
    long sentNanos;

    /** When the gateway answered that request; 0 while it has not. */
    long sendAnsweredNanos;

    /** When the place or amendment last may have been written, if that is uncertain; proof of absence counts from here. */
    long uncertainSinceNanos;

    int cleanReads;
    int cancelAttempts;
    int modifications;

    /** What the broker's book last said, LIVE before it said anything. */
    BrokerOrderState brokerState = BrokerOrderState.LIVE;

    long brokerFilled;
    boolean seenInBook;

    /** When the broker was first known to have it, 0 for never. */
    long acceptedNanos;

    /**
     * The type, quantity and price that the broker's book shows of the order; null while they are the ones that were asked for.
     */
    Event.@Nullable OrderTermsSeen terms;

    /** How often the rest of it was priced anew, and when last. */
    int repriced;

    long repricedNanos;

    /** Whether it was wished to reduce its strategy's share. */
    boolean exit;

    /** The order that appeared late for this intent, 0 for none. */
    long lateNumber;

    OrderEntry(OrderChanged order, long now) {
        this.order = order;
        this.rowDigest = RowDigest.order(order);
        this.stateSinceNanos = now;
    }

    /** The type under which it works at the broker. */
    OrderType shownType() {
        Event.OrderTermsSeen seen = terms;
        return seen == null ? order.orderType() : seen.orderType();
    }

    void change(OrderChanged next) {
        order = next;
        rowDigest = RowDigest.order(next);
    }

    void save(StateWriter out) {
        out.event(order);
        out.number(stateSinceNanos);
        out.number(sendNumber);
        out.text(sendAction.name());
        out.number(sentNanos);
        out.number(sendAnsweredNanos);
        out.number(uncertainSinceNanos);
        out.number(cleanReads);
        out.number(cancelAttempts);
        out.number(modifications);
        out.text(brokerState.name());
        out.number(brokerFilled);
        out.flag(seenInBook);
        out.flag(exit);
        out.number(lateNumber);
        out.number(acceptedNanos);
        Event.OrderTermsSeen seen = terms;
        out.flag(seen != null);
        if (seen != null) {
            out.event(seen);
        }
        out.number(repriced);
        out.number(repricedNanos);
    }

    static OrderEntry load(StateReader in) {
        OrderEntry entry = new OrderEntry(in.event(OrderChanged.class), in.number());
        entry.sendNumber = in.number();
        entry.sendAction = SendAction.valueOf(in.text());
        entry.sentNanos = in.number();
        entry.sendAnsweredNanos = in.number();
        entry.uncertainSinceNanos = in.number();
        entry.cleanReads = in.integer();
        entry.cancelAttempts = in.integer();
        entry.modifications = in.integer();
        entry.brokerState = BrokerOrderState.valueOf(in.text());
        entry.brokerFilled = in.number();
        entry.seenInBook = in.flag();
        if (in.version() >= 4) {
            entry.exit = in.flag();
            entry.lateNumber = in.number();
            entry.acceptedNanos = in.number();
            if (in.flag()) {
                entry.terms = in.event(Event.OrderTermsSeen.class);
            }
            entry.repriced = in.integer();
            entry.repricedNanos = in.number();
        }
        return entry;
    }
}
