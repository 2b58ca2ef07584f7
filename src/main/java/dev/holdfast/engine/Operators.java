package dev.holdfast.engine;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Event.StrategyChanged;
import dev.holdfast.protocol.StrategyState;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderState;

/** What people ask for, besides orders: limits, strategies, switches. Each is answered and put on record. */
final class Operators {

    private static final int MAX_INCARNATION_BITS = 31;

    private final State state;
    private final OrderDesk desk;

    Operators(State state, OrderDesk desk) {
        this.state = state;
        this.desk = desk;
    }

    Answer configure(Command.Configure ask, Decision decision) {
        if (ask.incarnation() <= 0 || ask.incarnation() >= 1L << MAX_INCARNATION_BITS) {
            return Answer.refused("incarnation " + ask.incarnation() + " is not a positive number of 31 bits");
        }
        if (ask.maxOrderValuePaise() <= 0
                || ask.maxOrderQuantity() <= 0
                || ask.maxPositionQuantity() <= 0
                || ask.maxExposurePaise() <= 0
                || ask.priceBandBasisPoints() <= 0
                || ask.maxDailyLossPaise() <= 0
                || ask.staleFeedMillis() <= 0) {
            return Answer.refused("every limit must be above zero");
        }
        Event.EngineConfigured now = state.configuration;
        if (now != null && now.realBroker() != ask.realBroker()) {
            return Answer.refused("this log belongs to a " + (now.realBroker() ? "real" : "simulated")
                    + " broker; use another --home for the other kind");
        }
        Event.EngineConfigured next = new Event.EngineConfigured(
                ask.profile(),
                ask.realBroker(),
                ask.alwaysOpen(),
                ask.marketOpenSecond(),
                ask.marketCloseSecond(),
                now == null ? ask.incarnation() : now.incarnation(),
                ask.maxOrderValuePaise(),
                ask.maxOrderQuantity(),
                ask.maxPositionQuantity(),
                ask.maxExposurePaise(),
                ask.priceBandBasisPoints(),
                ask.maxDailyLossPaise(),
                ask.staleFeedMillis(),
                ask.user(),
                ask.reason());
        if (!next.equals(now)) {
            decision.emit(next);
            record(ask.user(), "configure", "engine", ask.reason(), decision);
        }
        return Answer.OK;
    }

    Answer defineInstrument(Command.DefineInstrument ask, Decision decision) {
        boolean index = ask.kind() == InstrumentKind.INDEX; // real lists show indices with tick 0 and lot 0
        if (ask.exchange().isEmpty()
                || ask.symbol().isEmpty()
                || ask.tickSizePaise() < (index ? 0 : 1)
                || ask.lotSize() < (index ? 0 : 1)) {
            return Answer.refused("instrument " + ask.exchange() + ":" + ask.symbol() + " has tick "
                    + ask.tickSizePaise() + " paise and lot " + ask.lotSize() + "; both must be above zero");
        }
        int known = state.market.number(Market.key(ask.exchange(), ask.symbol()));
        int number = known == 0 ? state.market.nextNumber() : known;
        Event.InstrumentDefined next = new Event.InstrumentDefined(
                number,
                ask.token(),
                ask.kind(),
                ask.tickSizePaise(),
                ask.lotSize(),
                ask.freezeQuantity(),
                ask.lowerBandPaise(),
                ask.upperBandPaise(),
                ask.exchange(),
                ask.symbol());
        if (!next.equals(state.market.instrument(number))) {
            takeToken(number, ask.token(), decision);
            decision.emit(next);
        }
        return Answer.ok(number);
    }

    /** A token belongs to one contract: the broker gives that of an expired one to another. */
    private void takeToken(int number, long token, Decision decision) {
        for (Event.InstrumentDefined other : state.market.instruments()) {
            if (token != 0 && other.token() == token && other.instrument() != number) {
                decision.emit(new Event.InstrumentDefined(
                        other.instrument(),
                        0,
                        other.kind(),
                        other.tickSizePaise(),
                        other.lotSize(),
                        other.freezeQuantity(),
                        other.lowerBandPaise(),
                        other.upperBandPaise(),
                        other.exchange(),
                        other.symbol()));
            }
        }
    }

    Answer defineStrategy(Command.DefineStrategy ask, Decision decision) {
        Event.InstrumentDefined instrument = state.market.instrument(ask.instrument());
        Event.EngineConfigured settings = state.configuration;
        StrategyChanged present = state.strategies.find(ask.name());
        if (ask.name().isEmpty() || ask.name().equals(Strategies.MANUAL)) {
            return Answer.refused("a strategy cannot be named '" + ask.name() + "'");
        }
        if (settings == null || instrument == null || instrument.kind() == InstrumentKind.INDEX) {
            return Answer.refused("strategy " + ask.name() + " needs a configured engine and a tradable instrument");
        }
        if (present != null && present.state() == StrategyState.RUNNING) {
            return Answer.refused("strategy " + ask.name() + " is running; stop it first");
        }
        if (present == null && state.strategies.all().size() >= Strategies.MAX_STRATEGIES) {
            return Answer.refused("strategies: limit " + Strategies.MAX_STRATEGIES + " is reached");
        }
        if (Strategies.forDrills(ask.kind()) && settings.realBroker()) {
            return Answer.refused(ask.kind() + " never trades against a real broker");
        }
        try {
            Strategies.create(ask.kind(), ask.parameters(), ask.quantity());
        } catch (IllegalArgumentException bad) {
            return Answer.refused("strategy " + ask.name() + ": " + bad.getMessage());
        }
        StrategyChanged next = new StrategyChanged(
                StrategyState.STOPPED,
                ask.instrument(),
                ask.product(),
                ask.quantity(),
                ask.name(),
                ask.kind(),
                ask.parameters(),
                ask.user(),
                "defined");
        decision.emit(next);
        if (present != null) {
            decision.change(() -> state.strategies.renew(next));
        }
        return Answer.OK;
    }

    Answer controlStrategy(Command.ControlStrategy ask, Decision decision) {
        StrategyChanged strategy = state.strategies.find(ask.name());
        if (strategy == null) {
            return Answer.refused("there is no strategy '" + ask.name() + "'; there are "
                    + state.strategies.all().stream().map(StrategyChanged::name).toList());
        }
        if ((strategy.state() == StrategyState.RUNNING) == ask.start()) {
            return Answer.OK;
        }
        if (ask.start()
                && state.switches.covers(SwitchKind.KILL, strategy.name(), state.market.name(strategy.instrument()))) {
            return Answer.refused("a kill switch covers strategy " + ask.name() + "; release it first");
        }
        StrategyChanged next = Strategies.with(
                strategy, ask.start() ? StrategyState.RUNNING : StrategyState.STOPPED, ask.user(), ask.reason());
        decision.emit(next);
        if (!ask.start()) {
            cancelOrdersOf(ask.name(), "its strategy was stopped", decision);
        }
        return Answer.OK;
    }

    /**
     * A strategy that failed is stopped alone: its working orders are cancelled or left, as it was defined; what was not sent
     * yet never is; its position stays for a person. Its code is thrown away at once: its fields may be half-changed, and not
     * equally on each member.
     */
    void fail(StrategyChanged strategy, String why, Decision decision) {
        StrategyChanged failed = Strategies.with(strategy, StrategyState.FAILED, "", why);
        Strategies.OnFailure policy = Strategies.onFailure(strategy.parameters());
        decision.emit(failed);
        decision.change(() -> state.strategies.renew(failed));
        decision.emit(new Event.Alarm(
                dev.holdfast.protocol.Severity.CRITICAL,
                "strategy " + strategy.name(),
                "stopped: " + why + "; its working orders are "
                        + (policy == Strategies.OnFailure.LEAVE ? "left as they are" : "being cancelled")));
        for (OrderEntry entry : state.orders.live()) {
            boolean unsent = entry.order.state() == OrderState.COMMITTED;
            if (entry.order.strategy().equals(strategy.name()) && (unsent || policy == Strategies.OnFailure.CANCEL)) {
                desk.wantCancel(entry, "its strategy failed", decision);
            }
        }
    }

    Answer setSwitch(Command.SetSwitch ask, Decision decision) {
        if (ask.scope() == SwitchScope.ALL != ask.target().isEmpty()) {
            return Answer.refused("a switch for " + ask.scope() + " has target '" + ask.target() + "'");
        }
        if (ask.scope() == SwitchScope.INSTRUMENT && state.market.number(ask.target()) == 0) {
            return Answer.refused("there is no instrument '" + ask.target() + "'");
        }
        if (ask.scope() == SwitchScope.STRATEGY
                && !ask.target().equals(Strategies.MANUAL)
                && state.strategies.find(ask.target()) == null) {
            return Answer.refused("there is no strategy '" + ask.target() + "'");
        }
        if (ask.reason().isBlank()) {
            return Answer.refused("a switch needs a reason");
        }
        if (state.switches.isEngaged(ask.kind(), ask.scope(), ask.target()) == ask.engaged()) {
            return Answer.OK;
        }
        decision.emit(new Event.SwitchChanged(
                ask.kind(), ask.scope(), ask.engaged(), ask.target(), ask.user(), ask.reason()));
        if (ask.engaged() && ask.kind() == SwitchKind.KILL) {
            kill(ask, decision);
        }
        return Answer.OK;
    }

    private void kill(Command.SetSwitch ask, Decision decision) {
        for (StrategyChanged strategy : state.strategies.all()) {
            boolean covered = switch (ask.scope()) {
                case ALL -> true;
                case STRATEGY -> strategy.name().equals(ask.target());
                case INSTRUMENT -> false;
            };
            if (covered && strategy.state() == StrategyState.RUNNING) {
                decision.emit(Strategies.with(strategy, StrategyState.KILLED, ask.user(), ask.reason()));
            }
        }
        for (OrderEntry entry : state.orders.live()) {
            boolean covered = switch (ask.scope()) {
                case ALL -> true;
                case STRATEGY -> entry.order.strategy().equals(ask.target());
                case INSTRUMENT -> state.market.name(entry.order.instrument()).equals(ask.target());
            };
            if (covered && entry.order.origin() == dev.holdfast.types.Origin.INTENT) {
                desk.wantCancel(entry, "kill switch by " + ask.user() + ": " + ask.reason(), decision);
            }
        }
    }

    private void cancelOrdersOf(String strategy, String why, Decision decision) {
        for (OrderEntry entry : state.orders.live()) {
            if (entry.order.strategy().equals(strategy)) {
                desk.wantCancel(entry, why, decision);
            }
        }
    }

    private static void record(String user, String action, String target, String reason, Decision decision) {
        decision.emit(new Event.OperatorActed(user, action, target, reason, "accepted"));
    }
}
