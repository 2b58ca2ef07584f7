package dev.holdfast.engine;

import dev.holdfast.protocol.AmendmentState;
import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Event.OrderChanged;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Every order that still matters: the open ones, and until the day's end those whose late evidence must be recognised.
 * Own orders that ended cleanly retire after a minute; their trades stay known by key.
 */
final class Orders {

    static final long RETIRE_NANOS = 60_000_000_000L;

    /** Of more orders that ended cleanly the oldest retire at once: refused wishes must not fill the memory. */
    static final int MAX_ENDED = 10_000;

    private static final String TAG_PREFIX = "HF";
    private static final int INCARNATION_DIGITS = 6;

    private final TreeMap<Long, OrderEntry> entries = new TreeMap<>();
    private final OrderIndex live = new OrderIndex(order -> !order.state().isTerminal());
    private final OrderIndex committed = new OrderIndex(order -> order.state() == OrderState.COMMITTED);
    private final OrderIndex uncertain = new OrderIndex(order -> order.state() == OrderState.UNCERTAIN);
    private final OrderIndex sending =
            new OrderIndex(order -> order.state() == OrderState.SENDING || order.amendment() == AmendmentState.SENDING);
    private final OrderIndex workingMarket = new OrderIndex(order ->
            order.state().isWorking() && order.orderType() == OrderType.MARKET && order.origin() == Origin.INTENT);
    private final OrderIndex cancelWanted = new OrderIndex(OrderChanged::cancelWanted);
    private final List<OrderIndex> indexes = List.of(live, committed, uncertain, sending, workingMarket, cancelWanted);
    private final TreeMap<String, OrderIndex> liveByStrategy = new TreeMap<>();
    private final TreeMap<Long, OrderEntry> exits = new TreeMap<>();
    private final TreeSet<Ended> ended = new TreeSet<>();
    private final OpenInterest openInterest = new OpenInterest();

    // Only ever asked for one key, so that their order is of no consequence.
    private final Map<String, Long> byBrokerId = new LinkedHashMap<>();
    private final Map<String, Long> byTag = new LinkedHashMap<>();

    /** Tags and broker ids that more than one order had. */
    private final TreeSet<String> shared = new TreeSet<>();

    private final ClientKeys clientKeys = new ClientKeys();
    private final TreeSet<String> tradeKeys = new TreeSet<>();

    /** Broker ids of today's own orders that ended and retired: their rows are known. */
    private final TreeSet<String> retired = new TreeSet<>();

    /** Orders below this number may have retired under a snapshot layout that did not keep their broker ids. */
    private long retiredKnownFrom;

    private long nextNumber = 1;
    private long nextSendNumber = 1;

    /** An own order that ended cleanly, the one that ended first first. */
    private record Ended(long sinceNanos, long number) implements Comparable<Ended> {
        @Override
        public int compareTo(Ended other) {
            int byTime = Long.compare(sinceNanos, other.sinceNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** Our tag: the prefix, six digits of incarnation and the number, base 36. At most 20 letters and digits. */
    static String tag(long incarnation, long number) {
        String digits = Long.toString(incarnation, 36).toUpperCase(java.util.Locale.ROOT);
        return TAG_PREFIX
                + "0".repeat(INCARNATION_DIGITS - digits.length())
                + digits
                + Long.toString(number, 36).toUpperCase(java.util.Locale.ROOT);
    }

    static boolean isOurTag(String tag) {
        return tag.startsWith(TAG_PREFIX) && tag.length() > TAG_PREFIX.length() + INCARNATION_DIGITS;
    }

    /** Whether the broker's order is an own one of today that ended and retired. */
    boolean retired(String brokerOrderId) {
        return retired.contains(brokerOrderId);
    }

    /**
     * Whether the row may be of an own order that retired before the broker ids of such orders were kept, as an older layout of
     * the snapshot did not. Only until the day's end.
     */
    boolean mayHaveRetired(Command.ReportOrder row, long incarnation) {
        String tag = row.tag();
        if (retiredKnownFrom == 0 || row.state() == BrokerOrderState.LIVE || !isOurTag(tag) || byTag.containsKey(tag)) {
            return false;
        }
        try {
            long number = Long.parseLong(tag.substring(TAG_PREFIX.length() + INCARNATION_DIGITS), 36);
            return number < retiredKnownFrom && tag.equals(tag(incarnation, number));
        } catch (NumberFormatException foreign) {
            return false;
        }
    }

    long nextNumber() {
        return nextNumber;
    }

    long nextSendNumber() {
        return nextSendNumber;
    }

    @Nullable
    OrderEntry find(long number) {
        return entries.get(number);
    }

    @Nullable
    OrderEntry findByBrokerId(String brokerOrderId) {
        Long number = brokerOrderId.isEmpty() ? null : byBrokerId.get(brokerOrderId);
        return number == null ? null : entries.get(number);
    }

    @Nullable
    OrderEntry findByTag(String tag) {
        Long number = tag.isEmpty() ? null : byTag.get(tag);
        return number == null ? null : entries.get(number);
    }

    /** Keys of the orders that people placed on this day. */
    ClientKeys clientKeys() {
        return clientKeys;
    }

    /** What has not ended. This and the next ones change with the orders, so a loop over them must not apply anything. */
    Collection<OrderEntry> live() {
        return live.all();
    }

    Collection<OrderEntry> committed() {
        return committed.all();
    }

    Collection<OrderEntry> uncertain() {
        return uncertain.all();
    }

    /** Those of which a place, modify or cancel is out. */
    Collection<OrderEntry> sending() {
        return sending.all();
    }

    /** Our MARKET orders that work at the broker. */
    Collection<OrderEntry> workingMarket() {
        return workingMarket.all();
    }

    Collection<OrderEntry> cancelWanted() {
        return cancelWanted.all();
    }

    /** One strategy's orders that have not ended. People's orders are not kept here. */
    Collection<OrderEntry> liveOf(String strategy) {
        OrderIndex index = liveByStrategy.get(strategy);
        return index == null ? List.of() : index.all();
    }

    /** Strategies' exits that have not ended. */
    Collection<OrderEntry> exitsNewestFirst() {
        return exits.descendingMap().values();
    }

    /** What the open orders of one kind could still fill. */
    long openQuantity(int instrument, Product product, Side side) {
        return openInterest.quantity(instrument, product, side, live());
    }

    /** All open quantities at their prices or the last ones, whichever are higher. */
    long openValuePaise(Market market) {
        return openInterest.valuePaise(market, live());
    }

    boolean knowsTrade(String key) {
        return tradeKeys.contains(key);
    }

    void bookTrade(String key) {
        tradeKeys.add(key);
    }

    void sendPublished() {
        nextSendNumber++;
    }

    /** @param exit whether the order, if it is new, reduces its strategy's share */
    OrderEntry apply(OrderChanged order, boolean exit, long now) {
        OrderEntry entry = entries.get(order.orderNumber());
        if (entry == null) {
            entry = new OrderEntry(order, now);
            entry.exit = exit;
            entries.put(order.orderNumber(), entry);
            nextNumber = Math.max(nextNumber, order.orderNumber() + 1);
            index(entry, null);
            return entry;
        }
        OrderChanged before = entry.order;
        if (before.state() != order.state()) {
            ended.remove(ended(entry));
            entry.stateSinceNanos = now;
        }
        entry.change(order);
        index(entry, before);
        return entry;
    }

    void apply(Event.OrderTermsSeen terms) {
        java.util.Objects.requireNonNull(entries.get(terms.orderNumber())).terms = terms;
    }

    private void index(OrderEntry entry, @Nullable OrderChanged before) {
        OrderChanged order = entry.order;
        for (OrderIndex index : indexes) {
            index.changed(entry);
        }
        if (Strategies.isStrategy(order.strategy())) {
            liveByStrategy
                    .computeIfAbsent(
                            order.strategy(),
                            _ -> new OrderIndex(own -> !own.state().isTerminal()))
                    .changed(entry);
        }
        if (entry.exit && !order.state().isTerminal()) {
            exits.put(order.orderNumber(), entry);
        } else if (!exits.isEmpty()) {
            exits.remove(order.orderNumber());
        }
        openInterest.changed(before, order);
        if (endedCleanly(order)) {
            ended.add(ended(entry));
        }
        boolean anew = replaceKey(byTag, before == null ? "" : ownTag(before), ownTag(order), order.orderNumber());
        anew |= replaceKey(
                byBrokerId, before == null ? "" : before.brokerOrderId(), order.brokerOrderId(), order.orderNumber());
        if (anew) {
            indexAnew();
        }
    }

    /** A foreign order is never found by its tag, also not by one that copies ours. */
    private static String ownTag(OrderChanged order) {
        return order.origin() == Origin.INTENT ? order.tag() : "";
    }

    private static Ended ended(OrderEntry entry) {
        return new Ended(entry.stateSinceNanos, entry.order.orderNumber());
    }

    /**
     * Whether an order needs no more watching. Foreign orders, and orders that were sent and never seen at the broker, are
     * watched until the day's end.
     */
    private static boolean endedCleanly(OrderChanged order) {
        boolean unseen = order.brokerOrderId().isEmpty()
                && (order.state() == OrderState.ABSENT || (order.state() == OrderState.EXPIRED && order.sends() > 0));
        return order.origin() == Origin.INTENT && order.state().isTerminal() && !unseen;
    }

    /**
     * Of two orders with one tag or broker id the older is found, however the index came about.
     *
     * @return whether another order is to be found by the old key now, so that all must be indexed anew
     */
    private boolean replaceKey(Map<String, Long> byKey, String before, String key, long number) {
        if (key.equals(before)) {
            return false;
        }
        byKey.remove(before, number);
        Long known = key.isEmpty() ? null : byKey.putIfAbsent(key, number);
        if (known != null && known != number) {
            shared.add(key);
            byKey.put(key, Math.min(known, number));
        }
        return shared.contains(before);
    }

    private void indexAnew() {
        byTag.clear();
        byBrokerId.clear();
        shared.clear();
        ended.clear();
        openInterest.clear();
        indexes.forEach(OrderIndex::clear);
        liveByStrategy.clear();
        exits.clear();
        entries.values().forEach(entry -> index(entry, null));
    }

    /** Forgets own orders that ended cleanly a while ago. */
    void retire(long now) {
        boolean othersShareAKey = false;
        while (!ended.isEmpty() && (ended.size() > MAX_ENDED || now - ended.first().sinceNanos > RETIRE_NANOS)) {
            OrderEntry entry = java.util.Objects.requireNonNull(entries.remove(ended.pollFirst().number));
            OrderChanged order = entry.order;
            indexes.forEach(index -> index.forget(entry));
            byTag.remove(order.tag(), order.orderNumber());
            byBrokerId.remove(order.brokerOrderId(), order.orderNumber());
            if (!order.brokerOrderId().isEmpty()) {
                retired.add(order.brokerOrderId());
            }
            othersShareAKey |= shared.contains(order.tag()) || shared.contains(order.brokerOrderId());
        }
        if (othersShareAKey) {
            indexAnew();
        }
    }

    /** A new day: only what is still open is kept. */
    void startDay() {
        entries.values().removeIf(entry -> entry.order.state().isTerminal());
        indexAnew();
        clientKeys.clear();
        tradeKeys.clear();
        retired.clear();
        retiredKnownFrom = 0;
    }

    void save(StateWriter out) {
        out.number(nextNumber);
        out.number(nextSendNumber);
        out.number(entries.size());
        entries.values().forEach(entry -> entry.save(out));
        clientKeys.save(out);
        out.number(tradeKeys.size());
        tradeKeys.forEach(out::text);
        out.number(retired.size());
        retired.forEach(out::text);
        out.number(retiredKnownFrom);
    }

    void load(StateReader in) {
        nextNumber = in.number();
        nextSendNumber = in.number();
        for (int n = in.integer(); n > 0; n--) {
            OrderEntry entry = OrderEntry.load(in);
            entries.put(entry.order.orderNumber(), entry);
            index(entry, null);
        }
        clientKeys.load(in);
        for (int n = in.integer(); n > 0; n--) {
            tradeKeys.add(in.text());
        }
        if (in.version() < 4) {
            retiredKnownFrom = nextNumber;
            return;
        }
        for (int n = in.integer(); n > 0; n--) {
            retired.add(in.text());
        }
        retiredKnownFrom = in.number();
    }
}
