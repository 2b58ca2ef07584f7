package dev.holdfast.engine;

import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Event.InstrumentDefined;
import dev.holdfast.protocol.Event.OrderChanged;
import dev.holdfast.protocol.Event.TickApplied;
import dev.holdfast.protocol.Severity;
import dev.holdfast.types.Amounts;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Side;
import java.util.OptionalLong;

/**
 * Brings a MARKET order to an end that the broker turned into a LIMIT at a cap: when the price leaves the cap, its rest stays in
 * the book and does not fill. The rest of an entry is cancelled, that of an exit follows the market (ADR 21).
 */
class RestingMarket {

    static final long PATIENCE_NANOS = 3_000_000_000L;
    static final int MAX_REPRICED = 5;

    /** How far through the market's best price an exit is priced, so that it fills, but not at any price. */
    private static final long THROUGH_BASIS_POINTS = 100;

    private final State state;
    private final OrderDesk desk;

    RestingMarket(State state, OrderDesk desk) {
        this.state = state;
        this.desk = desk;
    }

    void onTimer(Decision decision) {
        for (OrderEntry entry : state.orders.workingMarket()) {
            long since = Math.max(entry.acceptedNanos, entry.repricedNanos);
            boolean rests = entry.shownType() == OrderType.LIMIT
                    && entry.brokerState == BrokerOrderState.LIVE
                    && !entry.order.cancelWanted();
            if (rests && since != 0 && state.now - since >= PATIENCE_NANOS) {
                if (state.exits.closes(entry)) {
                    follow(entry, decision);
                } else {
                    desk.wantCancel(
                            entry, "the rest of this MARKET order rests in the book as " + shown(entry), decision);
                }
            }
        }
    }

    private void follow(OrderEntry entry, Decision decision) {
        OrderChanged order = entry.order;
        if (entry.repriced == MAX_REPRICED) {
            decision.emit(new Event.Alarm(
                    Severity.CRITICAL,
                    "order " + order.orderNumber(),
                    "the exit " + order.brokerOrderId() + " (" + order.side() + " "
                            + OpenInterest.openQuantity(order) + " " + state.market.name(order.instrument())
                            + ") rests as " + shown(entry) + " after " + MAX_REPRICED
                            + " new prices; modify or cancel it by hand"));
            decision.change(() -> entry.repriced++);
            return;
        }
        OptionalLong price = throughTheMarket(order);
        if (entry.repriced > MAX_REPRICED || price.isEmpty()) {
            return;
        }
        Event.OrderTermsSeen terms = entry.terms;
        boolean better = terms == null
                || (order.side() == Side.SELL
                        ? price.getAsLong() < terms.pricePaise()
                        : price.getAsLong() > terms.pricePaise());
        if (!better || desk.reprice(entry, price.getAsLong(), decision)) {
            long now = state.now;
            decision.change(() -> {
                entry.repriced++;
                entry.repricedNanos = now;
            });
        }
    }

    private static String shown(OrderEntry entry) {
        Event.OrderTermsSeen terms = entry.terms;
        return terms == null ? "a LIMIT" : terms.orderType() + " " + Amounts.rupees(terms.pricePaise());
    }

    /** A price at which the order meets the book as it is now, within the exchange's bands. */
    private OptionalLong throughTheMarket(OrderChanged order) {
        InstrumentDefined instrument = state.market.instrument(order.instrument());
        TickApplied tick = state.market.tick(order.instrument());
        if (instrument == null || tick == null) {
            return OptionalLong.empty();
        }
        boolean sell = order.side() == Side.SELL;
        long best = sell ? tick.bidPaise() : tick.askPaise();
        long from = best > 0 ? best : tick.lastPricePaise();
        long through = Math.multiplyExact(from, THROUGH_BASIS_POINTS) / 10_000;
        long step = instrument.tickSizePaise();
        long price = sell ? Math.floorDiv(from - through, step) * step : Math.ceilDiv(from + through, step) * step;
        if (instrument.upperBandPaise() > 0) {
            price = Math.clamp(price, instrument.lowerBandPaise(), instrument.upperBandPaise());
        }
        return price > 0 ? OptionalLong.of(price) : OptionalLong.empty();
    }
}
