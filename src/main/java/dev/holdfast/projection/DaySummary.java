package dev.holdfast.projection;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The day in a few figures. Used by one thread. */
final class DaySummary {

    private record PositionKey(int instrument, String product) {}

    private final Map<PositionKey, Event.PositionChanged> positions = new HashMap<>();
    private final Set<Long> liveOrders = new HashSet<>();
    private EventHeader last = new EventHeader(0, 0, 0);
    private int day;
    private String phase = "NONE";
    private boolean canTrade;
    private String reason = "";
    private boolean changed;

    void reset() {
        positions.clear();
        liveOrders.clear();
    }

    void apply(EventHeader header, Event event) {
        switch (event) {
            case Event.DayChanged e -> {
                day = e.day();
                phase = e.phase().name();
            }
            case Event.PositionChanged e ->
                positions.put(new PositionKey(e.instrument(), e.product().name()), e);
            case Event.OrderChanged e -> {
                if (e.state().isTerminal()) {
                    liveOrders.remove(e.orderNumber());
                } else {
                    liveOrders.add(e.orderNumber());
                }
            }
            case Event.Pulse e -> {
                canTrade = e.canTrade();
                reason = e.reason();
            }
            default -> {
                return; // a summary of the day says nothing about the rest
            }
        }
        last = header;
        changed = true;
    }

    boolean isChanged() {
        return changed;
    }

    void written() {
        changed = false;
    }

    /** Makes the next writing write everything, unless no event has come yet. */
    void writeAgain() {
        changed = last.sequence() > 0;
    }

    Map<String, String> fields() {
        Map<String, String> fields = new TreeMap<>();
        fields.put("sequence", Long.toString(last.sequence()));
        fields.put("logTimeNanos", Long.toString(last.logTimeNanos()));
        fields.put("day", Integer.toString(day));
        fields.put("phase", phase);
        fields.put("canTrade", Boolean.toString(canTrade));
        fields.put("reason", reason);
        fields.put("liveOrders", Integer.toString(liveOrders.size()));
        fields.put("openPositions", Long.toString(openPositions()));
        fields.put("realisedPaise", Long.toString(realisedPaise()));
        return fields;
    }

    private long openPositions() {
        return positions.values().stream()
                .filter(position -> position.quantity() != 0)
                .count();
    }

    /** A position not touched today still carries its last day's figure. */
    private long realisedPaise() {
        return positions.values().stream()
                .filter(position -> position.day() == day)
                .mapToLong(Event.PositionChanged::realisedPaise)
                .reduce(0, Math::addExact);
    }
}
