package dev.holdfast.audit;

import dev.holdfast.log.EventReader;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** All events from the first to a sequence, folded to what the audit compares. */
final class History {

    private static final int BATCH = 10_000;
    private static final String ORDER = "order ";

    private final EventReader<Event> reader;
    private boolean inCheckpoint;

    final Map<Long, Event.OrderChanged> orders = new TreeMap<>();
    final Map<String, Event.OrderChanged> intentsByTag = new HashMap<>();
    final Map<Long, Long> orderChangedNanos = new HashMap<>();
    final Map<Long, Integer> placeRequests = new HashMap<>();
    /** Booked trades by trade id. */
    final Map<String, Event.TradeBooked> trades = new HashMap<>();

    /** Where in the log a trade was booked. */
    final Map<String, Long> tradeSequences = new HashMap<>();

    /** Where in the log, and when, an intent's order was asked to be placed, by tag. */
    final Map<String, EventHeader> sendsByTag = new HashMap<>();

    /** How much of an order only closes what its strategy held when it was committed, by order number. */
    final Map<Long, Long> closingQuantities = new HashMap<>();

    /** Orders that a person asked us to modify or cancel. */
    final Set<Long> ordersChangedByPersons = new HashSet<>();

    final Map<Place, Long> traded = new TreeMap<>();

    /** Signed quantity that today's conversions moved into each position, as the engine took them from the broker's lists. */
    final Map<Place, Long> converted = new TreeMap<>();

    final Map<Place, Event.PositionChanged> positions = new TreeMap<>();
    final Map<Place, Long> brokerDifferences = new TreeMap<>();
    final Map<Integer, Event.InstrumentDefined> instruments = new HashMap<>();
    private final Map<String, Integer> instrumentsBySymbol = new HashMap<>();
    private final Map<Share, Long> shares = new HashMap<>();
    long dayOpenedNanos;

    /** Changes of the sender's grant, by sequence. */
    final NavigableMap<Long, Event.GrantChanged> senderGrants = new TreeMap<>();

    final Map<String, Long> sendEpochByTag = new HashMap<>();
    int disagreements;
    long quarantined;
    long lastNanos;

    /** One position: instrument and product. */
    record Place(int instrument, Product product) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byInstrument = Integer.compare(instrument, other.instrument);
            return byInstrument != 0 ? byInstrument : product.compareTo(other.product);
        }
    }

    private record Share(String strategy, Place place) {}

    History(EventReader<Event> reader) {
        this.reader = reader;
    }

    long sequence() {
        return reader.sequence();
    }

    /**
     * Reads on to this sequence.
     *
     * @throws IllegalStateException if the stream does not get there within the deadline
     */
    void readTo(long sequence, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (reader.sequence() < sequence) {
            int limit = (int) Math.min(BATCH, sequence - reader.sequence());
            int read = reader.poll(this::onEvent, limit, Duration.ofMillis(100));
            if (read > 0) {
                deadline = System.nanoTime() + patience.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the event stream ends at " + reader.sequence() + ", expected "
                        + sequence + "; is a trader running?");
            }
        }
    }

    private void onEvent(EventHeader header, Event event) {
        lastNanos = header.logTimeNanos();
        if (event instanceof Event.CheckpointStarted) {
            inCheckpoint = true;
        } else if (event instanceof Event.CheckpointEnded) {
            inCheckpoint = false;
        }
        if (inCheckpoint) {
            return; // repeats what is known
        }
        switch (event) {
            case Event.OrderChanged e -> {
                if (!orders.containsKey(e.orderNumber())) {
                    closingQuantities.put(e.orderNumber(), closing(e));
                }
                orders.put(e.orderNumber(), e);
                orderChangedNanos.put(e.orderNumber(), header.logTimeNanos());
                if (e.origin() == Origin.INTENT && e.state() != OrderState.REFUSED) {
                    intentsByTag.merge(
                            e.tag(),
                            e,
                            (known, next) -> known.orderNumber() <= next.orderNumber()
                                            && known.orderNumber() != next.orderNumber()
                                    ? known
                                    : next);
                }
            }
            case Event.SendRequested e -> {
                if (e.action() == SendAction.PLACE) {
                    placeRequests.merge(e.orderNumber(), 1, Integer::sum);
                    sendEpochByTag.put(e.tag(), e.epoch());
                    sendsByTag.putIfAbsent(e.tag(), header);
                }
            }
            case Event.TradeBooked e -> {
                trades.put(e.tradeId(), e);
                tradeSequences.put(e.tradeId(), header.sequence());
                traded.merge(new Place(e.instrument(), e.product()), signed(e), Math::addExact);
            }
            case Event.PositionConverted e -> {
                converted.merge(new Place(e.instrument(), e.fromProduct()), -e.quantity(), Math::addExact);
                converted.merge(new Place(e.instrument(), e.toProduct()), e.quantity(), Math::addExact);
            }
            case Event.ProfitChanged e ->
                shares.put(new Share(e.strategy(), new Place(e.instrument(), e.product())), e.quantity());
            case Event.OperatorActed e -> changedByPerson(e);
            case Event.PositionChanged e -> positions.put(new Place(e.instrument(), e.product()), e);
            case Event.BrokerPositionSeen e ->
                brokerDifferences.put(new Place(e.instrument(), e.product()), e.difference());
            case Event.DayChanged e -> {
                if (e.phase() == dev.holdfast.protocol.DayPhase.OPEN) {
                    traded.clear(); // openings stand for all that was before
                    converted.clear();
                    dayOpenedNanos = header.logTimeNanos();
                }
            }
            case Event.InstrumentDefined e -> {
                instruments.put(e.instrument(), e);
                instrumentsBySymbol.put(e.symbol(), e.instrument());
            }
            case Event.GrantChanged e -> {
                if (e.kind() == GrantKind.SENDER) {
                    senderGrants.put(header.logTimeNanos(), e);
                }
            }
            case Event.StateHashed e -> disagreements += e.agreed() ? 0 : 1;
            case Event.CommandQuarantined e -> quarantined++;
            default -> {} // of no consequence to the audit
        }
    }

    static long signed(Event.TradeBooked trade) {
        return trade.side() == Side.BUY ? trade.quantity() : -trade.quantity();
    }

    private long closing(Event.OrderChanged order) {
        long share =
                shares.getOrDefault(new Share(order.strategy(), new Place(order.instrument(), order.product())), 0L);
        long held = order.side() == Side.SELL ? share : -share;
        return order.strategy().isEmpty() ? 0 : Math.clamp(held, 0, order.quantity());
    }

    private void changedByPerson(Event.OperatorActed act) {
        boolean changes = act.action().equals("cancel order") || act.action().equals("modify order");
        if (changes && act.result().equals("accepted") && act.target().startsWith(ORDER)) {
            ordersChangedByPersons.add(Long.parseLong(act.target().substring(ORDER.length())));
        }
    }

    boolean knowsSymbol(String symbol) {
        return instrumentsBySymbol.containsKey(symbol);
    }

    int instrument(String symbol) {
        return instrumentsBySymbol.getOrDefault(symbol, 0);
    }

    String symbol(int instrument) {
        Event.InstrumentDefined defined = instruments.get(instrument);
        return defined == null ? "instrument " + instrument : defined.symbol();
    }

    String name(Place place) {
        return symbol(place.instrument()) + " " + place.product();
    }

    /** An order as a difference names it. */
    String text(Event.OrderChanged order) {
        return "order " + order.orderNumber() + " (tag '" + order.tag() + "', " + order.side() + " " + order.quantity()
                + " " + name(new Place(order.instrument(), order.product())) + ")";
    }
}
