package dev.holdfast.engine;

import static dev.holdfast.types.Amounts.rupees;

import dev.holdfast.protocol.Event.EngineConfigured;
import dev.holdfast.protocol.Event.InstrumentDefined;
import dev.holdfast.protocol.Event.PositionChanged;
import dev.holdfast.protocol.Event.ProfitChanged;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.types.Amounts;
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
            long pricePaise) {

        Proposal of(long otherQuantity) {
            return new Proposal(strategy, instrument, side, product, orderType, otherQuantity, pricePaise);
        }
    }

    /** Whether it can only bring the account's position nearer to zero, whatever else is open fills. */
    private boolean isExit(Proposal p) {
        return Strategies.isStrategy(p.strategy)
                ? state.exits.reducesShare(p.strategy, p.instrument, p.product, p.side)
                : p.quantity <= state.exits.closable(p.instrument, p.product, p.side);
    }

    /** @return why there can be no such order at all, whatever the account holds; or empty */
    String impossible(Proposal p) {
        EngineConfigured limits = state.configuration;
        InstrumentDefined instrument = state.market.instrument(p.instrument);
        return limits == null || instrument == null
                ? "the engine or the instrument is not known yet"
                : shape(p, instrument, limits, state.market.name(p.instrument));
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
        boolean exit = isExit(p);
        int maxLive = state.budgets.limits(limits.profile()).maxLive();
        if (!exit && state.orders.live().size() >= maxLive) {
            return maxLive + " orders are open, which is the limit; new ones wait until some have ended";
        }
        if (state.day.phase() != dev.holdfast.protocol.DayPhase.OPEN) {
            return "the trading day is not open";
        }
        if (!state.marketOpen(limits)) {
            return "the market is closed";
        }
        String othersHold = othersHold(p, name);
        if (!othersHold.isEmpty()) {
            return othersHold;
        }
        if (exit) {
            return ""; // what only reduces risk passes the limits on risk
        }
        if (state.switches.covers(SwitchKind.BAN, p.strategy, name)) {
            return "a ban covers " + p.strategy + " in " + name + ": only exits are allowed";
        }
        long ageNanos = state.market.tickAgeNanos(p.instrument, state.now);
        if (ageNanos > limits.staleFeedMillis() * 1_000_000L) {
            return "the price is stale: " + name
                    + (ageNanos == Long.MAX_VALUE
                            ? " has had no tick yet"
                            : " had its last tick " + ageNanos / 1_000_000 + " ms ago")
                    + "; " + limits.staleFeedMillis() + " ms are allowed (risk.staleFeedMillis)";
        }
        return exposure(p, limits, name);
    }

    /** A strategy must not close what another one holds: at the broker there is only one position. */
    private String othersHold(Proposal p, String name) {
        if (!Strategies.isStrategy(p.strategy)) {
            return "";
        }
        boolean contested = state.positions.contested(p.instrument, p.product);
        for (ProfitChanged share : state.positions.sharesOf(p.instrument, p.product)) {
            if (share.strategy().equals(p.strategy)) {
                if (contested && share.quantity() != 0) {
                    return "other hands closed a part of " + name + " " + p.product
                            + ", which several hold: banned for "
                            + "them until './holdfast position assign' says whose it was";
                }
            } else if (Strategies.isStrategy(share.strategy())
                    && share.quantity() != 0
                    && (share.quantity() > 0) == (p.side == Side.SELL)
                    && !state.exits.reducesShare(p.strategy, p.instrument, p.product, p.side)) {
                return share.strategy() + " holds " + share.quantity() + " " + name + " " + p.product + ", which a "
                        + p.side + " by " + p.strategy + " would close";
            }
        }
        return "";
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
            return "the order's quantity " + p.quantity + " is above the limit of " + limits.maxOrderQuantity()
                    + " (risk.maxOrderQuantity)";
        }
        if (instrument.freezeQuantity() > 0 && p.quantity > instrument.freezeQuantity()) {
            return "the order's quantity " + p.quantity + " is above the exchange's freeze quantity of "
                    + instrument.freezeQuantity();
        }
        if (p.orderType == OrderType.MARKET) {
            return p.pricePaise == 0 ? "" : "a MARKET order has no price, this one has " + rupees(p.pricePaise);
        }
        return price(p, instrument, limits);
    }

    private String price(Proposal p, InstrumentDefined instrument, EngineConfigured limits) {
        if (p.pricePaise <= 0 || p.pricePaise % instrument.tickSizePaise() != 0) {
            return "price " + rupees(p.pricePaise) + " is not a positive multiple of the tick of "
                    + rupees(instrument.tickSizePaise());
        }
        if (instrument.upperBandPaise() > 0
                && (p.pricePaise > instrument.upperBandPaise() || p.pricePaise < instrument.lowerBandPaise())) {
            return rupees(p.pricePaise) + " is outside the exchange's price band of today, "
                    + rupees(instrument.lowerBandPaise()) + " to " + rupees(instrument.upperBandPaise());
        }
        long last = state.market.lastPrice(p.instrument);
        long away = Math.multiplyExact(Math.abs(p.pricePaise - last), 10_000L);
        if (last > 0 && away > Math.multiplyExact(last, (long) limits.priceBandBasisPoints())) {
            return rupees(p.pricePaise) + " is " + Amounts.percentOf(Math.abs(p.pricePaise - last), last)
                    + (p.pricePaise < last ? " below" : " above") + " the last price " + rupees(last) + "; "
                    + Amounts.percent(limits.priceBandBasisPoints()) + " is allowed (risk.priceBandBasisPoints)";
        }
        return "";
    }

    private String exposure(Proposal p, EngineConfigured limits, String name) {
        long price = p.orderType == OrderType.LIMIT ? p.pricePaise : state.market.lastPrice(p.instrument);
        long value = Math.multiplyExact(price, p.quantity);
        if (value > limits.maxOrderValuePaise()) {
            return "the order's value " + rupees(value) + " is above the limit of "
                    + rupees(limits.maxOrderValuePaise()) + " (risk.maxOrderValueRupees)";
        }
        // Everything open on this side counts at full quantity, also what is uncertain or held.
        long signed = p.side == Side.BUY ? 1 : -1;
        long after = state.positions.quantity(p.instrument, p.product)
                + signed * (p.quantity + state.orders.openQuantity(p.instrument, p.product, p.side));
        if (Math.abs(after) > limits.maxPositionQuantity()) {
            return "the position in " + name + " could become " + after + ", the limit is "
                    + limits.maxPositionQuantity() + " (risk.maxPositionQuantity)";
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
            return "the exposure would be " + rupees(exposure) + ", the limit is " + rupees(limits.maxExposurePaise())
                    + " (risk.maxExposureRupees)";
        }
        if (-profit >= limits.maxDailyLossPaise()) {
            return "today's loss is " + rupees(-profit) + ", the limit is " + rupees(limits.maxDailyLossPaise())
                    + " (risk.maxDailyLossRupees); only exits are allowed";
        }
        return "";
    }
}
