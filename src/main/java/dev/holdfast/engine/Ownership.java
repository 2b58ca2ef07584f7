package dev.holdfast.engine;

import dev.holdfast.protocol.AmendmentState;
import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Event.OrderChanged;
import dev.holdfast.protocol.Severity;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import java.util.Objects;

/**
 * Whose an order in the broker's book is. Ours is only what has the tag and the terms of an intent that was published for
 * sending and has no other order: anybody may write a tag of ours on an order. All else is foreign: taken in and shown, never
 * modified or cancelled by the engine itself (ADR 21).
 */
class Ownership {

    private final State state;

    Ownership(State state) {
        this.state = state;
    }

    /** An intent of ours that the row proves, or why none is. */
    record Finding(@org.jspecify.annotations.Nullable OrderEntry intent, String whyForeign) {}

    Finding find(Command.ReportOrder row) {
        if (row.tag().isEmpty()) {
            return foreign("it has no tag");
        }
        OrderEntry entry = state.orders.findByTag(row.tag());
        if (entry == null) {
            return foreign(
                    Orders.isOurTag(row.tag()) ? "no order of this tag waits for its fate" : "its tag is not ours");
        }
        String whyForeign = whyForeign(entry, row);
        return whyForeign.isEmpty() ? new Finding(entry, "") : foreign(whyForeign);
    }

    private static Finding foreign(String why) {
        return new Finding(null, why);
    }

    private String whyForeign(OrderEntry entry, Command.ReportOrder row) {
        OrderChanged order = entry.order;
        String ours = "order " + order.orderNumber() + " of this tag ";
        if (!order.brokerOrderId().isEmpty()) {
            return ours + "is " + order.brokerOrderId();
        }
        if (entry.lateNumber != 0) {
            return ours + "appeared as order " + entry.lateNumber + " already";
        }
        boolean mayHaveOrder = order.sends() > 0
                && switch (order.state()) {
                    case SENDING, UNCERTAIN, HELD, ABSENT, EXPIRED -> true;
                    case WISHED, REFUSED, COMMITTED, NOT_SENT, WORKING, PARTLY_FILLED, FILLED, CANCELLED, REJECTED ->
                        false;
                };
        if (!mayHaveOrder) {
            return ours + "is " + order.state() + ": it has no order at the broker";
        }
        if (order.day() != row.day()) {
            return ours + "is of another day";
        }
        if (!sameTerms(order, row)) {
            return ours + "is " + order.side() + " " + order.quantity() + " " + state.market.name(order.instrument())
                    + " " + order.product() + " " + order.orderType();
        }
        return "";
    }

    boolean sameTerms(OrderChanged order, Command.ReportOrder row) {
        return order.instrument() == row.instrument()
                && order.side() == row.side()
                && order.product() == row.product()
                && order.quantity() == row.quantity()
                && mayAppearAs(order.orderType(), row.orderType());
    }

    /** The broker turns a MARKET order into a LIMIT at a cap. */
    private static boolean mayAppearAs(OrderType placed, OrderType shown) {
        return shown == placed || (placed == OrderType.MARKET && shown == OrderType.LIMIT);
    }

    /** Takes in an order of an intent that had been given up before: a new order with the same tag, cancelled if it works. */
    Answer late(OrderEntry intent, Command.ReportOrder row, Decision decision) {
        boolean works = row.state() == BrokerOrderState.LIVE;
        long number = state.orders.nextNumber();
        decision.emit(adopted(row, number, Origin.INTENT, intent.order.strategy(), works));
        decision.emit(new Event.Alarm(
                Severity.CRITICAL,
                "order " + number,
                "order " + intent.order.orderNumber() + " was " + intent.order.state()
                        + "; it appeared late at the broker as "
                        + row.brokerOrderId() + " (tag " + row.tag() + "), adopted"
                        + (works ? " and being cancelled" : "")));
        decision.change(() -> intent.lateNumber = number);
        remember(number, row, decision);
        return Answer.ok(number);
    }

    /** Takes in an order of other hands. With a tag of ours it is worth a look: somebody may copy them. */
    Answer adopt(Command.ReportOrder row, String whyForeign, Decision decision) {
        long number = state.orders.nextNumber();
        Origin origin = row.placedBy() == Origin.INTENT ? Origin.PERSON : row.placedBy();
        decision.emit(adopted(row, number, origin, "", false));
        boolean ourTag = Orders.isOurTag(row.tag());
        String terms =
                row.side() + " " + row.quantity() + " " + state.market.name(row.instrument()) + " " + row.product();
        decision.emit(new Event.Alarm(
                ourTag ? Severity.WARNING : Severity.INFO,
                "order " + number,
                row.brokerOrderId() + " (" + terms + ") "
                        + (ourTag
                                ? "has our tag " + row.tag() + " but is not ours: " + whyForeign + "; it is left alone"
                                : "was placed by other hands (" + origin + ") and adopted")));
        remember(number, row, decision);
        return Answer.ok(number);
    }

    /**
     * The broker's answer names another order than the one that the book made us take for this intent: the answer is right, and
     * what we took is somebody's who copied tag and terms.
     */
    void mistaken(OrderEntry entry, String brokerOrderId, Decision decision) {
        OrderChanged order = entry.order;
        String taken = order.brokerOrderId();
        if (order.filledQuantity() > 0) {
            decision.emit(new Event.Alarm(
                    Severity.CRITICAL,
                    "order " + order.orderNumber(),
                    "the broker's answer names " + brokerOrderId + "; " + taken
                            + " of the same tag was taken for it and traded; look for both at the broker"));
            return;
        }
        Command.ReportOrder theirs = new Command.ReportOrder(
                0,
                0,
                order.day(),
                order.instrument(),
                order.side(),
                order.product(),
                order.orderType(),
                order.quantity(),
                order.pricePaise(),
                entry.brokerFilled,
                entry.brokerState,
                Origin.PERSON,
                state.now,
                taken,
                order.tag(),
                entry.brokerState.name(),
                "");
        decision.emit(new OrderDraft(order).brokerOrderId(brokerOrderId).build());
        decision.change(() -> {
            entry.brokerState = BrokerOrderState.LIVE;
            entry.brokerFilled = 0;
        });
        adopt(theirs, "order " + order.orderNumber() + " is " + brokerOrderId + " by the broker's answer", decision);
    }

    private OrderChanged adopted(
            Command.ReportOrder row, long number, Origin origin, String strategy, boolean cancelWanted) {
        OrderState start = OrderState.WORKING;
        OrderChanged order = new OrderChanged(
                number,
                origin,
                row.instrument(),
                row.side(),
                row.product(),
                row.orderType(),
                row.quantity(),
                row.pricePaise(),
                start,
                start,
                0,
                0,
                AmendmentState.NONE,
                0,
                0,
                cancelWanted,
                row.day(),
                state.now,
                0,
                0,
                row.tag(),
                row.brokerOrderId(),
                strategy,
                "",
                "found in the broker's book");
        OrderDraft draft = new OrderDraft(order);
        Evidence.settle(
                draft, row.state(), row.filledQuantity(), row.message().isEmpty() ? row.status() : row.message());
        return draft.build();
    }

    private void remember(long number, Command.ReportOrder row, Decision decision) {
        decision.change(() -> {
            OrderEntry entry = Objects.requireNonNull(state.orders.find(number));
            entry.brokerState = row.state();
            entry.brokerFilled = row.filledQuantity();
            entry.seenInBook = true;
        });
    }
}
