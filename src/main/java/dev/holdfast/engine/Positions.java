package dev.holdfast.engine;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Event.PositionChanged;
import dev.holdfast.protocol.Event.ProfitChanged;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The account's positions and whose they are: each strategy's share, people's, and what is nobody's (unassigned). The shares add
 * up to the account. Both change from trades, by average cost, from conversions and by a person's word.
 */
final class Positions {

    record Key(int instrument, Product product) implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparingInt(Key::instrument).thenComparing(Key::product);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    record ShareKey(String strategy, int instrument, Product product) implements Comparable<ShareKey> {
        private static final Comparator<ShareKey> ORDER = Comparator.comparing(ShareKey::strategy)
                .thenComparingInt(ShareKey::instrument)
                .thenComparing(ShareKey::product);

        @Override
        public int compareTo(ShareKey other) {
            return ORDER.compare(this, other);
        }
    }

    /** Quantity, cost (signed as the quantity) and what a trade realised. */
    record Holding(long quantity, long costPaise, long realisedPaise) {

        /**
         * This holding after a trade. What closes takes its share of the cost, rounded towards zero; the rest of a paisa
         * stays with what remains, so nothing is lost over a round trip.
         */
        Holding trade(Side side, long tradeQuantity, long pricePaise) {
            long signed = side == Side.BUY ? tradeQuantity : -tradeQuantity;
            if (quantity == 0 || Long.signum(quantity) == Long.signum(signed)) {
                return new Holding(
                        Math.addExact(quantity, signed),
                        Math.addExact(costPaise, Math.multiplyExact(signed, pricePaise)),
                        realisedPaise);
            }
            long closing = Math.min(tradeQuantity, Math.abs(quantity));
            long closedCost = Math.multiplyExact(costPaise, closing) / Math.abs(quantity);
            long proceeds = Math.multiplyExact(Math.multiplyExact(closing, pricePaise), Long.signum(quantity));
            Holding closed = new Holding(
                    quantity - Long.signum(quantity) * closing,
                    Math.subtractExact(costPaise, closedCost),
                    Math.addExact(realisedPaise, Math.subtractExact(proceeds, closedCost)));
            long rest = tradeQuantity - closing;
            return rest == 0 ? closed : closed.trade(side, rest, pricePaise);
        }
    }

    private final Map<Key, PositionChanged> account = new TreeMap<>();
    private final Map<ShareKey, ProfitChanged> shares = new TreeMap<>();

    /** The same shares by position, those of nobody under an empty name. */
    private final Map<Key, TreeMap<String, ProfitChanged>> holders = new TreeMap<>();

    private final Map<Key, Event.BrokerPositionSeen> brokers = new TreeMap<>();

    /** Clean reads in a row with the same difference and nothing under way, by position: a lasting one is alarmed once. */
    private final Map<Key, Long> differingReads = new TreeMap<>();

    static final int LASTING_READS = 2;

    long quantity(int instrument, Product product) {
        PositionChanged position = account.get(new Key(instrument, product));
        return position == null ? 0 : position.quantity();
    }

    long strategyQuantity(String strategy, int instrument, Product product) {
        ProfitChanged share = shares.get(new ShareKey(strategy, instrument, product));
        return share == null ? 0 : share.quantity();
    }

    Collection<PositionChanged> account() {
        return account.values();
    }

    Collection<ProfitChanged> shares() {
        return shares.values();
    }

    Collection<Event.BrokerPositionSeen> brokers() {
        return brokers.values();
    }

    /** The account's part of a trade; whose share it changes, {@link Shares} says. */
    void book(Event.TradeBooked trade, Decision decision) {
        PositionChanged before = position(new Key(trade.instrument(), trade.product()), trade.day());
        Holding after = new Holding(before.quantity(), before.costPaise(), before.realisedPaise())
                .trade(trade.side(), trade.quantity(), trade.pricePaise());
        boolean buy = trade.side() == Side.BUY;
        decision.emit(new PositionChanged(
                trade.instrument(),
                trade.product(),
                trade.day(),
                after.quantity,
                before.openingQuantity(),
                after.costPaise,
                after.realisedPaise,
                before.boughtQuantity() + (buy ? trade.quantity() : 0),
                before.soldQuantity() + (buy ? 0 : trade.quantity())));
    }

    /** The share, one of nothing when there is none yet. */
    ProfitChanged share(String strategy, int instrument, Product product, int day) {
        ProfitChanged share = shares.get(new ShareKey(strategy, instrument, product));
        return share == null ? new ProfitChanged(day, instrument, product, 0, 0, 0, 0, strategy) : share;
    }

    /** Everybody's share of one position, by name; nobody's under an empty one. */
    Collection<ProfitChanged> sharesOf(int instrument, Product product) {
        TreeMap<String, ProfitChanged> all = holders.get(new Key(instrument, product));
        return all == null ? List.of() : all.values();
    }

    /** The broker's figure of the last clean read minus ours; trades booked since count for both. */
    long difference(int instrument, Product product) {
        Event.BrokerPositionSeen seen = brokers.get(new Key(instrument, product));
        return seen == null ? 0 : seen.difference();
    }

    /** Whether other hands closed what several hold, so that a person must say whose it was. */
    boolean contested(int instrument, Product product) {
        long unassigned = strategyQuantity("", instrument, product);
        if (unassigned == 0) {
            return false;
        }
        for (ProfitChanged share : sharesOf(instrument, product)) {
            if (share.quantity() != 0 && (share.quantity() > 0) != (unassigned > 0)) {
                return true;
            }
        }
        return false;
    }

    /** The day's openings are the broker's; what we carried and the broker does not is named by the caller's alarm. */
    void open(int day, Map<Key, Holding> openings, Decision decision, Consumer<String> difference) {
        TreeMap<Key, Holding> all = new TreeMap<>(openings);
        account.keySet().forEach(key -> all.putIfAbsent(key, new Holding(0, 0, 0)));
        all.forEach((key, opening) -> {
            PositionChanged carried = account.get(key);
            long expected = carried == null || key.product == Product.MIS ? 0 : carried.quantity();
            if (carried != null && expected != opening.quantity) {
                difference.accept("instrument " + key.instrument + " " + key.product + ": we carried " + expected
                        + ", the broker opens with " + opening.quantity);
            }
            decision.emit(new PositionChanged(
                    key.instrument, key.product, day, opening.quantity, opening.quantity, opening.costPaise, 0, 0, 0));
        });
        TreeMap<Key, Holding> rest = new TreeMap<>(all);
        shares.values().forEach(share -> {
            boolean carries =
                    share.product() != Product.MIS && !share.strategy().isEmpty();
            Key key = new Key(share.instrument(), share.product());
            long quantity = carries ? share.quantity() : 0;
            long costPaise = carries ? share.costPaise() : 0;
            rest.compute(
                    key,
                    (_, left) -> left == null
                            ? new Holding(-quantity, -costPaise, 0)
                            : new Holding(
                                    Math.subtractExact(left.quantity, quantity),
                                    Math.subtractExact(left.costPaise, costPaise),
                                    0));
            if (!share.strategy().isEmpty()) {
                decision.emit(new ProfitChanged(
                        day, share.instrument(), share.product(), quantity, costPaise, 0, 0, share.strategy()));
            }
        });
        // The part of a position that no strategy's share carried in is nobody's, so that the shares add up to the
        // account.
        rest.forEach((key, left) -> {
            if (left.quantity != 0 || shares.containsKey(new ShareKey("", key.instrument, key.product))) {
                decision.emit(
                        new ProfitChanged(day, key.instrument, key.product, left.quantity, left.costPaise, 0, 0, ""));
            }
        });
        decision.change(differingReads::clear);
    }

    /** The account's position, one of nothing when there is none yet. */
    PositionChanged position(Key key, int day) {
        PositionChanged position = account.get(key);
        return position == null ? new PositionChanged(key.instrument, key.product, day, 0, 0, 0, 0, 0, 0) : position;
    }

    /** A difference is settled: the next read looks anew. */
    void settled(Key key, Decision decision) {
        decision.emit(new Event.BrokerPositionSeen(key.instrument, key.product, reported(key), 0));
        decision.change(() -> differingReads.remove(key));
    }

    /** The broker's own figure of the last clean read. */
    long reported(Key key) {
        Event.BrokerPositionSeen seen = brokers.get(key);
        return seen == null ? 0 : seen.quantity();
    }

    /**
     * After a clean read: says where the broker's figure or its difference from ours changed. What we hold now counts: the list
     * of positions is read after that of the trades, so trades booked meanwhile are in it. Later ones may be in it too, which the
     * next read corrects; taking them for an explanation would hide a conversion from a strategy that trades all the time.
     *
     * @param read what the account held while it ran
     * @param figures the broker's positions that this read showed; what is missing there is zero
     * @param lasting takes each difference that lasts now: broker minus ours
     * @param busy whether something is under way that can explain a difference for a moment
     */
    void compare(
            Reads.Read read,
            Map<Key, Long> figures,
            Predicate<Key> busy,
            Decision decision,
            BiConsumer<Key, Long> lasting) {
        TreeMap<Key, Long> all = new TreeMap<>();
        account.keySet().forEach(key -> all.put(key, 0L));
        all.putAll(figures);
        all.forEach((key, brokerQuantity) -> {
            Reads.Range range = read.range(key, quantity(key.instrument, key.product));
            long difference = brokerQuantity - quantity(key.instrument, key.product);
            Event.BrokerPositionSeen seen =
                    new Event.BrokerPositionSeen(key.instrument, key.product, brokerQuantity, difference);
            Event.BrokerPositionSeen before = brokers.get(key);
            if (!seen.equals(before)) {
                decision.emit(seen);
            }
            boolean same = before != null && before.difference() == difference;
            boolean quiet = range.least() == range.most() && !busy.test(key);
            long known = same ? differingReads.getOrDefault(key, 0L) : 0;
            long reads = difference == 0 ? 0 : known + (quiet ? 1 : 0);
            decision.change(() -> {
                if (reads == 0) {
                    differingReads.remove(key);
                } else {
                    differingReads.put(key, reads);
                }
            });
            if (reads == LASTING_READS && known < LASTING_READS) {
                lasting.accept(key, difference);
            }
        });
    }

    void apply(PositionChanged event) {
        account.put(new Key(event.instrument(), event.product()), event);
    }

    PositionChanged before(PositionChanged event) {
        return account.getOrDefault(new Key(event.instrument(), event.product()), event);
    }

    boolean knows(PositionChanged event) {
        return account.containsKey(new Key(event.instrument(), event.product()));
    }

    void apply(ProfitChanged event) {
        shares.put(new ShareKey(event.strategy(), event.instrument(), event.product()), event);
        holders.computeIfAbsent(new Key(event.instrument(), event.product()), _ -> new TreeMap<>())
                .put(event.strategy(), event);
    }

    void apply(Event.BrokerPositionSeen event) {
        brokers.put(new Key(event.instrument(), event.product()), event);
    }

    void save(StateWriter out) {
        out.number(account.size());
        account.values().forEach(out::event);
        out.number(shares.size());
        shares.values().forEach(out::event);
        out.number(brokers.size());
        brokers.values().forEach(out::event);
        saveByKey(out, differingReads);
    }

    void load(StateReader in) {
        for (int n = in.integer(); n > 0; n--) {
            apply(in.event(PositionChanged.class));
        }
        for (int n = in.integer(); n > 0; n--) {
            apply(in.event(ProfitChanged.class));
        }
        for (int n = in.integer(); n > 0; n--) {
            apply(in.event(Event.BrokerPositionSeen.class));
        }
        if (in.version() < 4) {
            loadByKey(
                    in, new TreeMap<>()); // the layout before kept one figure for all sessions; each tells its own anew
        }
        loadByKey(in, differingReads);
        if (in.version() < 4) {
            addUp();
        }
    }

    /** Before layout 4 the shares did not have to add up to the account: what is missing is nobody's. */
    private void addUp() {
        account.forEach((key, position) -> {
            long named = 0;
            long namedPaise = 0;
            for (ProfitChanged share : sharesOf(key.instrument, key.product)) {
                named += share.strategy().isEmpty() ? 0 : share.quantity();
                namedPaise += share.strategy().isEmpty() ? 0 : share.costPaise();
            }
            ProfitChanged nobodys = share("", key.instrument, key.product, position.day());
            if (nobodys.quantity() != position.quantity() - named) {
                apply(new ProfitChanged(
                        position.day(),
                        key.instrument,
                        key.product,
                        position.quantity() - named,
                        position.costPaise() - namedPaise,
                        nobodys.realisedPaise(),
                        nobodys.trades(),
                        ""));
            }
        });
    }

    private static void saveByKey(StateWriter out, Map<Key, Long> map) {
        out.number(map.size());
        map.forEach((key, value) -> {
            out.number(key.instrument);
            out.text(key.product.name());
            out.number(value);
        });
    }

    private static void loadByKey(StateReader in, Map<Key, Long> map) {
        for (int n = in.integer(); n > 0; n--) {
            map.put(new Key(in.integer(), Product.valueOf(in.text())), in.number());
        }
    }
}
