package dev.holdfast.dashboard;

import dev.holdfast.protocol.Event;
import org.jspecify.annotations.Nullable;

/** Turns events into the rows that the page shows. */
final class Rows {

    private Rows() {}

    static LiveView.Instrument instrument(Event.InstrumentDefined row) {
        return new LiveView.Instrument(
                row.instrument(), row.kind(), row.exchange(), row.symbol(), row.tickSizePaise(), row.lotSize());
    }

    static LiveView.Grant grant(Event.GrantChanged row) {
        return new LiveView.Grant(row.kind(), row.host(), row.epoch(), row.session() != 0, row.reason());
    }

    static LiveView.Switch toggle(Event.SwitchChanged row, long atMillis) {
        return new LiveView.Switch(
                row.kind(), row.scope(), row.engaged(), row.target(), row.user(), row.reason(), atMillis);
    }

    static LiveView.Tick tick(Event.TickApplied row, long atMillis) {
        return new LiveView.Tick(
                row.instrument(),
                row.lastPricePaise(),
                row.previousClosePaise(),
                row.dayOpenPaise(),
                row.dayHighPaise(),
                row.dayLowPaise(),
                row.bidPaise(),
                row.bidQuantity(),
                row.askPaise(),
                row.askQuantity(),
                row.volume(),
                atMillis);
    }

    static LiveView.Order order(Event.OrderChanged row, long atMillis) {
        return new LiveView.Order(
                row.orderNumber(),
                row.origin(),
                row.instrument(),
                row.side(),
                row.product(),
                row.orderType(),
                row.quantity(),
                row.pricePaise(),
                row.state(),
                row.state().isTerminal(),
                row.filledQuantity(),
                row.filledValuePaise(),
                row.amendment(),
                row.cancelWanted(),
                row.tag(),
                row.brokerOrderId(),
                row.strategy(),
                row.user(),
                row.reason(),
                row.wishedNanos() / 1_000_000,
                atMillis);
    }

    /** The time is the log's, not the exchange's: on the chart a fill then stands on the price we saw. */
    static LiveView.Fill fill(Event.TradeBooked row, long atMillis) {
        return new LiveView.Fill(
                row.orderNumber(),
                row.instrument(),
                row.side(),
                row.quantity(),
                row.pricePaise(),
                row.tradeId(),
                row.strategy(),
                atMillis);
    }

    static LiveView.Position position(
            Event.PositionChanged ours, Event.@Nullable BrokerPositionSeen broker, long unrealisedPaise) {
        return new LiveView.Position(
                ours.instrument(),
                ours.product(),
                ours.quantity(),
                broker == null ? null : broker.quantity(),
                broker == null ? 0 : broker.difference(),
                ours.costPaise(),
                ours.realisedPaise(),
                unrealisedPaise,
                ours.boughtQuantity(),
                ours.soldQuantity());
    }

    /** A position only the broker has. */
    static LiveView.Position position(Event.BrokerPositionSeen broker) {
        return new LiveView.Position(
                broker.instrument(), broker.product(), 0, broker.quantity(), broker.difference(), 0, 0, 0, 0, 0);
    }

    static LiveView.Strategy strategy(
            Event.StrategyChanged strategy, Event.@Nullable ProfitChanged share, long unrealisedPaise) {
        return new LiveView.Strategy(
                strategy.name(),
                strategy.kind(),
                strategy.instrument(),
                strategy.product(),
                strategy.state(),
                strategy.parameters(),
                strategy.reason(),
                strategy.quantity(),
                share == null ? 0 : share.quantity(),
                share == null ? 0 : share.trades(),
                share == null ? 0 : share.realisedPaise(),
                unrealisedPaise);
    }

    /** A share of the day that belongs to no strategy: orders by hand, or foreign ones. */
    static LiveView.Strategy strategy(Event.ProfitChanged share, long unrealisedPaise) {
        return new LiveView.Strategy(
                share.strategy(),
                "",
                share.instrument(),
                share.product(),
                null,
                "",
                "",
                0,
                share.quantity(),
                share.trades(),
                share.realisedPaise(),
                unrealisedPaise);
    }

    static String sentence(Event.OperatorActed act) {
        String target = act.target().isEmpty() ? "" : " " + act.target();
        String reason = act.reason().isEmpty() ? "" : " (" + act.reason() + ")";
        return act.action() + target + reason + ": " + act.result();
    }
}
