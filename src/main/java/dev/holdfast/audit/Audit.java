package dev.holdfast.audit;

import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.OrderState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares three records that were written independently: the event stream, the database and the exchange's ledger. The
 * ledger is read first, then the log is cut: so each order in the ledger has its intent before the cut or is a phantom.
 */
public final class Audit {

    /** How long ledger and recorder may take to pass the cut. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** An intent that has not been sent, refused or given up by then is lost. */
    static final long HANGING_NANOS = 20_000_000_000L;

    /** Requests outstanding when the grant moves may still arrive for as long as a send may begin and travel. */
    static final long HAND_OVER_NANOS = 4_000_000_000L;

    private static final int MAX_DIFFERENCES = 200;
    private static final Duration RETRY = Duration.ofMillis(100);

    private final Log log;
    private final @Nullable Witness witness;
    private final DatabaseView.Source database;
    private final BrokerProfile profile;

    private final List<String> differences = new ArrayList<>();
    private final Map<String, Boolean> invariants = new LinkedHashMap<>();

    /** @param witness null for a real broker, who keeps no ledger for us */
    public Audit(Log log, @Nullable Witness witness, DatabaseView.Source database, BrokerProfile profile) {
        this.log = log;
        this.witness = witness;
        this.database = database;
        this.profile = profile;
    }

    /** Runs once; takes at most about three times {@link #PATIENCE}. */
    public AuditReport run() {
        List<Witness.Entry> ledger = witness == null ? List.of() : witness.read();
        try (EventReader<Event> reader = log.readAfter(0)) {
            History history = new History(reader);
            cut(history);
            awaitTrades(ledger, history);
            long sequence = history.sequence();
            long lost = 0;
            long duplicated = 0;
            long phantom = 0;
            Long exchangeOrders = null;
            if (witness != null) {
                // What the engine learnt while we waited may be newer than the first reading of the ledger.
                List<Witness.Entry> newest = witness.read();
                exchangeOrders = orders(newest).size() + 0L;
                duplicated = duplicates(newest, history);
                phantom = phantoms(ledger, newest, history);
                lost = lostAtExchange(ledger, history);
                oneSender(newest, history);
                budgets(newest);
            }
            lost += hanging(history);
            long positionDifferences = positions(ledger, history);
            verdict("NoDuplicateOrder", duplicated == 0);
            verdict("NoPhantomOrder", phantom == 0);
            verdict("NoLostIntent", lost == 0);
            verdict("PositionsMatch", positionDifferences == 0);
            verdict("ReplicasAgree", history.disagreements == 0);
            if (history.disagreements > 0) {
                differ(history.disagreements + " state hashes of members disagreed with the majority");
            }
            long held = count(history, OrderState.HELD);
            long uncertain = count(history, OrderState.UNCERTAIN);
            long intents = history.intentsByTag.size();
            long foreign = history.orders.values().stream()
                    .filter(order -> order.origin() != dev.holdfast.types.Origin.INTENT)
                    .count();
            DatabaseView rows = new ProjectionAudit(database, PATIENCE, this::differ).view(sequence);
            Long gap = rows == null ? null : Math.max(0, sequence - rows.sequence());
            verdict(
                    "ProjectionExact",
                    rows != null
                            && rows.sequence() >= sequence
                            && rows.differences().isEmpty());
            boolean ok = invariants.values().stream().allMatch(Boolean::booleanValue);
            return new AuditReport(
                    ok,
                    sequence,
                    exchangeOrders,
                    intents,
                    rows == null ? null : rows.orders(),
                    sequence,
                    lost,
                    duplicated,
                    phantom,
                    foreign,
                    held,
                    uncertain,
                    positionDifferences,
                    gap,
                    invariants,
                    differences);
        }
    }

    private void cut(History history) {
        long sequence = log.submitAndWait(new Command.Probe(), PATIENCE).sequence();
        history.readTo(sequence, PATIENCE);
    }

    /** Every trade the ledger has shown must reach the log; the gateway needs a read of the book for that. */
    private void awaitTrades(List<Witness.Entry> ledger, History history) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!missingTrades(ledger, history).isEmpty() && System.nanoTime() < deadline) {
            pause();
            cut(history);
        }
    }

    private static List<Witness.Traded> missingTrades(List<Witness.Entry> ledger, History history) {
        List<Witness.Traded> missing = new ArrayList<>();
        for (Witness.Entry entry : ledger) {
            if (entry instanceof Witness.Traded trade && !history.tradeIds.contains(trade.tradeId())) {
                missing.add(trade);
            }
        }
        return missing;
    }

    private static Map<String, List<Witness.Accepted>> orders(List<Witness.Entry> ledger) {
        Map<String, List<Witness.Accepted>> byTag = new LinkedHashMap<>();
        for (Witness.Entry entry : ledger) {
            if (entry instanceof Witness.Accepted order && !order.tag().isEmpty()) {
                byTag.computeIfAbsent(order.tag(), none -> new ArrayList<>()).add(order);
            }
        }
        return byTag;
    }

    /** One exchange order for an intent, and not even a second attempt to place it. */
    private long duplicates(List<Witness.Entry> ledger, History history) {
        long duplicated = 0;
        for (Map.Entry<String, List<Witness.Accepted>> tag : orders(ledger).entrySet()) {
            if (tag.getValue().size() > 1) {
                duplicated++;
                differ("tag " + tag.getKey() + " has " + tag.getValue().size() + " orders at the exchange: "
                        + tag.getValue().stream().map(Witness.Accepted::orderId).toList());
            }
        }
        Map<String, Integer> attempts = new HashMap<>();
        for (Witness.Entry entry : ledger) {
            if (entry instanceof Witness.PlaceRequested request
                    && !request.tag().isEmpty()) {
                attempts.merge(request.tag(), 1, Integer::sum);
            }
        }
        for (Map.Entry<String, Integer> tag : attempts.entrySet()) {
            if (tag.getValue() > 1) {
                duplicated++;
                differ("tag " + tag.getKey() + " was POSTed " + tag.getValue() + " times");
            }
        }
        for (Map.Entry<Long, Integer> order : history.placeRequests.entrySet()) {
            if (order.getValue() > 1) {
                duplicated++;
                differ("order " + order.getKey() + " was asked to be placed " + order.getValue() + " times");
            }
        }
        return duplicated;
    }

    private long phantoms(List<Witness.Entry> before, List<Witness.Entry> newest, History history) {
        long phantom = 0;
        for (String tag : orders(before).keySet()) {
            if (!history.intentsByTag.containsKey(tag)) {
                phantom++;
                differ("the exchange has an order with tag " + tag + " and the log has no such intent");
            }
        }
        Map<String, String> known = new HashMap<>();
        for (Witness.Entry entry : newest) {
            if (entry instanceof Witness.Accepted order) {
                known.put(order.orderId(), order.tag());
            }
        }
        for (Event.OrderChanged order : history.orders.values()) {
            if (!order.brokerOrderId().isEmpty() && !known.containsKey(order.brokerOrderId())) {
                phantom++;
                differ("order " + order.orderNumber() + " is " + order.state() + " as " + order.brokerOrderId()
                        + ", which the exchange never had");
            }
        }
        return phantom;
    }

    /** Accepted by the exchange, yet ended here as if it had never been there. */
    private long lostAtExchange(List<Witness.Entry> ledger, History history) {
        java.util.Set<String> adopted = new java.util.HashSet<>();
        history.orders.values().forEach(order -> adopted.add(order.brokerOrderId()));
        long lost = 0;
        for (Witness.Entry entry : ledger) {
            if (!(entry instanceof Witness.Accepted accepted) || adopted.contains(accepted.orderId())) {
                continue;
            }
            Event.OrderChanged order = history.intentsByTag.get(accepted.tag());
            boolean ended = order == null
                    ? accepted.tag().isEmpty() && history.lastNanos - accepted.atNanos() > HANGING_NANOS
                    : order.state().isTerminal();
            if (ended) {
                lost++;
                differ("the exchange has order " + accepted.orderId() + " (tag '" + accepted.tag() + "'), here it is "
                        + (order == null ? "unknown" : order.state() + ": " + order.reason()));
            }
        }
        for (Witness.Traded trade : missingTrades(ledger, history)) {
            lost++;
            differ("trade " + trade.tradeId() + " of order " + trade.orderId() + " is not in the log");
        }
        return lost;
    }

    private long hanging(History history) {
        long lost = 0;
        for (Event.OrderChanged order : history.orders.values()) {
            long age = history.lastNanos
                    - java.util.Objects.requireNonNull(history.orderChangedNanos.get(order.orderNumber()));
            boolean unsent = order.state() == OrderState.COMMITTED || order.state() == OrderState.SENDING;
            if (unsent && age > HANGING_NANOS) {
                lost++;
                differ("order " + order.orderNumber() + " has been " + order.state() + " for " + age / 1_000_000
                        + " ms");
            }
        }
        return lost;
    }

    private long positions(List<Witness.Entry> ledger, History history) {
        long differing = 0;
        for (Map.Entry<History.Place, Event.PositionChanged> entry : history.positions.entrySet()) {
            Event.PositionChanged position = entry.getValue();
            long expected = position.openingQuantity() + history.traded.getOrDefault(entry.getKey(), 0L);
            if (position.quantity() != expected) {
                differing++;
                differ("position " + name(history, entry.getKey()) + " is " + position.quantity()
                        + ", opening plus trades make " + expected);
            }
        }
        if (witness != null) {
            Map<String, Long> quantities = new HashMap<>();
            for (Witness.Entry entry : witness.read()) {
                if (entry instanceof Witness.Traded trade) {
                    quantities.put(trade.tradeId(), trade.signedQuantity());
                }
            }
            for (String tradeId : history.tradeIds) {
                if (!quantities.containsKey(tradeId)) {
                    differing++;
                    differ("trade " + tradeId + " is in the log and the exchange never made it");
                }
            }
        }
        return differing + missingTrades(ledger, history).size();
    }

    private static String name(History history, History.Place place) {
        Event.InstrumentDefined instrument = history.instruments.get(place.instrument());
        return (instrument == null ? "instrument " + place.instrument() : instrument.symbol()) + " " + place.product();
    }

    /** A place that arrived long after its epoch's holder had lost the grant began under an old epoch. */
    private void oneSender(List<Witness.Entry> ledger, History history) {
        Map<Long, Long> endOfEpoch = new HashMap<>();
        Event.GrantChanged previous = null;
        for (Map.Entry<Long, Event.GrantChanged> grant : history.senderGrants.entrySet()) {
            if (previous != null && previous.session() != 0) {
                endOfEpoch.putIfAbsent(previous.epoch(), grant.getKey());
            }
            previous = grant.getValue();
        }
        boolean one = true;
        for (Witness.Entry entry : ledger) {
            if (entry instanceof Witness.PlaceRequested request) {
                Long epoch = history.sendEpochByTag.get(request.tag());
                Long end = epoch == null ? null : endOfEpoch.get(epoch);
                if (end != null && request.atNanos() > end + HAND_OVER_NANOS) {
                    one = false;
                    differ("tag " + request.tag() + " of epoch " + epoch + " arrived "
                            + (request.atNanos() - end) / 1_000_000 + " ms after that epoch had ended");
                }
            }
        }
        verdict("OneSender", one);
    }

    private void budgets(List<Witness.Entry> ledger) {
        int perSecond = profile == BrokerProfile.KITE ? 10 : 50;
        int perMinute = profile == BrokerProfile.KITE ? 400 : 3_000;
        verdict("BudgetsHold", within(ledger, 1_000_000_000L, perSecond) && within(ledger, 60_000_000_000L, perMinute));
    }

    private boolean within(List<Witness.Entry> ledger, long windowNanos, int limit) {
        ArrayDeque<Long> window = new ArrayDeque<>();
        for (Witness.Entry entry : ledger) {
            if (!(entry instanceof Witness.Requested request)) {
                continue;
            }
            while (!window.isEmpty() && window.getFirst() <= request.atNanos() - windowNanos) {
                window.removeFirst();
            }
            window.addLast(request.atNanos());
            if (window.size() > limit) {
                differ("more than " + limit + " order requests within " + windowNanos / 1_000_000_000L + " s");
                return false;
            }
        }
        return true;
    }

    private static long count(History history, OrderState state) {
        return history.orders.values().stream()
                .filter(order -> order.state() == state)
                .count();
    }

    private void verdict(String invariant, boolean holds) {
        invariants.merge(invariant, holds, Boolean::logicalAnd);
    }

    private void differ(String difference) {
        if (differences.size() < MAX_DIFFERENCES) {
            differences.add(difference);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the audit was interrupted");
        }
    }
}
