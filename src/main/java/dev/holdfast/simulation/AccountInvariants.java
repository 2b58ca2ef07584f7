package dev.holdfast.simulation;

import dev.holdfast.broker.BrokerTrade;
import dev.holdfast.broker.OrderCall;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.protocol.StrategyState;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Invariants of an account in which others act too: exits never open a position, a stranger's order is left alone, an exit
 * that was wanted is achieved or a person is told. The strategies of a world never go short, so that each of their sales is an
 * exit.
 */
final class AccountInvariants {

    static final String EXITS_NEVER_OPEN = "ExitsNeverOpen";
    static final String STRANGERS_UNTOUCHED = "StrangersUntouched";
    static final String EXITS_ACHIEVED = "ExitsAchieved";

    private static final Set<String> LONG_ONLY = Set.of("canary", "sma-cross");

    /** An exit that ended without effect is wished anew within this, or a person was told. */
    private static final long WISHED_ANEW_NANOS = 35_000_000_000L;

    /** A MARKET order whose rest stays in the book is cancelled or re-priced after 3 s, if a new price is a better one. */
    private static final long RESTING_NANOS = 12_000_000_000L;

    private final Scheduler scheduler;
    private final Map<Integer, Integer> symbols = new HashMap<>();
    private final Map<String, Event.StrategyChanged> strategies = new TreeMap<>();
    private final Map<ShareKey, Long> shares = new TreeMap<>();
    private final Map<Key, Long> positions = new HashMap<>();

    /**
     * The broker's figure minus the engine's, by position, as of the last clean read. A conversion away from a position makes
     * it smaller.
     */
    private final Map<Key, Long> differences = new HashMap<>();

    private final TreeMap<Long, Event.OrderChanged> live = new TreeMap<>();
    private final Map<Key, Long> openExits = new HashMap<>();
    private final Map<Long, Long> wishedNanos = new HashMap<>();
    private final Map<Long, Long> counted = new HashMap<>();
    private final Set<Long> leaving = new HashSet<>();
    private final Set<Key> changed = new HashSet<>();
    private final Map<String, Exit> exits = new HashMap<>();
    private final Map<String, Ended> endedExits = new TreeMap<>();
    private final Map<String, Long> alarmedNanos = new HashMap<>();
    private final Set<String> byHand = new HashSet<>();

    /** Ids of strangers' orders that bear a tag of ours. */
    private final Set<String> strangers = new HashSet<>();

    /** Others' trades and orders at the exchange that the engine does not know yet, by id. */
    private final Map<Exchange.Place, Set<String>> unknownActs = new HashMap<>();

    /** Trades at the exchange that are not booked yet. */
    private final Map<Exchange.Place, Set<String>> unbooked = new HashMap<>();

    /** When the engine last came to know of an act of others. */
    private final Map<Exchange.Place, Long> lastKnownNanos = new HashMap<>();

    /** No event came since the conversion, so its place in the log is not known yet. */
    private static final long NOT_LOGGED = Long.MAX_VALUE;

    /** Where a conversion took something away today, and the log time of the first event after it. */
    private final Map<Exchange.Place, Long> convertedLogNanos = new TreeMap<>();

    /** Positions whose conversion shows in the difference between the broker's figure and the engine's. */
    private final Set<Exchange.Place> seenConversions = new HashSet<>();

    private record Key(int instrument, Product product) {}

    private record ShareKey(String strategy, int instrument, Product product) implements Comparable<ShareKey> {
        @Override
        public int compareTo(ShareKey other) {
            int byStrategy = strategy.compareTo(other.strategy);
            int byInstrument = Integer.compare(instrument, other.instrument);
            return byStrategy != 0 ? byStrategy : byInstrument != 0 ? byInstrument : product.compareTo(other.product);
        }
    }

    /** The quantity that one strategy holds of one position. */
    record Share(String strategy, int symbol, Product product, long quantity) {}

    /** A sale that a strategy wished, since its request was published. */
    private record Exit(Exchange.Place place, long requestedNanos) {}

    /** A strategy's last sale ended and left something of it unsold. */
    private record Ended(Event.OrderChanged order, long atNanos) {}

    AccountInvariants(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** A new log begins: it knows of nothing that is under way. */
    void logLost() {
        symbols.clear();
        strategies.clear();
        shares.clear();
        positions.clear();
        differences.clear();
        live.clear();
        openExits.clear();
        counted.clear();
        leaving.clear();
        wishedNanos.clear();
        changed.clear();
        exits.clear();
        endedExits.clear();
        alarmedNanos.clear();
        byHand.clear();
        unknownActs.clear();
        unbooked.clear();
        convertedLogNanos.clear();
        seenConversions.clear();
        lastKnownNanos.clear();
    }

    /** Shares of strategies that hold something, in a fixed order. */
    List<Share> heldByStrategies() {
        List<Share> held = new ArrayList<>();
        shares.forEach((key, quantity) -> {
            Integer symbol = symbols.get(key.instrument);
            if (quantity > 0 && symbol != null && isLongOnly(key.strategy)) {
                held.add(new Share(key.strategy, symbol, key.product, quantity));
            }
        });
        return held;
    }

    private boolean isLongOnly(String strategy) {
        Event.StrategyChanged defined = strategies.get(strategy);
        return defined != null && LONG_ONLY.contains(defined.kind());
    }

    private boolean isExit(Event.OrderChanged order) {
        return order.side() == Side.SELL && order.origin() == Origin.INTENT && isLongOnly(order.strategy());
    }

    // Events

    void onEvent(Event event, long logNanos) {
        convertedLogNanos.replaceAll((_, at) -> at == NOT_LOGGED ? logNanos : at);
        switch (event) {
            case Event.InstrumentDefined e -> symbols.put(e.instrument(), Market.SYMBOLS.indexOf(e.symbol()));
            case Event.StrategyChanged e -> {
                strategies.put(e.name(), e);
                endedExits.remove(e.name()); // a person said otherwise
            }
            case Event.ProfitChanged e ->
                shares.put(new ShareKey(e.strategy(), e.instrument(), e.product()), e.quantity());
            case Event.PositionChanged e -> {
                Key key = new Key(e.instrument(), e.product());
                positions.put(key, e.quantity());
                changed.add(key);
            }
            case Event.BrokerPositionSeen e -> {
                Key key = new Key(e.instrument(), e.product());
                differences.put(key, e.difference());
                changed.add(key);
            }
            case Event.OrderChanged e -> orderChanged(e);
            case Event.DayChanged e -> {
                if (e.phase() == DayPhase.OPEN) {
                    leaving.addAll(live.keySet()); // no order outlives its day at the broker
                    counted.clear();
                    openExits.clear();
                    convertedLogNanos.clear();
                    seenConversions.clear();
                }
            }
            case Event.SendRequested e -> requested(e);
            case Event.TradeBooked e -> {
                Exchange.Place place = place(e.instrument(), e.product());
                unbooked.getOrDefault(place, new HashSet<>()).remove(e.tradeId());
                known(place, e.tradeId());
            }
            case Event.ReadCompleted e -> {
                if (e.clean()) {
                    conversionsSeen(e.beganNanos());
                }
            }
            case Event.Alarm e -> alarmedNanos.put(e.subject() + " " + e.text(), scheduler.nowNanos());
            case Event.OperatorActed e -> {
                if (e.action().equals("cancel order") || e.action().equals("modify order")) {
                    byHand.add(e.target());
                }
            }
            default -> {} // of no consequence here
        }
    }

    private Exchange.Place place(int instrument, Product product) {
        return new Exchange.Place(symbols.getOrDefault(instrument, -1), product);
    }

    private void orderChanged(Event.OrderChanged order) {
        Event.OrderChanged before =
                order.state().isTerminal() ? live.remove(order.orderNumber()) : live.put(order.orderNumber(), order);
        wishedNanos.putIfAbsent(order.orderNumber(), scheduler.nowNanos());
        if (order.origin() == Origin.INTENT && strangers.contains(order.brokerOrderId())) {
            throw new Violation(
                    STRANGERS_UNTOUCHED,
                    "a stranger's order " + order.brokerOrderId() + " with tag " + order.tag() + " is taken for ours: "
                            + order);
        }
        if (!order.brokerOrderId().isEmpty()) {
            known(place(order.instrument(), order.product()), order.brokerOrderId());
        }
        if (!isExit(order)) {
            endedExits.remove(order.strategy()); // it wants to hold again
            return;
        }
        Key key = new Key(order.instrument(), order.product());
        if (order.cancelWanted()) {
            leaving.add(order.orderNumber());
        }
        long more = open(order) - (before == null ? 0 : counted.getOrDefault(order.orderNumber(), 0L));
        counted.put(order.orderNumber(), open(order));
        if (more != 0) {
            openExits.merge(key, more, Math::addExact);
            changed.add(key);
        }
        if (order.state().isTerminal() && order.filledQuantity() < order.quantity()) {
            endedExits.put(order.strategy(), new Ended(order, scheduler.nowNanos()));
        } else {
            endedExits.remove(order.strategy());
        }
    }

    /** The quantity that an exit could still sell; 0 if it ended, or if its cancellation is under way. */
    private long open(Event.OrderChanged exit) {
        return exit.state().isTerminal() || leaving.contains(exit.orderNumber())
                ? 0
                : exit.quantity() - exit.filledQuantity();
    }

    private void requested(Event.SendRequested request) {
        Event.OrderChanged order = live.get(request.orderNumber());
        if (request.action() != SendAction.PLACE || order == null || !isExit(order)) {
            return;
        }
        exits.put(request.tag(), new Exit(place(request.instrument(), request.product()), scheduler.nowNanos()));
        long out = 0;
        for (Event.OrderChanged other : live.values()) {
            if (other.instrument() == order.instrument()
                    && other.product() == order.product()
                    && other.side() == Side.SELL
                    && other.state() != OrderState.COMMITTED
                    && other.orderNumber() != order.orderNumber()) {
                out += other.quantity() - other.filledQuantity();
            }
        }
        long sellable = sellable(new Key(order.instrument(), order.product()));
        if (request.quantity() + out > sellable) {
            throw new Violation(
                    EXITS_NEVER_OPEN,
                    "the exit " + order.orderNumber() + " of " + order.strategy() + " goes out to sell "
                            + request.quantity() + " while the account can sell " + sellable + " and sales of " + out
                            + " are out");
        }
    }

    /** The quantity that the account can sell, as the engine knows it. */
    private long sellable(Key key) {
        return Math.max(0, positions.getOrDefault(key, 0L) + Math.min(0, differences.getOrDefault(key, 0L)));
    }

    /** After each input to the log: at no event may open exits exceed what the engine knows the account to hold. */
    void inputApplied() {
        if (changed.isEmpty()) {
            return;
        }
        for (Key key : changed) {
            long open = openExits.getOrDefault(key, 0L);
            long sellable = sellable(key);
            if (open > sellable) {
                throw new Violation(
                        EXITS_NEVER_OPEN,
                        "exits of " + open + " are open in instrument " + key.instrument + " " + key.product
                                + ", the account can sell " + sellable);
            }
        }
        changed.clear();
    }

    // At the exchange

    /** @param after what the account then has */
    void filled(Exchange.Order order, BrokerTrade trade, long after) {
        Exchange.Place place = new Exchange.Place(order.symbol, order.product);
        unbooked.computeIfAbsent(place, _ -> new HashSet<>()).add(trade.tradeId());
        Exit exit = order.ours ? exits.get(order.tag) : null;
        if (exit == null) {
            if (order.side == Side.SELL) {
                acted(place, trade.tradeId());
            }
            return;
        }
        boolean othersActed = !unknownActs.getOrDefault(place, Set.of()).isEmpty()
                || (convertedLogNanos.containsKey(place) && !seenConversions.contains(place))
                || lastKnownNanos.getOrDefault(place, Long.MIN_VALUE) >= exit.requestedNanos;
        if (after < 0 && !othersActed) {
            throw new Violation(
                    EXITS_NEVER_OPEN,
                    "the exit " + order.id + " tag '" + order.tag + "' took the account to " + after
                            + ", and nobody else had sold since it was asked for");
        }
    }

    /** @param less where there is less of it now */
    void converted(Exchange.Place less) {
        convertedLogNanos.put(less, NOT_LOGGED);
        seenConversions.remove(less);
    }

    /** Somebody else's order bears a tag of ours. */
    void stranger(Exchange.Order order) {
        strangers.add(order.id);
    }

    /** Intents of which nobody knows yet whether the broker has them. */
    List<Event.OrderChanged> uncertain() {
        return live.values().stream()
                .filter(order -> order.state() == OrderState.UNCERTAIN)
                .toList();
    }

    /** Notes an order that the book does not show for longer than anybody waits. */
    void hidden(Exchange.Order order) {
        if (order.side == Side.SELL) {
            acted(new Exchange.Place(order.symbol, order.product), order.id);
        }
    }

    private void acted(Exchange.Place place, String id) {
        unknownActs.computeIfAbsent(place, _ -> new HashSet<>()).add(id);
    }

    private void known(Exchange.Place place, String id) {
        Set<String> unknown = unknownActs.get(place);
        if (unknown != null && unknown.remove(id)) {
            lastKnownNanos.put(place, scheduler.nowNanos());
        }
    }

    /** A clean read shows a conversion, unless a trade that is not booked yet makes up for it; then it hides what was seen before. */
    private void conversionsSeen(long beganLogNanos) {
        convertedLogNanos.forEach((place, atLogNanos) -> {
            boolean plain = unbooked.getOrDefault(place, Set.of()).isEmpty();
            if (atLogNanos < beganLogNanos && plain != seenConversions.contains(place)) {
                lastKnownNanos.put(place, scheduler.nowNanos());
                if (!(plain ? seenConversions.add(place) : seenConversions.remove(place))) {
                    throw new IllegalStateException("no change of " + place);
                }
            }
        });
    }

    /** A request to modify or cancel an order reached the exchange. */
    void touched(Exchange.Order order, OrderCall call, @Nullable Long orderNumber) {
        if (!order.ours && !byHand.contains("order " + orderNumber)) {
            throw new Violation(
                    STRANGERS_UNTOUCHED,
                    call.action() + " of " + order.id + " tag '" + order.tag + "' placed by others, known as order "
                            + orderNumber + ", and nobody asked for it");
        }
    }

    /**
     * Requires that a MARKET order of an undisturbed instrument that rests at its cap was re-priced, is to be cancelled, or was
     * alarmed.
     *
     * @param quietNanos how long nothing else has failed
     */
    void requireNothingRests(long quietNanos, IntPredicate undisturbed) {
        long now = scheduler.nowNanos();
        for (Event.OrderChanged order : live.values()) {
            boolean rests = order.origin() == Origin.INTENT
                    && order.orderType() == OrderType.MARKET
                    && order.state().isWorking()
                    && order.sends() == 1
                    && undisturbed.test(order.instrument())
                    && !order.cancelWanted();
            long since = wishedNanos.getOrDefault(order.orderNumber(), now);
            if (rests
                    && Math.min(now - since, quietNanos) > RESTING_NANOS
                    && !alarmed("", order.orderNumber(), since)) {
                throw new Violation(
                        EXITS_ACHIEVED,
                        "nothing was done for " + (now - since) / 1_000_000_000L + " s about what rests of " + order);
            }
        }
    }

    /**
     * The trading of a day is about to end.
     *
     * @param states of the strategies in words, with what each wants to hold
     */
    void requireExitsAchieved(Map<String, String> states) {
        endedExits.forEach((strategy, ended) -> {
            Event.StrategyChanged defined = strategies.get(strategy);
            Event.OrderChanged order = ended.order;
            long held = shares.getOrDefault(new ShareKey(strategy, order.instrument(), order.product()), 0L);
            boolean due = scheduler.nowNanos() - ended.atNanos > WISHED_ANEW_NANOS;
            boolean wanted = states.getOrDefault(strategy, "").contains("target=0");
            boolean runs = defined != null && defined.state() == StrategyState.RUNNING;
            if (due && wanted && runs && held > 0 && !alarmed(strategy, order.orderNumber(), ended.atNanos)) {
                throw new Violation(
                        EXITS_ACHIEVED,
                        "strategy " + strategy + " still holds " + held + " "
                                + (scheduler.nowNanos() - ended.atNanos) / 1_000_000_000L
                                + " s after its exit ended without effect, and no alarm says so: " + order);
            }
        });
    }

    private boolean alarmed(String strategy, long orderNumber, long sinceNanos) {
        return alarmedNanos.entrySet().stream()
                .anyMatch(alarm -> alarm.getValue() >= sinceNanos
                        && ((!strategy.isEmpty() && alarm.getKey().contains(strategy))
                                || alarm.getKey().contains("order " + orderNumber + " ")));
    }
}
