package dev.holdfast.audit;

import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.OrderState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
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

    private static final Duration RETRY = Duration.ofMillis(100);

    private final Log log;
    private final @Nullable Witness witness;
    private final DatabaseView.Source database;
    private final BrokerProfile profile;

    private final Findings findings = new Findings();

    /** @param witness null for a real broker, who keeps no ledger for us */
    public Audit(Log log, @Nullable Witness witness, DatabaseView.Source database, BrokerProfile profile) {
        this.log = log;
        this.witness = witness;
        this.database = database;
        this.profile = profile;
    }

    /** Runs once; takes at most about three times {@link #PATIENCE}. */
    public AuditReport run() {
        LedgerStory ledger = new LedgerStory(witness == null ? List.of() : witness.read());
        try (EventReader<Event> reader = log.readAfter(0)) {
            History history = new History(reader);
            OrderComparison orders = new OrderComparison(history, findings);
            PositionComparison positions = new PositionComparison(history, findings, witness != null);
            cut(history);
            awaitPositions(ledger, positions, history);
            long sequence = history.sequence();
            long lost = 0;
            long duplicated = 0;
            long phantom = 0;
            long positionDifferences;
            Long exchangeOrders = null;
            if (witness != null) {
                // What the engine learnt while we waited may be newer than the first reading of the ledger.
                LedgerStory newest = new LedgerStory(witness.read());
                exchangeOrders = newest.oursByTag.size() + 0L;
                duplicated = orders.duplicated(newest);
                phantom = orders.phantom(ledger, newest);
                lost = orders.lost(ledger) + lostTrades(ledger, positions);
                orders.strangersUntouched(newest);
                new ExitComparison(newest, history, findings).compare();
                oneSender(newest, history);
                budgets(newest.entries);
                positionDifferences = positions.compare(ledger, newest)
                        + positions.compareTrades(newest)
                        + positions.missing(ledger).size();
            } else {
                positionDifferences = positions.compare(ledger, ledger);
            }
            lost += orders.hanging();
            findings.verdict("NoDuplicateOrder", duplicated == 0);
            findings.verdict("NoPhantomOrder", phantom == 0);
            findings.verdict("NoLostIntent", lost == 0);
            findings.verdict("PositionsMatch", positionDifferences == 0);
            findings.verdict("ReplicasAgree", history.disagreements == 0);
            if (history.disagreements > 0) {
                findings.differ(history.disagreements + " state hashes of members disagreed with the majority");
            }
            long held = count(history, OrderState.HELD);
            long uncertain = count(history, OrderState.UNCERTAIN);
            long intents = history.intentsByTag.size();
            long foreign = history.orders.values().stream()
                    .filter(order -> order.origin() != dev.holdfast.types.Origin.INTENT)
                    .count();
            DatabaseView rows = new ProjectionAudit(database, PATIENCE, findings::differ).view(sequence);
            Long gap = rows == null ? null : Math.max(0, sequence - rows.sequence());
            findings.verdict(
                    "ProjectionExact",
                    rows != null
                            && rows.sequence() >= sequence
                            && rows.differences().isEmpty());
            return new AuditReport(
                    findings.ok(),
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
                    findings.invariants(),
                    findings.differences(),
                    findings.races());
        }
    }

    private void cut(History history) {
        long sequence = log.submitAndWait(new Command.Probe(), PATIENCE).sequence();
        history.readTo(sequence, PATIENCE);
    }

    /** Every trade and conversion the ledger has shown must reach the log; the gateway needs a read of the book for that. */
    private void awaitPositions(LedgerStory ledger, PositionComparison positions, History history) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!positions.caughtUp(ledger) && System.nanoTime() < deadline) {
            pause();
            cut(history);
        }
    }

    private long lostTrades(LedgerStory ledger, PositionComparison positions) {
        List<Witness.Traded> missing = positions.missing(ledger);
        missing.forEach(trade -> findings.differ(
                "lost: trade " + trade.tradeId() + " of " + ledger.text(trade.orderId()) + " is not in the log"));
        return missing.size();
    }

    /** A place that arrived long after its epoch's holder had lost the grant began under an old epoch. */
    private void oneSender(LedgerStory ledger, History history) {
        Map<Long, Long> endOfEpoch = new HashMap<>();
        Event.GrantChanged previous = null;
        for (Map.Entry<Long, Event.GrantChanged> grant : history.senderGrants.entrySet()) {
            if (previous != null && previous.session() != 0) {
                endOfEpoch.putIfAbsent(previous.epoch(), grant.getKey());
            }
            previous = grant.getValue();
        }
        boolean one = true;
        for (Witness.Entry entry : ledger.entries) {
            if (entry instanceof Witness.PlaceRequested request) {
                Long epoch = history.sendEpochByTag.get(request.tag());
                Long end = epoch == null ? null : endOfEpoch.get(epoch);
                if (end != null && request.atNanos() > end + HAND_OVER_NANOS) {
                    one = false;
                    findings.differ("tag " + request.tag() + " of epoch " + epoch + " arrived "
                            + (request.atNanos() - end) / 1_000_000 + " ms after that epoch had ended");
                }
            }
        }
        findings.verdict("OneSender", one);
    }

    private void budgets(List<Witness.Entry> ledger) {
        int perSecond = profile == BrokerProfile.KITE ? 10 : 50;
        int perMinute = profile == BrokerProfile.KITE ? 400 : 3_000;
        findings.verdict(
                "BudgetsHold", within(ledger, 1_000_000_000L, perSecond) && within(ledger, 60_000_000_000L, perMinute));
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
                findings.differ("more than " + limit + " order requests within " + windowNanos / 1_000_000_000L + " s");
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

    private static void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the audit was interrupted");
        }
    }
}
