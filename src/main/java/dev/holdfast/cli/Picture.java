package dev.holdfast.cli;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.types.Product;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The engine's state as a command needs it: made from the events since the last checkpoint. */
final class Picture {

    /** @param product of the position; one instrument may have several */
    record PositionKey(int instrument, Product product) implements Comparable<PositionKey> {
        @Override
        public int compareTo(PositionKey other) {
            int first = Integer.compare(instrument, other.instrument);
            return first != 0 ? first : product.compareTo(other.product);
        }
    }

    private final Map<Integer, Event.InstrumentDefined> instruments = new TreeMap<>();
    private final Map<Long, Event.OrderChanged> orders = new TreeMap<>();
    private final Map<String, Event.StrategyChanged> strategies = new TreeMap<>();
    private final Map<String, Event.SwitchChanged> switches = new TreeMap<>();
    private final Map<PositionKey, Event.PositionChanged> positions = new TreeMap<>();
    private final Map<PositionKey, Event.BrokerPositionSeen> brokerPositions = new TreeMap<>();
    private final Map<PositionKey, Map<String, Event.ProfitChanged>> shares = new TreeMap<>();
    private final Map<Long, Event.OrderTermsSeen> termsSeen = new TreeMap<>();
    private final Map<String, Event.OddRowSeen> oddRows = new TreeMap<>();
    private final Map<GrantKind, Event.GrantChanged> grants = new EnumMap<>(GrantKind.class);
    private Event.@Nullable EngineConfigured configured;
    private Event.@Nullable DayChanged day;
    private Event.@Nullable BrokerSessionChanged brokerSession;
    private Event.@Nullable FeedChanged feed;
    private Event.@Nullable Pulse pulse;
    private int trades;
    private int quarantined;
    private Event.@Nullable CommandQuarantined lastQuarantined;

    void apply(Event event) {
        switch (event) {
            case Event.EngineConfigured changed -> configured = changed;
            case Event.InstrumentDefined changed -> instruments.put(changed.instrument(), changed);
            case Event.DayChanged changed -> {
                day = changed;
                oddRows.values().removeIf(row -> row.day() < changed.day());
            }
            case Event.OddRowSeen row -> {
                if (row.wrong().isEmpty()) {
                    oddRows.remove(row.key());
                } else {
                    oddRows.put(row.key(), row);
                }
            }
            case Event.GrantChanged changed -> grants.put(changed.kind(), changed);
            case Event.SwitchChanged changed ->
                switches.put(changed.kind() + "|" + changed.scope() + "|" + changed.target(), changed);
            case Event.StrategyChanged changed -> strategies.put(changed.name(), changed);
            case Event.BrokerSessionChanged changed -> brokerSession = changed;
            case Event.FeedChanged changed -> {
                if (changed.instrument() == 0) {
                    feed = changed;
                }
            }
            case Event.OrderChanged changed -> orders.put(changed.orderNumber(), changed);
            case Event.PositionChanged changed ->
                positions.put(new PositionKey(changed.instrument(), changed.product()), changed);
            case Event.BrokerPositionSeen changed ->
                brokerPositions.put(new PositionKey(changed.instrument(), changed.product()), changed);
            case Event.ProfitChanged changed ->
                shares.computeIfAbsent(new PositionKey(changed.instrument(), changed.product()), _ -> new TreeMap<>())
                        .put(changed.strategy(), changed);
            case Event.OrderTermsSeen changed -> termsSeen.put(changed.orderNumber(), changed);
            case Event.Pulse changed -> pulse = changed;
            case Event.TradeBooked _ -> trades++;
            case Event.CommandQuarantined changed -> {
                quarantined++;
                lastQuarantined = changed;
            }
            case Event.CheckpointStarted _,
                    Event.CheckpointEnded _,
                    Event.SendRequested _,
                    Event.PositionConverted _,
                    Event.TickApplied _,
                    Event.BarApplied _,
                    Event.ReadCompleted _,
                    Event.OperatorActed _,
                    Event.Alarm _,
                    Event.StateHashed _,
                    Event.Digest _ -> {}
        }
    }

    /** Its number, if the gateway has defined it. */
    Optional<Event.InstrumentDefined> instrument(String exchangeAndSymbol) {
        return instruments.values().stream()
                .filter(known -> (known.exchange() + ":" + known.symbol()).equals(exchangeAndSymbol))
                .findFirst();
    }

    /** EXCHANGE:SYMBOL of a number. */
    String nameOf(int instrument) {
        Event.InstrumentDefined known = instruments.get(instrument);
        return known == null ? "#" + instrument : known.exchange() + ":" + known.symbol();
    }

    int instrumentCount() {
        return instruments.size();
    }

    Collection<Event.OrderChanged> orders() {
        return orders.values();
    }

    Optional<Event.OrderChanged> order(long number) {
        return Optional.ofNullable(orders.get(number));
    }

    Collection<Event.StrategyChanged> strategies() {
        return strategies.values();
    }

    Optional<Event.StrategyChanged> strategy(String name) {
        return Optional.ofNullable(strategies.get(name));
    }

    Collection<Event.SwitchChanged> switches() {
        return switches.values();
    }

    /** Rows of the broker's lists that are not understood, each stopping only its instrument. */
    Collection<Event.OddRowSeen> oddRows() {
        return oddRows.values();
    }

    Map<PositionKey, Event.PositionChanged> positions() {
        return positions;
    }

    /** Whose each position is, by strategy; what is nobody's under an empty name. */
    Map<PositionKey, Map<String, Event.ProfitChanged>> shares() {
        return shares;
    }

    /** The terms of an order in the broker's book; empty while they are the ones that were asked for. */
    Optional<Event.OrderTermsSeen> termsSeen(long orderNumber) {
        return Optional.ofNullable(termsSeen.get(orderNumber));
    }

    Map<PositionKey, Event.BrokerPositionSeen> brokerPositions() {
        return brokerPositions;
    }

    Optional<Event.GrantChanged> grant(GrantKind kind) {
        return Optional.ofNullable(grants.get(kind)).filter(grant -> grant.session() != 0);
    }

    Optional<Event.EngineConfigured> configured() {
        return Optional.ofNullable(configured);
    }

    Optional<Event.DayChanged> day() {
        return Optional.ofNullable(day);
    }

    Optional<Event.BrokerSessionChanged> brokerSession() {
        return Optional.ofNullable(brokerSession);
    }

    Optional<Event.FeedChanged> feed() {
        return Optional.ofNullable(feed);
    }

    /** The newest pulse; there is one each second while the engine lives. */
    Optional<Event.Pulse> pulse() {
        return Optional.ofNullable(pulse);
    }

    /** Commands quarantined since the picture began, at its checkpoint. */
    int quarantined() {
        return quarantined;
    }

    Optional<Event.CommandQuarantined> lastQuarantined() {
        return Optional.ofNullable(lastQuarantined);
    }

    /** Trades seen since the picture began; those before its checkpoint are not among them. */
    int trades() {
        return trades;
    }
}
