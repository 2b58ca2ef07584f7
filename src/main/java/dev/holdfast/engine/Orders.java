package dev.holdfast.engine;

import dev.holdfast.protocol.Event.OrderChanged;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.Origin;
import java.util.ArrayList;
import java.util.Collection;
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

    /** A wish beyond this is refused. */
    static final int MAX_LIVE = 2_000;

    static final long RETIRE_NANOS = 60_000_000_000L;

    private static final String TAG_PREFIX = "HF";
    private static final int INCARNATION_DIGITS = 6;

    private final TreeMap<Long, OrderEntry> entries = new TreeMap<>();
    private final Map<String, Long> byBrokerId = new TreeMap<>();
    private final Map<String, Long> byTag = new TreeMap<>();
    private final Map<String, Long> byClientKey = new TreeMap<>();
    private final TreeSet<String> tradeKeys = new TreeSet<>();
    private long nextNumber = 1;
    private long nextSendNumber = 1;

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

    /** Whether this tag is of an order this engine numbered, also one long retired. */
    boolean wasIssued(String tag, long incarnation) {
        if (!isOurTag(tag)) {
            return false;
        }
        try {
            long number = Long.parseLong(tag.substring(TAG_PREFIX.length() + INCARNATION_DIGITS), 36);
            return number < nextNumber && tag.equals(tag(incarnation, number));
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

    /** The number this key was given on this day, 0 if none. */
    long numberOfClientKey(String clientKey) {
        return clientKey.isEmpty() ? 0 : byClientKey.getOrDefault(clientKey, 0L);
    }

    Collection<OrderEntry> all() {
        return entries.values();
    }

    List<OrderEntry> live() {
        List<OrderEntry> live = new ArrayList<>();
        for (OrderEntry entry : entries.values()) {
            if (!entry.order.state().isTerminal()) {
                live.add(entry);
            }
        }
        return live;
    }

    boolean knowsTrade(String key) {
        return tradeKeys.contains(key);
    }

    void bookTrade(String key) {
        tradeKeys.add(key);
    }

    void rememberClientKey(String clientKey, long number) {
        if (!clientKey.isEmpty()) {
            byClientKey.put(clientKey, number);
        }
    }

    void sendPublished() {
        nextSendNumber++;
    }

    void apply(OrderChanged order, long now) {
        OrderEntry entry = entries.get(order.orderNumber());
        if (entry == null) {
            entry = new OrderEntry(order, now);
            entries.put(order.orderNumber(), entry);
            nextNumber = Math.max(nextNumber, order.orderNumber() + 1);
        }
        if (entry.order.state() != order.state()) {
            entry.stateSinceNanos = now;
        }
        entry.order = order;
        index(order);
    }

    /** Of two orders with one tag or broker id the older is found, however the index came about. */
    private void index(OrderChanged order) {
        if (!order.tag().isEmpty()) {
            byTag.merge(order.tag(), order.orderNumber(), Math::min);
        }
        if (!order.brokerOrderId().isEmpty()) {
            byBrokerId.merge(order.brokerOrderId(), order.orderNumber(), Math::min);
        }
    }

    private void indexAnew() {
        byTag.clear();
        byBrokerId.clear();
        entries.values().forEach(entry -> index(entry.order));
    }

    /** Forgets own orders that ended cleanly a while ago. What is ABSENT or foreign is watched until the day's end. */
    void retire(long now) {
        boolean any = entries.values().removeIf(entry -> {
            OrderChanged order = entry.order;
            return order.origin() == Origin.INTENT
                    && order.state().isTerminal()
                    && order.state() != OrderState.ABSENT
                    && now - entry.stateSinceNanos > RETIRE_NANOS;
        });
        if (any) {
            indexAnew();
        }
    }

    /** A new day: only what is still open is kept, and yesterday's keys mean nothing any more. */
    void startDay() {
        entries.values().removeIf(entry -> entry.order.state().isTerminal());
        indexAnew();
        byClientKey.clear();
        tradeKeys.clear();
    }

    void save(StateWriter out) {
        out.number(nextNumber);
        out.number(nextSendNumber);
        out.number(entries.size());
        entries.values().forEach(entry -> entry.save(out));
        out.number(byClientKey.size());
        byClientKey.forEach((key, number) -> {
            out.text(key);
            out.number(number);
        });
        out.number(tradeKeys.size());
        tradeKeys.forEach(out::text);
    }

    void load(StateReader in) {
        nextNumber = in.number();
        nextSendNumber = in.number();
        for (int n = in.integer(); n > 0; n--) {
            OrderEntry entry = OrderEntry.load(in);
            entries.put(entry.order.orderNumber(), entry);
            index(entry.order);
        }
        for (int n = in.integer(); n > 0; n--) {
            byClientKey.put(in.text(), in.number());
        }
        for (int n = in.integer(); n > 0; n--) {
            tradeKeys.add(in.text());
        }
    }
}
