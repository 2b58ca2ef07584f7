package dev.holdfast.projection;

import dev.holdfast.projection.Tables.AuditEntry;
import dev.holdfast.projection.Tables.AuditEntry.Kind;
import dev.holdfast.projection.Tables.TradeOnExchange;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of consecutive events, not yet written: of a present state only its newest. Used by one thread. */
final class Batch {

    private final Map<Integer, String> exchanges;
    private final Map<Table<?>, Map<Object, Object[]>> rows = new HashMap<>();
    private EventHeader last;
    private boolean inCheckpoint;
    private boolean endsOnDigest;
    private int size;

    /**
     * @param last the event before the first to be added
     * @param exchanges of the instruments defined before this batch, by their number
     */
    Batch(EventHeader last, Map<Integer, String> exchanges) {
        this.last = last;
        this.exchanges = new HashMap<>(exchanges);
    }

    void add(EventHeader header, Event event) {
        last = header;
        endsOnDigest = false;
        if (event instanceof Event.CheckpointEnded) {
            inCheckpoint = false;
        } else if (!inCheckpoint) {
            addRows(header, event);
        }
    }

    private void addRows(EventHeader header, Event event) {
        switch (event) {
            case Event.CheckpointStarted _ -> inCheckpoint = true;
            case Event.Digest _ -> endsOnDigest = true;
            case Event.InstrumentDefined e -> {
                exchanges.put(e.instrument(), e.exchange());
                put(Tables.INSTRUMENTS, header, e);
            }
            case Event.OrderChanged e -> {
                put(Tables.ORDERS, header, e);
                put(Tables.ORDER_HISTORY, header, e);
            }
            case Event.TradeBooked e -> put(Tables.TRADES, header, new TradeOnExchange(e, exchange(e.instrument())));
            case Event.PositionChanged e -> put(Tables.POSITIONS, header, e);
            case Event.ProfitChanged e -> put(Tables.PROFIT, header, e);
            case Event.BarApplied e -> put(Tables.CANDLES, header, e);
            case Event.OperatorActed e ->
                put(
                        Tables.AUDIT,
                        header,
                        new AuditEntry(Kind.ACTION, e.user(), e.action(), e.target(), e.reason(), e.result()));
            case Event.SwitchChanged e -> {
                String action = e.kind() + (e.engaged() ? " engaged" : " released");
                String target = e.scope() + (e.target().isEmpty() ? "" : " " + e.target());
                put(Tables.AUDIT, header, new AuditEntry(Kind.SWITCH, e.user(), action, target, e.reason(), ""));
            }
            case Event.StrategyChanged e ->
                put(
                        Tables.AUDIT,
                        header,
                        new AuditEntry(Kind.STRATEGY, e.user(), e.state().name(), e.name(), e.reason(), e.kind()));
            case Event.Alarm e ->
                put(
                        Tables.AUDIT,
                        header,
                        new AuditEntry(Kind.ALARM, "", e.severity().name(), e.subject(), e.text(), ""));
            // Of the moment, or kept in the event stream alone.
            case Event.CheckpointEnded _,
                    Event.EngineConfigured _,
                    Event.DayChanged _,
                    Event.GrantChanged _,
                    Event.SendRequested _,
                    Event.BrokerPositionSeen _,
                    Event.TickApplied _,
                    Event.FeedChanged _,
                    Event.BrokerSessionChanged _,
                    Event.ReadCompleted _,
                    Event.OddRowSeen _,
                    Event.OrderTermsSeen _,
                    Event.PositionConverted _,
                    Event.CommandQuarantined _,
                    Event.Pulse _,
                    Event.StateHashed _ -> {}
        }
    }

    /** The last event added. */
    EventHeader last() {
        return last;
    }

    /** Whether the last event is a digest, which sums up exactly these rows and those before. */
    boolean endsOnDigest() {
        return endsOnDigest;
    }

    /**
     * Whether the engine's digests still tell what the tables hold if the batch ends here: at a digest, or while none of the
     * rows waiting is of a table that has one.
     */
    boolean mayEnd() {
        return endsOnDigest
                || (!inCheckpoint
                        && Tables.DIGESTED.stream()
                                .allMatch(table -> rows(table).isEmpty()));
    }

    boolean inCheckpoint() {
        return inCheckpoint;
    }

    /** Rows held, which is what bounds its memory. */
    int size() {
        return size;
    }

    Collection<Object[]> rows(Table<?> table) {
        return rows.getOrDefault(table, Map.of()).values();
    }

    /** Gives the rows of one table away and forgets them. */
    Collection<Object[]> drain(Table<?> table) {
        Map<Object, Object[]> drained = rows.remove(table);
        size -= drained == null ? 0 : drained.size();
        return drained == null ? List.of() : drained.values();
    }

    /** Forgets the rows, which are written now; it still knows where it stands. */
    void clear() {
        rows.clear();
        size = 0;
    }

    private <E> void put(Table<E> table, EventHeader header, E source) {
        Object[] row = table.row(header, source);
        Object key = table.keyColumns() == 1 ? row[0] : table.key(row);
        Map<Object, Object[]> known = rows.computeIfAbsent(table, _ -> new LinkedHashMap<>());
        boolean isNew = switch (table.conflict()) {
            case REPLACE, FAIL -> known.put(key, row) == null;
            case KEEP -> known.putIfAbsent(key, row) == null;
        };
        if (isNew) {
            size++;
        }
    }

    private String exchange(int instrument) {
        String exchange = exchanges.get(instrument);
        if (exchange == null) {
            throw new IllegalStateException("event " + last.sequence() + " is a trade of instrument " + instrument
                    + ", which neither the database nor an event before it defines");
        }
        return exchange;
    }
}
