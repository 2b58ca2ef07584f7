package dev.holdfast.projection;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Follows the events that the state file tells of. Used by one thread. */
final class TradingStateModel {

    private record PositionKey(int instrument, String product) implements Comparable<PositionKey> {
        @Override
        public int compareTo(PositionKey other) {
            int byInstrument = Integer.compare(instrument, other.instrument);
            return byInstrument != 0 ? byInstrument : product.compareTo(other.product);
        }
    }

    // Sorted, so that equal states give equal files.
    private final Map<Integer, String> instruments = new TreeMap<>();
    private final Map<PositionKey, Event.PositionChanged> positions = new TreeMap<>();
    private final Map<Long, Event.OrderChanged> liveOrders = new TreeMap<>();
    private final Map<String, Event.StrategyChanged> strategies = new TreeMap<>();
    private final Map<String, Event.SwitchChanged> switches = new TreeMap<>();
    private EventHeader last = new EventHeader(0, 0, 0);
    private int day;
    private String dayPhase = "NONE";
    private boolean inCheckpoint;
    private boolean changed;

    void reset() {
        inCheckpoint = true; // one follows; until it ends the state is not whole
        instruments.clear();
        positions.clear();
        liveOrders.clear();
        strategies.clear();
        switches.clear();
    }

    void apply(EventHeader header, Event event) {
        last = header;
        changed |= change(event);
    }

    /** @return whether the file's content changed, its sequence and time apart */
    private boolean change(Event event) {
        return switch (event) {
            case Event.CheckpointStarted _ -> {
                inCheckpoint = true;
                yield false;
            }
            case Event.CheckpointEnded _ -> {
                inCheckpoint = false;
                yield false;
            }
            case Event.InstrumentDefined e -> {
                String name = e.exchange() + ":" + e.symbol();
                yield !name.equals(instruments.put(e.instrument(), name));
            }
            case Event.DayChanged e -> {
                boolean moved = day != e.day() || !dayPhase.equals(e.phase().name());
                day = e.day();
                dayPhase = e.phase().name();
                yield moved;
            }
            case Event.PositionChanged e ->
                !e.equals(positions.put(
                        new PositionKey(e.instrument(), e.product().name()), e));
            case Event.OrderChanged e ->
                e.state().isTerminal()
                        ? liveOrders.remove(e.orderNumber()) != null
                        : !e.equals(liveOrders.put(e.orderNumber(), e));
            case Event.StrategyChanged e -> !e.equals(strategies.put(e.name(), e));
            case Event.SwitchChanged e -> {
                String key = e.kind() + "/" + e.scope() + "/" + e.target();
                yield e.engaged() ? !e.equals(switches.put(key, e)) : switches.remove(key) != null;
            }
            case Event.EngineConfigured _,
                    Event.GrantChanged _,
                    Event.SendRequested _,
                    Event.TradeBooked _,
                    Event.ProfitChanged _,
                    Event.BrokerPositionSeen _,
                    Event.TickApplied _,
                    Event.BarApplied _,
                    Event.FeedChanged _,
                    Event.BrokerSessionChanged _,
                    Event.ReadCompleted _,
                    Event.OddRowSeen _,
                    Event.OrderTermsSeen _,
                    Event.PositionConverted _,
                    Event.OperatorActed _,
                    Event.CommandQuarantined _,
                    Event.Alarm _,
                    Event.Pulse _,
                    Event.StateHashed _,
                    Event.Digest _ -> false;
        };
    }

    /** Whether something changed since {@link #written()} and the state is whole: within a checkpoint it is not. */
    boolean isWorthWriting() {
        return changed && isWhole();
    }

    /** Whether it has read a checkpoint to its end and stands in no other. */
    boolean isWhole() {
        return last.sequence() > 0 && !inCheckpoint;
    }

    void written() {
        changed = false;
    }

    TradingState state() {
        return new TradingState(
                last.sequence(),
                String.format("%016x", last.chainHash()),
                last.logTimeNanos(),
                day,
                dayPhase,
                positions.values().stream().map(this::position).toList(),
                liveOrders.values().stream().map(this::order).toList(),
                strategies.values().stream().map(this::strategy).toList(),
                switches().toList());
    }

    private Stream<TradingState.Switch> switches() {
        return switches.values().stream()
                .map(e -> new TradingState.Switch(e.kind().name(), e.scope().name(), e.target(), e.reason()));
    }

    private TradingState.Position position(Event.PositionChanged e) {
        return new TradingState.Position(
                instrument(e.instrument()), e.product().name(), e.quantity(), e.costPaise(), e.realisedPaise());
    }

    private TradingState.LiveOrder order(Event.OrderChanged e) {
        return new TradingState.LiveOrder(
                e.orderNumber(),
                e.tag(),
                e.brokerOrderId(),
                instrument(e.instrument()),
                e.side().name(),
                e.product().name(),
                e.quantity(),
                e.filledQuantity(),
                e.pricePaise(),
                e.state().name(),
                e.strategy());
    }

    private TradingState.Strategy strategy(Event.StrategyChanged e) {
        return new TradingState.Strategy(
                e.name(), e.kind(), instrument(e.instrument()), e.state().name());
    }

    private String instrument(int number) {
        return instruments.getOrDefault(number, "instrument " + number);
    }
}
