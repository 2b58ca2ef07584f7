package dev.holdfast.projection;

import dev.holdfast.protocol.AmendmentState;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.RowDigest;
import dev.holdfast.protocol.StrategyState;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Writes a plausible event stream, the same for the same seed, with the digests an engine would give. */
final class SeededTrading {

    static final int DAY = 20_779;
    private static final int INSTRUMENTS = 4;

    private final FakeLog log;
    private final SplittableRandom random;
    private final Map<Long, Event.OrderChanged> orders = new LinkedHashMap<>();
    private final Map<Integer, Event.PositionChanged> positions = new LinkedHashMap<>();
    private final Map<Integer, Event.TickApplied> lastTicks = new LinkedHashMap<>();
    private long orderDigest;
    private long tradeDigest;
    private long positionDigest;
    private long orderNumber;
    private int trades;

    SeededTrading(FakeLog log, long seed) {
        this.log = log;
        this.random = new SplittableRandom(seed);
    }

    void begin() {
        checkpoint();
        for (int instrument = 1; instrument <= INSTRUMENTS; instrument++) {
            log.append(instrument(instrument));
        }
        log.append(new Event.DayChanged(DAY, DayPhase.OPEN, "the market opened"));
        log.append(new Event.StrategyChanged(
                StrategyState.RUNNING, 1, Product.MIS, 1, "canary", "canary", "", "operator", "first start"));
        digest();
    }

    /** One order with its life, among ticks; now and then a checkpoint in the middle of everything. */
    void trade() {
        tick();
        Event.OrderChanged order = wish();
        order(order, OrderState.COMMITTED, 0, "within limits");
        order(order, OrderState.WORKING, 0, "in the book");
        if (random.nextInt(10) == 0) {
            checkpoint();
        }
        tick();
        if (random.nextInt(4) == 0) {
            order(order, OrderState.CANCELLED, 0, "cancelled \u20B9 by 'operator'; \0 odd");
        } else {
            long half = order.quantity() / 2;
            fill(order, half);
            order(order, OrderState.PARTLY_FILLED, half, "");
            fill(order, order.quantity() - half);
            order(order, OrderState.FILLED, order.quantity(), "");
        }
        log.append(new Event.OperatorActed("operator", "note", "", "because", "accepted"));
        if (random.nextInt(3) == 0) {
            digest();
        }
    }

    /** An order that stays in the book. */
    void leaveOneOpen() {
        Event.OrderChanged order = wish();
        order(order, OrderState.COMMITTED, 0, "within limits");
        order(order, OrderState.WORKING, 0, "in the book");
    }

    void tick() {
        Event.TickApplied tick = new Event.TickApplied(
                1 + random.nextInt(INSTRUMENTS),
                10_000 + random.nextInt(500),
                1,
                100,
                10_500,
                10_000,
                10_100,
                10_500,
                10_000,
                10_050,
                10_090,
                10,
                10_110,
                10,
                1L,
                0);
        lastTicks.put(tick.instrument(), tick);
        log.append(tick);
    }

    void digest() {
        log.append(new Event.Digest(orderDigest, tradeDigest, positionDigest));
    }

    /** Repeats the present state: a recorder that wrote any of it again would break its history's key. */
    void checkpoint() {
        log.append(new Event.CheckpointStarted());
        if (orderNumber > 0) {
            for (int instrument = 1; instrument <= INSTRUMENTS; instrument++) {
                log.append(instrument(instrument));
            }
            log.append(new Event.DayChanged(DAY, DayPhase.OPEN, "the market opened"));
            orders.values().stream()
                    .filter(order -> !order.state().isTerminal())
                    .forEach(log::append);
            positions.values().forEach(log::append);
            lastTicks.values().forEach(log::append);
        }
        log.append(new Event.CheckpointEnded());
    }

    long orders() {
        return orders.size();
    }

    int positions() {
        return positions.size();
    }

    int trades() {
        return trades;
    }

    private static Event.InstrumentDefined instrument(int number) {
        return new Event.InstrumentDefined(
                number, 256_265L + number, InstrumentKind.EQUITY, 5, 1, 0, 0, 0, "NSE", "STOCK" + number);
    }

    private Event.OrderChanged wish() {
        long number = ++orderNumber;
        return new Event.OrderChanged(
                number,
                Origin.INTENT,
                1 + random.nextInt(INSTRUMENTS),
                random.nextBoolean() ? Side.BUY : Side.SELL,
                Product.MIS,
                OrderType.LIMIT,
                2 + random.nextInt(100),
                10_000 + random.nextInt(500),
                OrderState.WISHED,
                OrderState.WISHED,
                0,
                0,
                AmendmentState.NONE,
                0,
                0,
                false,
                DAY,
                number,
                1,
                1,
                "HF1X" + number,
                "B" + number,
                "canary",
                "",
                "");
    }

    private void order(Event.OrderChanged wished, OrderState state, long filled, String reason) {
        Event.OrderChanged before = orders.get(wished.orderNumber());
        Event.OrderChanged after = new Event.OrderChanged(
                wished.orderNumber(),
                wished.origin(),
                wished.instrument(),
                wished.side(),
                wished.product(),
                wished.orderType(),
                wished.quantity(),
                wished.pricePaise(),
                state,
                before == null ? OrderState.WISHED : before.state(),
                filled,
                filled * wished.pricePaise(),
                AmendmentState.NONE,
                0,
                0,
                false,
                DAY,
                wished.wishedNanos(),
                1,
                1,
                wished.tag(),
                wished.brokerOrderId(),
                wished.strategy(),
                "",
                reason);
        orders.put(after.orderNumber(), after);
        orderDigest += RowDigest.order(after) - (before == null ? 0 : RowDigest.order(before));
        log.append(after);
    }

    private void fill(Event.OrderChanged order, long quantity) {
        Event.TradeBooked trade = new Event.TradeBooked(
                DAY,
                order.orderNumber(),
                order.instrument(),
                order.side(),
                order.product(),
                quantity,
                order.pricePaise(),
                1L,
                "T" + ++trades,
                order.brokerOrderId(),
                order.strategy());
        tradeDigest += RowDigest.trade(trade);
        log.append(trade);
        Event.PositionChanged before = positions.get(order.instrument());
        long signed = order.side() == Side.BUY ? quantity : -quantity;
        Event.PositionChanged after = new Event.PositionChanged(
                order.instrument(),
                order.product(),
                DAY,
                (before == null ? 0 : before.quantity()) + signed,
                0,
                signed * order.pricePaise(),
                0,
                trades,
                trades);
        positions.put(order.instrument(), after);
        positionDigest += RowDigest.position(after) - (before == null ? 0 : RowDigest.position(before));
        log.append(after);
        log.append(new Event.ProfitChanged(
                DAY, order.instrument(), order.product(), after.quantity(), after.costPaise(), 0, trades, "canary"));
    }
}
