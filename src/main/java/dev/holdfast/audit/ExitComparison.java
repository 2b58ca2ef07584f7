package dev.holdfast.audit;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.types.Product;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether an exit ever opened a position. The ledger's order of trades and conversions says what the account had when a
 * strategy's order was filled; the log says how much of that order only closed what its strategy held.
 *
 * <p>Somebody else may close the same position while our order is on its way. That is a race and no fault of ours when the
 * other's trade came after our request had arrived, or so shortly before it that the log had not heard of it when the order
 * was sent. It is a fault when the log had booked the other's trade before, or could have known for {@link #UNHEARD_NANOS}.
 */
final class ExitComparison {

    /** So long a trade of others may stand in the broker's list before the log must have it. */
    static final long UNHEARD_NANOS = 5_000_000_000L;

    private static final String MANUAL = "manual";

    private final History history;
    private final Findings findings;
    private final LedgerStory ledger;
    private final Map<Place, Long> held = new HashMap<>();
    private final Map<Place, Other> lastByOthers = new HashMap<>();
    private final Map<String, Long> openedByOrder = new HashMap<>();
    private boolean never = true;

    private record Place(String symbol, Product product) {}

    /**
     * The latest act of others that changed a position: a trade or a conversion.
     *
     * @param tradeId empty for a conversion
     */
    private record Other(long number, long atNanos, String tradeId, String text) {}

    ExitComparison(LedgerStory ledger, History history, Findings findings) {
        this.ledger = ledger;
        this.history = history;
        this.findings = findings;
    }

    void compare() {
        for (Witness.Entry entry : ledger.entries) {
            switch (entry) {
                case Witness.DayBegan day -> begin(day);
                case Witness.Traded trade -> traded(trade);
                case Witness.Converted part -> converted(part);
                case Witness.PlaceRequested _,
                        Witness.Requested _,
                        Witness.ChangeRequested _,
                        Witness.Accepted _,
                        Witness.MadeUp _ -> {}
            }
        }
        findings.verdict("ExitsNeverOpen", never);
    }

    private void begin(Witness.DayBegan day) {
        held.clear();
        lastByOthers.clear();
        day.positions()
                .forEach(position ->
                        held.put(new Place(position.symbol(), position.product()), position.signedQuantity()));
    }

    private void converted(Witness.Converted part) {
        Place from = new Place(part.symbol(), part.from());
        held.merge(from, -part.signedQuantity(), Long::sum);
        held.merge(new Place(part.symbol(), part.to()), part.signedQuantity(), Long::sum);
        lastByOthers.put(
                from,
                new Other(
                        part.number(),
                        part.atNanos(),
                        "",
                        "a conversion of " + Math.abs(part.signedQuantity()) + " to " + part.to()));
    }

    private void traded(Witness.Traded trade) {
        Place place = new Place(trade.symbol(), trade.product());
        long before = held.getOrDefault(place, 0L);
        held.put(place, before + trade.signedQuantity());
        Witness.Accepted order = ledger.ordersById.get(trade.orderId());
        if (order == null || order.by() != Witness.Hand.OURS) {
            lastByOthers.put(
                    place,
                    new Other(
                            trade.number(),
                            trade.atNanos(),
                            trade.tradeId(),
                            "trade " + trade.tradeId() + " of " + ledger.text(trade.orderId())));
            return;
        }
        Event.OrderChanged intent = history.intentsByTag.get(order.tag());
        long opened = opened(before, trade.signedQuantity());
        if (intent != null && opened > 0 && !intent.strategy().equals(MANUAL)) {
            opened(trade, order, intent, opened, lastByOthers.get(place));
        }
    }

    /** How much of a trade did not close anything. */
    private static long opened(long before, long traded) {
        long closable = traded < 0 ? Math.max(0, before) : Math.max(0, -before);
        return Math.max(0, Math.abs(traded) - closable);
    }

    private void opened(
            Witness.Traded trade,
            Witness.Accepted order,
            Event.OrderChanged intent,
            long opened,
            @Nullable Other other) {
        long closing = history.closingQuantities.getOrDefault(intent.orderNumber(), 0L);
        long mayOpen = Math.abs(order.signedQuantity()) - Math.min(closing, Math.abs(order.signedQuantity()));
        long before = openedByOrder.merge(order.orderId(), opened, Long::sum) - opened;
        if (closing == 0 || before + opened <= mayOpen) {
            return;
        }
        String what = history.text(intent) + " of strategy " + intent.strategy() + " as " + order.text() + " opened "
                + opened + " by trade " + trade.tradeId();
        String excuse = other == null ? "" : excuse(order, other);
        if (other == null || excuse.isEmpty()) {
            never = false;
            findings.differ("an exit opened a position: " + what + (other == null ? "" : " after " + other.text()));
        } else {
            findings.race("race: " + what + "; " + other.text() + " " + excuse);
        }
    }

    /** Why we could not know what others had done when we sent the order; empty when we could. */
    private String excuse(Witness.Accepted order, Other other) {
        if (other.number() > order.request()) {
            return "came after our request had arrived";
        }
        EventHeader sent = history.sendsByTag.get(order.tag());
        Long booked = history.tradeSequences.get(other.tradeId());
        if (sent == null || (booked != null && booked < sent.sequence())) {
            return "";
        }
        long earlier = sent.logTimeNanos() - other.atNanos();
        return earlier > UNHEARD_NANOS
                ? ""
                : earlier < 0
                        ? "came between our send and its arrival"
                        : "came " + earlier / 1_000_000 + " ms before our send and the log had not heard of it";
    }
}
