package dev.holdfast.engine;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Event.PositionChanged;
import dev.holdfast.protocol.Event.ProfitChanged;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** The account's positions and each strategy's share of them. Both change only from trades, by average cost. */
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
    private final Map<Key, Event.BrokerPositionSeen> brokers = new TreeMap<>();
    private final Map<Key, Long> reportedByBroker = new TreeMap<>();

    /** Clean reads in a row with the same difference, by position: a lasting one is alarmed once. */
    private final Map<Key, Long> differingReads = new TreeMap<>();

    static final int READS_TO_ALARM = 3;

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

    void book(Event.TradeBooked trade, Decision decision) {
        PositionChanged before = account.get(new Key(trade.instrument(), trade.product()));
        if (before == null) {
            before = new PositionChanged(trade.instrument(), trade.product(), trade.day(), 0, 0, 0, 0, 0, 0);
        }
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
        ProfitChanged share = shares.get(new ShareKey(trade.strategy(), trade.instrument(), trade.product()));
        if (share == null) {
            share = new ProfitChanged(trade.day(), trade.instrument(), trade.product(), 0, 0, 0, 0, trade.strategy());
        }
        Holding shareAfter = new Holding(share.quantity(), share.costPaise(), share.realisedPaise())
                .trade(trade.side(), trade.quantity(), trade.pricePaise());
        decision.emit(new ProfitChanged(
                trade.day(),
                trade.instrument(),
                trade.product(),
                shareAfter.quantity,
                shareAfter.costPaise,
                shareAfter.realisedPaise,
                share.trades() + 1,
                trade.strategy()));
    }

    /** The day's openings are the broker's; what we carried and the broker does not is named by the caller's alarm. */
    void open(int day, Map<Key, Holding> openings, Decision decision, java.util.function.Consumer<String> difference) {
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
        shares.values().forEach(share -> {
            boolean carries = share.product() != Product.MIS;
            decision.emit(new ProfitChanged(
                    day,
                    share.instrument(),
                    share.product(),
                    carries ? share.quantity() : 0,
                    carries ? share.costPaise() : 0,
                    0,
                    0,
                    share.strategy()));
        });
        decision.change(() -> {
            reportedByBroker.clear();
            differingReads.clear();
        });
    }

    void reported(int instrument, Product product, long quantity) {
        reportedByBroker.put(new Key(instrument, product), quantity);
    }

    /** After a clean read: says where the broker's figure or its difference from ours changed. */
    void compare(Decision decision, java.util.function.Consumer<String> lasting) {
        TreeMap<Key, Long> all = new TreeMap<>();
        account.keySet().forEach(key -> all.put(key, 0L));
        all.putAll(reportedByBroker);
        all.forEach((key, brokerQuantity) -> {
            long difference = brokerQuantity - quantity(key.instrument, key.product);
            Event.BrokerPositionSeen seen =
                    new Event.BrokerPositionSeen(key.instrument, key.product, brokerQuantity, difference);
            if (!seen.equals(brokers.get(key))) {
                decision.emit(seen);
            }
            long reads = difference == 0 ? 0 : differingReads.getOrDefault(key, 0L) + 1;
            decision.change(() -> {
                if (reads == 0) {
                    differingReads.remove(key);
                } else {
                    differingReads.put(key, reads);
                }
            });
            if (reads == READS_TO_ALARM) {
                lasting.accept("instrument " + key.instrument + " " + key.product + ": the broker has " + brokerQuantity
                        + ", we have " + quantity(key.instrument, key.product));
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
        saveByKey(out, reportedByBroker);
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
        loadByKey(in, reportedByBroker);
        loadByKey(in, differingReads);
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
