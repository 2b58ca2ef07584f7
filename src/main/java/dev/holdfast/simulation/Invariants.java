package dev.holdfast.simulation;

import dev.holdfast.broker.BrokerTrade;
import dev.holdfast.broker.OrderCall;
import dev.holdfast.broker.OrderSender;
import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.protocol.StrategyState;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The named invariants, checked as things happen: with each event, each request that begins, each that arrives. What can only be
 * judged when nothing is under way is judged at the day's end and at the world's. They bear the audit's names; the code is not
 * the audit's, which waits for ledger and recorder in real time and judges once.
 */
final class Invariants {

    /** Those of the design, a request that begins after its time, and members that all halt. */
    static final List<String> NAMES = List.of(
            "NoDuplicateOrder",
            "NoLostIntent",
            "NoPhantomOrder",
            "PositionsMatch",
            "ProjectionExact",
            "ReplicasAgree",
            "OneSender",
            "BudgetsHold",
            "NoLateSend",
            "MembersAlive",
            AccountInvariants.EXITS_NEVER_OPEN,
            AccountInvariants.STRANGERS_UNTOUCHED,
            AccountInvariants.EXITS_ACHIEVED,
            Continuity.TRADING_GOES_ON);

    private static final long SECOND_NANOS = 1_000_000_000L;

    /** The engine gives a request two seconds; clocks of two hosts differ by less than this while none was stepped. */
    private static final long NOT_AFTER_NANOS = 2 * SECOND_NANOS + 100_000_000L;

    private static final int IN_FLIGHT = 4;

    /** Two letters and six digits of the log's incarnation. */
    private static final int TAG_PREFIX_LENGTH = 8;

    private final Scheduler scheduler;
    private final int perSecond;
    private final int perMinute;
    private final AccountInvariants account;
    private final Continuity continuity;

    private final TreeMap<Long, Event.OrderChanged> orders = new TreeMap<>();
    private final Map<String, Long> ordersByBrokerId = new HashMap<>();
    private final Map<Long, Long> requestedNanos = new HashMap<>();
    private final Set<Long> placeRequests = new HashSet<>();
    private final Set<String> booked = new HashSet<>();
    private final Map<Position, Long> expected = new TreeMap<>();
    private final Map<Position, Event.PositionChanged> positions = new TreeMap<>();

    /** Signed quantity that today's conversions moved into each position, as far as the engine found them. */
    private final Map<Position, Long> converted = new TreeMap<>();

    private final Map<Integer, String> symbols = new HashMap<>();

    // These outlive a log that was lost.
    private final Map<String, Integer> arrivals = new HashMap<>();
    private final Set<String> committedTags = new HashSet<>();
    private final Map<String, Exchange.Order> byTag = new HashMap<>();
    private final ArrayDeque<Long> lastMinute = new ArrayDeque<>();

    private Event.GrantChanged sender = new Event.GrantChanged(GrantKind.SENDER, 0, 0, "", "");
    private long sequence;
    private long logNanos;
    private long recordedSequence;
    private long lastCleanBeganNanos;
    private int day;
    private DayPhase phase = DayPhase.NONE;
    private boolean inCheckpoint;
    private long handedOverNanos = Long.MIN_VALUE / 2;
    private long clocksSteppedNanos = Long.MIN_VALUE / 2;
    private long intents;
    private long held;
    private final Map<String, Integer> happened = new TreeMap<>();

    private record Position(int instrument, Product product) implements Comparable<Position> {
        @Override
        public int compareTo(Position other) {
            int byInstrument = Integer.compare(instrument, other.instrument);
            return byInstrument != 0 ? byInstrument : product.compareTo(other.product);
        }
    }

    Invariants(Scheduler scheduler, BrokerProfile profile) {
        this.scheduler = scheduler;
        this.account = new AccountInvariants(scheduler);
        this.continuity = new Continuity(scheduler, account);
        this.perSecond = profile == BrokerProfile.KITE ? 10 : 50;
        this.perMinute = profile == BrokerProfile.KITE ? 400 : 3_000;
    }

    long intents() {
        return intents;
    }

    long held() {
        return held;
    }

    /** How often orders came into each state, and other things that a world should have seen. */
    Map<String, Integer> happened() {
        return happened;
    }

    long logNanos() {
        return logNanos;
    }

    DayPhase phase() {
        return phase;
    }

    int day() {
        return day;
    }

    SortedMap<Long, Event.OrderChanged> orders() {
        return orders;
    }

    Event.GrantChanged sender() {
        return sender;
    }

    AccountInvariants account() {
        return account;
    }

    Continuity continuity() {
        return continuity;
    }

    /** The tag that an intent to come will have, if this one is of the present log. */
    String tagToCome(String tag, int ahead) {
        return tag.substring(0, TAG_PREFIX_LENGTH)
                + Long.toString(orders.lastKey() + ahead, 36).toUpperCase(Locale.ROOT);
    }

    /** Host clocks no longer agree, so only bounds on one clock hold for a while. */
    void clocksStepped() {
        clocksSteppedNanos = scheduler.nowNanos();
    }

    /** A new log begins; the exchange remembers. */
    void logLost() {
        orders.clear();
        ordersByBrokerId.clear();
        requestedNanos.clear();
        placeRequests.clear();
        booked.clear();
        expected.clear();
        positions.clear();
        converted.clear();
        symbols.clear();
        sender = new Event.GrantChanged(GrantKind.SENDER, 0, 0, "", "");
        sequence = 0;
        recordedSequence = 0;
        logNanos = 0;
        inCheckpoint = false;
        phase = DayPhase.NONE;
        lastCleanBeganNanos = 0;
        account.logLost();
        continuity.logLost();
    }

    private static Violation violated(String invariant, String difference) {
        return new Violation(invariant, difference);
    }

    // Events

    void onEvent(EventHeader header, Event event) {
        if (header.sequence() != sequence + 1 || header.logTimeNanos() < logNanos) {
            throw violated(
                    "ReplicasAgree",
                    "event " + header.sequence() + " at " + header.logTimeNanos() + " follows " + sequence + " at "
                            + logNanos);
        }
        sequence = header.sequence();
        logNanos = header.logTimeNanos();
        if (event instanceof Event.CheckpointStarted) {
            inCheckpoint = true;
        } else if (event instanceof Event.CheckpointEnded) {
            inCheckpoint = false;
        } else if (!inCheckpoint) {
            take(event);
        }
    }

    private void take(Event event) {
        switch (event) {
            case Event.OrderChanged e -> orderChanged(e);
            case Event.SendRequested e -> {
                requestedNanos.put(e.sendNumber(), scheduler.nowNanos());
                if (e.action() == SendAction.PLACE && !placeRequests.add(e.orderNumber())) {
                    throw violated("NoDuplicateOrder", "order " + e.orderNumber() + " was asked to be placed twice");
                }
            }
            case Event.TradeBooked e -> tradeBooked(e);
            case Event.PositionConverted e -> {
                converted.merge(new Position(e.instrument(), e.fromProduct()), -e.quantity(), Math::addExact);
                converted.merge(new Position(e.instrument(), e.toProduct()), e.quantity(), Math::addExact);
                expected.merge(new Position(e.instrument(), e.fromProduct()), -e.quantity(), Math::addExact);
                expected.merge(new Position(e.instrument(), e.toProduct()), e.quantity(), Math::addExact);
            }
            case Event.PositionChanged e -> positionChanged(e);
            case Event.GrantChanged e -> {
                if (e.kind() == GrantKind.SENDER) {
                    boolean moved = e.session() != 0 && e.session() != sender.session();
                    if (e.epoch() < sender.epoch() || (moved && e.epoch() == sender.epoch())) {
                        throw violated("OneSender", "the grant went from " + sender + " to " + e);
                    }
                    if (moved) {
                        handedOverNanos = scheduler.nowNanos();
                        happened.merge("right to send moved", 1, Integer::sum);
                    }
                    sender = e;
                }
            }
            case Event.DayChanged e -> {
                if (e.day() != day) {
                    converted.clear();
                }
                day = e.day();
                phase = e.phase();
            }
            case Event.ReadCompleted e -> {
                if (e.clean() && e.day() == day) {
                    lastCleanBeganNanos = Math.max(lastCleanBeganNanos, e.beganNanos());
                }
            }
            case Event.InstrumentDefined e -> symbols.put(e.instrument(), e.symbol());
            case Event.CommandQuarantined _ -> happened.merge("command quarantined", 1, Integer::sum);
            case Event.Alarm e -> {
                if (e.text().contains("appeared late")) {
                    happened.merge("order appeared late", 1, Integer::sum);
                }
            }
            case Event.StrategyChanged e -> {
                if (e.state() == StrategyState.FAILED) {
                    happened.merge("strategy failed", 1, Integer::sum);
                }
            }
            default -> {} // of no consequence here
        }
        account.onEvent(event, logNanos);
        continuity.onEvent(event);
    }

    private void orderChanged(Event.OrderChanged order) {
        Event.OrderChanged before = orders.put(order.orderNumber(), order);
        if (before == null
                && order.origin() == Origin.INTENT
                && order.brokerOrderId().isEmpty()) {
            if (order.state() == OrderState.COMMITTED) {
                intents++;
                committedTags.add(order.tag());
            }
        }
        if (before != null
                && ((before.state().isTerminal() && before.state() != order.state())
                        || order.filledQuantity() < before.filledQuantity())) {
            throw violated("NoLostIntent", "an order that ended, or was filled, went back: " + before + " to " + order);
        }
        if (!order.brokerOrderId().isEmpty()) {
            ordersByBrokerId.putIfAbsent(order.brokerOrderId(), order.orderNumber());
        }
        if (before == null || before.state() != order.state()) {
            happened.merge(order.state().name(), 1, Integer::sum);
            if (order.state() == OrderState.HELD) {
                held(order);
            }
            if (order.state() == OrderState.ABSENT && order.reason().startsWith("not in ")) {
                requireUnseen(order, true);
            }
        }
    }

    /** Held only where the exchange gave no evidence: no clean read that began when the order could be seen. */
    private void held(Event.OrderChanged order) {
        held++;
        if (order.previousState() == OrderState.UNCERTAIN
                || order.brokerOrderId().isEmpty()) {
            requireUnseen(order, false);
        }
    }

    private void requireUnseen(Event.OrderChanged order, boolean absent) {
        Exchange.Order there = byTag.get(order.tag());
        if (there != null
                && there.day == day
                && ((absent && there.odd) || there.visibleLogNanos < lastCleanBeganNanos)) {
            throw violated(
                    "NoLostIntent",
                    "order " + order.orderNumber() + (absent ? " is proved absent (" : " is held (") + order.reason()
                            + "), yet a clean read began while the book showed it as " + there.id);
        }
    }

    private void tradeBooked(Event.TradeBooked trade) {
        if (!booked.add(trade.tradeId())) {
            throw violated("PositionsMatch", "trade " + trade.tradeId() + " was booked twice");
        }
        expected.merge(
                new Position(trade.instrument(), trade.product()),
                trade.side() == Side.BUY ? trade.quantity() : -trade.quantity(),
                Math::addExact);
    }

    private void positionChanged(Event.PositionChanged position) {
        Position key = new Position(position.instrument(), position.product());
        Event.PositionChanged before = positions.put(key, position);
        boolean opens = before == null ? !expected.containsKey(key) : before.day() != position.day();
        if (opens) {
            expected.put(key, position.openingQuantity());
        }
        if (position.quantity() != expected.getOrDefault(key, 0L)) {
            throw violated(
                    "PositionsMatch",
                    "position " + key + " is " + position.quantity() + ", opening, trades and conversions make "
                            + expected.get(key));
        }
    }

    // Requests

    /** The last question before the write was answered with yes. */
    void sendBegins(OrderSender.Sending sending, long session) {
        Event.SendRequested request = sending.request();
        if (sender.session() != session || sender.epoch() != request.epoch()) {
            throw violated(
                    "OneSender",
                    "send " + request.sendNumber() + " of session " + session + " begins under epoch " + request.epoch()
                            + ", the grant is " + sender);
        }
        long now = scheduler.nowNanos();
        long age = now - requestedNanos.getOrDefault(request.sendNumber(), 0L);
        if (age > NOT_AFTER_NANOS && now - clocksSteppedNanos > 120 * SECOND_NANOS) {
            throw violated(
                    "NoLateSend",
                    "send " + request.sendNumber() + " begins " + age / 1_000_000 + " ms after it was asked for");
        }
        budget(now);
    }

    private void budget(long now) {
        while (!lastMinute.isEmpty() && lastMinute.getFirst() <= now - 60 * SECOND_NANOS) {
            lastMinute.removeFirst();
        }
        lastMinute.addLast(now);
        int second = 0;
        for (var newest = lastMinute.descendingIterator();
                newest.hasNext() && newest.next() > now - SECOND_NANOS;
                second++) {}
        // What the sender before had in flight at the hand-over was begun under its own count.
        boolean handedOver = now - handedOverNanos <= 60 * SECOND_NANOS;
        int more = handedOver ? IN_FLIGHT : 0;
        if (second > perSecond + more || lastMinute.size() > perMinute + more) {
            throw violated(
                    "BudgetsHold",
                    second + " requests began within a second, " + lastMinute.size() + " within a minute");
        }
    }

    /** A request to place an order reached the exchange. */
    void placeArrived(String tag) {
        if (arrivals.merge(tag, 1, Integer::sum) > 1) {
            throw violated("NoDuplicateOrder", "tag " + tag + " was POSTed twice");
        }
        if (!committedTags.contains(tag)) {
            throw violated("NoPhantomOrder", "tag " + tag + " was POSTed and no log has such an intent");
        }
    }

    void accepted(Exchange.Order order) {
        byTag.put(order.tag, order);
    }

    /** A request to modify or cancel an order, null for one that is not there, reached the exchange. */
    void touched(Exchange.@Nullable Order order, OrderCall call) {
        if (order != null) {
            account.touched(order, call, ordersByBrokerId.get(order.id));
        }
    }

    void converted(Exchange.Place from) {
        account.converted(from);
    }

    /** The database's rows are those of the events up to its position, so that must not go back unless the rows did. */
    void recorded(long databaseSequence, int doubleWrites) {
        if (doubleWrites > 0) {
            throw violated(
                    "ProjectionExact", "a recorder tried to write an event twice; only the table's key refused it");
        }
        if (databaseSequence < recordedSequence) {
            throw violated(
                    "ProjectionExact",
                    "a recorder moved the database from event " + recordedSequence + " back to " + databaseSequence);
        }
        recordedSequence = databaseSequence;
    }

    /** The database itself went back, rows and all. */
    void databaseWentBack(long databaseSequence) {
        recordedSequence = databaseSequence;
    }

    // When nothing is under way

    /** At the end of a day that was closed: each intent ended or is held, and nothing at the exchange is unknown here. */
    void requireSettled(Exchange exchange) {
        for (Event.OrderChanged order : orders.values()) {
            if (!order.state().isTerminal() && order.state() != OrderState.HELD) {
                throw violated("NoLostIntent", "the day is over and there is " + order);
            }
        }
        requirePositions(exchange);
        requireTradesBooked(exchange.ledgerToday());
        for (Exchange.Order order : exchange.ordersToday()) {
            boolean known = ordersByBrokerId.containsKey(order.id);
            boolean harmless = order.state != BrokerOrderState.LIVE && order.filled == 0;
            if (order.visible && !known && !harmless) {
                throw violated(
                        "NoLostIntent",
                        "the exchange has " + order.id + " tag '" + order.tag + "', the engine does not know it");
            }
        }
    }

    private void requireTradesBooked(List<BrokerTrade> trades) {
        for (BrokerTrade trade : trades) {
            if (!booked.contains(trade.tradeId())) {
                throw violated("NoLostIntent", "trade " + trade.tradeId() + " was never booked: " + trade);
            }
        }
    }

    private void requirePositions(Exchange exchange) {
        for (Event.PositionChanged position : positions.values()) {
            int symbol = Market.SYMBOLS.indexOf(symbols.get(position.instrument()));
            long there = exchange.tradedPosition(new Exchange.Place(symbol, position.product()));
            long known = converted.getOrDefault(new Position(position.instrument(), position.product()), 0L);
            if (position.quantity() - known != there) {
                throw violated(
                        "PositionsMatch",
                        "opening and the witness's trades make " + there + " of " + Market.SYMBOLS.get(symbol) + " "
                                + position.product() + ", the engine has " + position.quantity()
                                + ", of which conversions are " + known);
            }
        }
    }
}
