package dev.holdfast.engine;

import dev.holdfast.protocol.Event.EngineConfigured;
import dev.holdfast.protocol.Event.InstrumentDefined;
import dev.holdfast.protocol.Event.PositionChanged;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;

/** Says no before an order exists. Every refusal names the limit, its value and the order's. */
final class Risk {

    private final State state;

    Risk(State state) {
        this.state = state;
    }

    /** An order not yet numbered. */
    record Proposal(
            String strategy,
            int instrument,
            Side side,
            Product product,
            OrderType orderType,
            long quantity,
            long pricePaise) {}

    /** Whether it can only bring the account's position nearer to zero, whatever else is open fills. */
    boolean isExit(String strategy, int instrument, Side side, Product product, long quantity) {
        long position = state.positions.quantity(instrument, product);
        if (position == 0 || (position > 0) == (side == Side.BUY)) {
            return false;
        }
        return quantity + state.orders.openQuantity(instrument, product, side) <= Math.abs(position);
    }

    /** @return why this order must not be, or empty */
    String refusal(Proposal p) {
        EngineConfigured limits = state.configuration;
        if (limits == null) {
            return "the engine is not configured yet: run './holdfast up'";
        }
        InstrumentDefined instrument = state.market.instrument(p.instrument);
        if (instrument == null) {
            return "unknown instrument " + p.instrument;
        }
        String name = state.market.name(p.instrument);
        String shape = shape(p, instrument, limits, name);
        if (!shape.isEmpty()) {
            return shape;
        }
        if (state.switches.covers(SwitchKind.KILL, p.strategy, name)) {
            return "a kill switch covers " + p.strategy + " in " + name;
        }
        int maxLive = state.budgets.limits(limits.profile()).maxLive();
        if (state.orders.live().size() >= maxLive) {
            return "live orders: limit " + maxLive + " is reached";
        }
        if (state.day.phase() != dev.holdfast.protocol.DayPhase.OPEN) {
            return "the trading day is not open";
        }
        if (!state.marketOpen(limits)) {
            return "the market is closed";
        }
        if (isExit(p.strategy, p.instrument, p.side, p.product, p.quantity)) {
            return ""; // what only reduces risk passes the limits on risk
        }
        if (state.switches.covers(SwitchKind.BAN, p.strategy, name)) {
            return "a ban covers " + p.strategy + " in " + name + ": only exits are allowed";
        }
        long ageNanos = state.market.tickAgeNanos(p.instrument, state.now);
        if (ageNanos > limits.staleFeedMillis() * 1_000_000L) {
            return "stale feed: limit " + limits.staleFeedMillis() + " ms, " + name
                    + (ageNanos == Long.MAX_VALUE ? " has had no tick" : " is " + ageNanos / 1_000_000 + " ms old");
        }
        return exposure(p, limits, name);
    }

    private String shape(Proposal p, InstrumentDefined instrument, EngineConfigured limits, String name) {
        if (instrument.kind() == InstrumentKind.INDEX) {
            return name + " is an index and cannot be traded";
        }
        if (p.product != Product.CNC && p.product != Product.MIS) {
            return "product " + p.product + " is not traded here; CNC and MIS are";
        }
        if (p.orderType != OrderType.MARKET && p.orderType != OrderType.LIMIT) {
            return "order type " + p.orderType + " is not placed from here; MARKET and LIMIT are";
        }
        if (p.quantity % instrument.lotSize() != 0) {
            return "quantity " + p.quantity + " is not a multiple of the lot of " + instrument.lotSize();
        }
        if (p.quantity > limits.maxOrderQuantity()) {
            return "order quantity: limit " + limits.maxOrderQuantity() + ", order " + p.quantity;
        }
        if (instrument.freezeQuantity() > 0 && p.quantity > instrument.freezeQuantity()) {
            return "freeze quantity: limit " + instrument.freezeQuantity() + ", order " + p.quantity;
        }
        if (p.orderType == OrderType.MARKET) {
            return p.pricePaise == 0 ? "" : "a MARKET order has no price, this one has " + p.pricePaise + " paise";
        }
        return price(p, instrument, limits);
    }

    private String price(Proposal p, InstrumentDefined instrument, EngineConfigured limits) {
        if (p.pricePaise <= 0 || p.pricePaise % instrument.tickSizePaise() != 0) {
            return "price " + p.pricePaise + " paise is not a positive multiple of the tick of "
                    + instrument.tickSizePaise();
        }
        if (instrument.upperBandPaise() > 0
                && (p.pricePaise > instrument.upperBandPaise() || p.pricePaise < instrument.lowerBandPaise())) {
            return "exchange price band: " + instrument.lowerBandPaise() + " to " + instrument.upperBandPaise()
                    + " paise, order " + p.pricePaise;
        }
        long last = state.market.lastPrice(p.instrument);
        long away = Math.multiplyExact(Math.abs(p.pricePaise - last), 10_000L);
        if (last > 0 && away > Math.multiplyExact(last, (long) limits.priceBandBasisPoints())) {
            return "price band: limit " + limits.priceBandBasisPoints() + " basis points from " + last
                    + " paise, order " + p.pricePaise;
        }
        return "";
    }

    private String exposure(Proposal p, EngineConfigured limits, String name) {
        long price = p.orderType == OrderType.LIMIT ? p.pricePaise : state.market.lastPrice(p.instrument);
        long value = Math.multiplyExact(price, p.quantity);
        if (value > limits.maxOrderValuePaise()) {
            return "order value: limit " + limits.maxOrderValuePaise() + " paise, order " + value;
        }
        // Everything open on this side counts at full quantity, also what is uncertain or held.
        long signed = p.side == Side.BUY ? 1 : -1;
        long after = state.positions.quantity(p.instrument, p.product)
                + signed * (p.quantity + state.orders.openQuantity(p.instrument, p.product, p.side));
        if (Math.abs(after) > limits.maxPositionQuantity()) {
            return "position: limit " + limits.maxPositionQuantity() + ", " + name + " could become " + after;
        }
        long exposure = value;
        long profit = 0;
        for (PositionChanged position : state.positions.account()) {
            long last = state.market.lastPrice(position.instrument());
            long marked = Math.multiplyExact(position.quantity(), last);
            exposure = Math.addExact(exposure, Math.abs(marked));
            profit = Math.addExact(profit, position.realisedPaise());
            if (last > 0) {
                profit = Math.addExact(profit, Math.subtractExact(marked, position.costPaise()));
            }
        }
        exposure = Math.addExact(exposure, state.orders.openValuePaise(state.market));
        if (exposure > limits.maxExposurePaise()) {
            return "exposure: limit " + limits.maxExposurePaise() + " paise, would be " + exposure;
        }
        if (-profit >= limits.maxDailyLossPaise()) {
            return "daily loss: limit " + limits.maxDailyLossPaise() + " paise, lost " + -profit
                    + "; only exits are allowed";
        }
        return "";
    }
}
