package dev.holdfast.broker;

import dev.holdfast.protocol.BookList;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.types.OrderState;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway keeps of the engine's state: instruments, its own grant, which orders are open, the trading day and market
 * time. Written by the thread that reads events, read by all. A checkpoint repeats the present state, so applying one again
 * changes nothing.
 */
final class GatewayModel {

    private final long session;
    private final Map<Integer, Listing> byNumber = new ConcurrentHashMap<>();
    private final Map<String, Listing> byKey = new ConcurrentHashMap<>();
    private final Set<Long> unsettled = new HashSet<>();
    private final Map<String, Event.OddRowSeen> oddRows = new ConcurrentHashMap<>();

    private volatile long sendEpoch;
    private volatile boolean senderElsewhere;
    private volatile int unsettledCount;
    private volatile int day;
    private volatile DayPhase phase = DayPhase.NONE;
    private volatile long marketTimeNanos;
    private volatile long lastTickNanos;
    private volatile boolean tickSeen;
    private volatile boolean caughtUp;
    private volatile long lastEventNanos;
    private volatile boolean eventSeen;
    private volatile long incarnation;
    private volatile @Nullable Heard heard;

    /** A pulse of the engine, and when it came. */
    private record Heard(Event.Pulse pulse, long monotonicNanos) {}

    GatewayModel(long session) {
        this.session = session;
    }

    /** Takes in what concerns the gateway; the other events are the recorder's and the screens'. */
    void apply(Event event, long monotonicNanos) {
        lastEventNanos = monotonicNanos;
        eventSeen = true;
        if (event instanceof Event.TickApplied tick) {
            marketTimeNanos = Math.max(marketTimeNanos, tick.marketTimeNanos());
            lastTickNanos = monotonicNanos;
            tickSeen = true;
        } else if (event instanceof Event.OrderChanged order) {
            track(order.orderNumber(), order.state());
        } else if (event instanceof Event.Pulse pulse) {
            marketTimeNanos = Math.max(marketTimeNanos, pulse.marketTimeNanos());
            heard = new Heard(pulse, monotonicNanos);
        } else if (event instanceof Event.GrantChanged grant && grant.kind() == GrantKind.SENDER) {
            sendEpoch = grant.session() == session ? grant.epoch() : 0;
            senderElsewhere = grant.session() != 0 && grant.session() != session;
        } else if (event instanceof Event.InstrumentDefined defined) {
            defined(new Listing(
                    defined.instrument(), defined.exchange(), defined.symbol(), defined.token(), defined.kind()));
        } else if (event instanceof Event.DayChanged changed) {
            day = changed.day();
            phase = changed.phase();
            oddRows.values().removeIf(row -> row.day() < changed.day());
        } else if (event instanceof Event.EngineConfigured configured) {
            incarnation = configured.incarnation();
        } else if (event instanceof Event.OddRowSeen row) {
            if (row.wrong().isEmpty()) {
                oddRows.remove(row.key());
            } else {
                oddRows.put(row.key(), row);
            }
        } else if (event instanceof Event.CheckpointEnded) {
            caughtUp = true;
        }
    }

    private void track(long orderNumber, OrderState state) {
        switch (state) {
            case SENDING, UNCERTAIN, WORKING, PARTLY_FILLED, HELD -> unsettled.add(orderNumber);
            case WISHED, REFUSED, COMMITTED, NOT_SENT, FILLED, CANCELLED, REJECTED, EXPIRED, ABSENT ->
                unsettled.remove(orderNumber);
        }
        unsettledCount = unsettled.size();
    }

    void defined(Listing listing) {
        byNumber.put(listing.number(), listing);
        byKey.put(listing.key(), listing);
    }

    /** Null when the engine has no such instrument. */
    @Nullable
    Listing listing(int number) {
        return byNumber.get(number);
    }

    @Nullable
    Listing listing(String exchange, String symbol) {
        return byKey.get(Listing.key(exchange, symbol));
    }

    Collection<Listing> listings() {
        return byNumber.values();
    }

    /** Whether the log shows this row of the broker's lists as one that is not understood. */
    boolean isOdd(String key, int ofDay) {
        Event.OddRowSeen row = oddRows.get(key);
        return row != null && row.day() == ofDay;
    }

    /** The keys and lists of the day's rows that are not understood. */
    Map<String, BookList> oddRows(int ofDay) {
        Map<String, BookList> keys = new TreeMap<>();
        oddRows.values().stream().filter(row -> row.day() == ofDay).forEach(row -> keys.put(row.key(), row.list()));
        return keys;
    }

    /** The epoch under which this session may send, as the event stream tells; 0 when another or nobody may. */
    long sendEpoch() {
        return sendEpoch;
    }

    /** Whether another session may send: then this one only stands by. */
    boolean senderElsewhere() {
        return senderElsewhere;
    }

    /** Whether the broker's book can hold something whose end we wait for. */
    boolean anythingUnsettled() {
        return unsettledCount > 0;
    }

    int day() {
        return day;
    }

    DayPhase phase() {
        return phase;
    }

    /** The newest market time in the log, 0 before the first tick. */
    long marketTimeNanos() {
        return marketTimeNanos;
    }

    /** Time since the last tick came through the log, -1 before the first. */
    long feedAgeMillis(long monotonicNanos) {
        return tickSeen ? Math.max(0, monotonicNanos - lastTickNanos) / 1_000_000 : -1;
    }

    /** The engine's statement about trading in its latest pulse; empty before the first. */
    Optional<Gateway.EngineWord> engineWord(long monotonicNanos) {
        Heard last = heard;
        return last == null
                ? Optional.empty()
                : Optional.of(new Gateway.EngineWord(
                        last.pulse.canTrade(),
                        last.pulse.reason(),
                        Math.max(0, monotonicNanos - last.monotonicNanos) / 1_000_000));
    }

    /** Time since the last event of the log, 0 before the first. */
    long silentNanos(long monotonicNanos) {
        return eventSeen ? monotonicNanos - lastEventNanos : 0;
    }

    /** Whether the state repeated at the start was read to its end. */
    boolean caughtUp() {
        return caughtUp;
    }

    /** Changes when the engine began anew, knowing nothing of what was reported to it before. */
    long incarnation() {
        return incarnation;
    }
}
