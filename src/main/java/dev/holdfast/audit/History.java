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

    private final EventReader<Event> reader;
    private boolean inCheckpoint;

    final Map<Long, Event.OrderChanged> orders = new TreeMap<>();
    final Map<String, Event.OrderChanged> intentsByTag = new HashMap<>();
    final Map<Long, Long> orderChangedNanos = new HashMap<>();
    final Map<Long, Integer> placeRequests = new HashMap<>();
    final Set<String> tradeIds = new HashSet<>();
    final Map<Place, Long> traded = new TreeMap<>();
    final Map<Place, Event.PositionChanged> positions = new TreeMap<>();
    final Map<Place, Long> brokerDifferences = new TreeMap<>();
    final Map<Integer, Event.InstrumentDefined> instruments = new HashMap<>();

    /** Row events since the last digest, by the sequence of the newest: a recorder never stops there. */
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
                }
            }
            case Event.TradeBooked e -> {
                tradeIds.add(e.tradeId());
                traded.merge(
                        new Place(e.instrument(), e.product()),
                        e.side() == Side.BUY ? e.quantity() : -e.quantity(),
                        Math::addExact);
            }
            case Event.PositionConverted e -> {
                traded.merge(new Place(e.instrument(), e.fromProduct()), -e.quantity(), Math::addExact);
                traded.merge(new Place(e.instrument(), e.toProduct()), e.quantity(), Math::addExact);
            }
            case Event.PositionChanged e -> positions.put(new Place(e.instrument(), e.product()), e);
            case Event.BrokerPositionSeen e ->
                brokerDifferences.put(new Place(e.instrument(), e.product()), e.difference());
            case Event.DayChanged e -> {
                if (e.phase() == dev.holdfast.protocol.DayPhase.OPEN) {
                    traded.clear(); // openings stand for all that was before
                }
            }
            case Event.InstrumentDefined e -> instruments.put(e.instrument(), e);
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
}
