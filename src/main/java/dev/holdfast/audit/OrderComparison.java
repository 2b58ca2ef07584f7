package dev.holdfast.audit;

import dev.holdfast.protocol.Event;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether orders were doubled, invented or lost, and whether we left alone what is not ours. */
final class OrderComparison {

    private final History history;
    private final Findings findings;

    OrderComparison(History history, Findings findings) {
        this.history = history;
        this.findings = findings;
    }

    /**
     * One exchange order for an intent, and not even a second attempt to place it.
     *
     * @return how many intents have more
     */
    long duplicated(LedgerStory ledger) {
        Map<String, List<String>> byIntent = new TreeMap<>();
        ledger.oursByTag.forEach((tag, orders) -> {
            if (!tag.isEmpty() && orders.size() > 1) {
                reason(byIntent, tag)
                        .add(orders.size() + " orders at the exchange: "
                                + orders.stream().map(Witness.Accepted::text).collect(Collectors.joining("; ")));
            }
        });
        ledger.postsByTag.forEach((tag, posts) -> {
            if (!tag.isEmpty() && posts.size() > 1) {
                reason(byIntent, tag).add("POSTed " + posts.size() + " times");
            }
        });
        history.placeRequests.forEach((number, requests) -> {
            if (requests > 1) {
                reason(byIntent, tag(number)).add("asked to be placed " + requests + " times");
            }
        });
        byIntent.forEach(
                (tag, reasons) -> findings.differ("duplicated: " + intent(tag) + ": " + String.join("; ", reasons)));
        return byIntent.size();
    }

    private static List<String> reason(Map<String, List<String>> byIntent, String tag) {
        return byIntent.computeIfAbsent(tag, none -> new ArrayList<>());
    }

    private String tag(long orderNumber) {
        Event.OrderChanged order = history.orders.get(orderNumber);
        return order == null ? "order " + orderNumber : order.tag();
    }

    private String intent(String tag) {
        Event.OrderChanged order = history.intentsByTag.get(tag);
        return order == null ? "tag '" + tag + "'" : history.text(order);
    }

    /**
     * Orders of ours that only one of the two records has.
     *
     * @param before what the ledger had before the cut
     * @param newest what it has now
     */
    long phantom(LedgerStory before, LedgerStory newest) {
        long phantom = 0;
        for (List<Witness.Accepted> orders : before.oursByTag.values()) {
            for (Witness.Accepted order : orders) {
                if (!history.intentsByTag.containsKey(order.tag())) {
                    phantom++;
                    findings.differ(
                            "phantom: the exchange has " + order.text() + ", and the log has no intent with that tag");
                }
            }
        }
        for (Event.OrderChanged order : history.orders.values()) {
            String orderId = order.brokerOrderId();
            if (!orderId.isEmpty()
                    && !newest.ordersById.containsKey(orderId)
                    && !newest.madeUpOrders.contains(orderId)) {
                phantom++;
                findings.differ("phantom: " + history.text(order) + " is " + order.state() + " as " + orderId
                        + ", which the exchange never had");
            }
        }
        return phantom;
    }

    /** Orders that the exchange accepted and that ended here as if they had never been there, or are not known at all. */
    long lost(LedgerStory ledger) {
        Map<String, Event.OrderChanged> known = new HashMap<>();
        history.orders.values().forEach(order -> known.put(order.brokerOrderId(), order));
        long lost = 0;
        for (Witness.Accepted accepted : ledger.ordersById.values()) {
            Event.OrderChanged here = known.get(accepted.orderId());
            boolean ours = accepted.by() == Witness.Hand.OURS;
            Event.OrderChanged intent = ours ? history.intentsByTag.get(accepted.tag()) : null;
            String why = "";
            if (intent != null
                    && intent.state().isTerminal()
                    && !intent.brokerOrderId().equals(accepted.orderId())
                    && (here == null || here.origin() != Origin.INTENT)) {
                why = history.text(intent) + " is " + intent.state() + " here: " + intent.reason()
                        + (here == null ? "" : "; it was taken for " + here.origin() + "'s " + history.text(here));
            } else if (!ours && here == null && isOverdue(accepted)) {
                why = "it is unknown here";
            }
            if (!why.isEmpty()) {
                lost++;
                findings.differ("lost: the exchange has " + accepted.text() + ", and " + why);
            }
        }
        return lost;
    }

    private boolean isOverdue(Witness.Accepted accepted) {
        return history.knowsSymbol(accepted.symbol()) && history.lastNanos - accepted.atNanos() > Audit.HANGING_NANOS;
    }

    /** Intents that have not been sent, refused or given up. */
    long hanging() {
        long lost = 0;
        for (Event.OrderChanged order : history.orders.values()) {
            long age = history.lastNanos - Objects.requireNonNull(history.orderChangedNanos.get(order.orderNumber()));
            boolean unsent = order.state() == OrderState.COMMITTED || order.state() == OrderState.SENDING;
            if (unsent && age > Audit.HANGING_NANOS) {
                lost++;
                findings.differ("lost: " + history.text(order) + " has been " + order.state() + " for "
                        + age / 1_000_000 + " ms");
            }
        }
        return lost;
    }

    /** Orders of others are modified and cancelled only when a person asked for it here. */
    void strangersUntouched(LedgerStory ledger) {
        boolean untouched = true;
        for (Witness.ChangeRequested change : ledger.changes) {
            Witness.Accepted order = ledger.ordersById.get(change.orderId());
            if (change.by() == Witness.Hand.OURS
                    && order != null
                    && order.by() != Witness.Hand.OURS
                    && !askedByAPerson(change)) {
                untouched = false;
                findings.differ("we " + (change.cancel() ? "cancelled" : "modified") + " " + order.text()
                        + ", which is not ours and which nobody asked us to touch");
            }
        }
        findings.verdict("StrangersUntouched", untouched);
    }

    private boolean askedByAPerson(Witness.ChangeRequested change) {
        return history.orders.values().stream()
                .filter(order -> order.brokerOrderId().equals(change.orderId()) && order.origin() != Origin.INTENT)
                .anyMatch(order -> history.ordersChangedByPersons.contains(order.orderNumber()));
    }
}
