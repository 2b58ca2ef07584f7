package dev.holdfast.engine;

import java.util.Map;
import java.util.TreeMap;

/** Reads of the broker's book under way, and when the last clean one began. */
final class Reads {

    static final int MAX_OPEN = 16;

    private final Map<Long, Read> open = new TreeMap<>();
    private final Map<Long, Map<Positions.Key, Positions.Holding>> openings = new TreeMap<>();
    private long lastCleanBeganNanos;
    private long lastCleanReadId;

    record Read(long readId, long beganNanos) {}

    void begin(long session, long readId, long now) {
        if (open.size() >= MAX_OPEN) {
            open.clear(); // sessions that died; the living begin anew with their next read
            openings.clear();
        }
        open.put(session, new Read(readId, now));
        openings.remove(session);
    }

    /** When that read began, or -1 if it is not the session's present one. */
    long began(long session, long readId) {
        Read read = open.get(session);
        return read == null || read.readId != readId ? -1 : read.beganNanos;
    }

    void opening(long session, Positions.Key key, Positions.Holding holding) {
        Map<Positions.Key, Positions.Holding> rows = openings.computeIfAbsent(session, none -> new TreeMap<>());
        Positions.Holding known = rows.get(key);
        rows.put(
                key,
                known == null
                        ? holding
                        : new Positions.Holding(
                                Math.addExact(known.quantity(), holding.quantity()),
                                Math.addExact(known.costPaise(), holding.costPaise()),
                                0));
    }

    Map<Positions.Key, Positions.Holding> openings(long session) {
        return openings.getOrDefault(session, Map.of());
    }

    void endedClean(long readId, long beganNanos) {
        lastCleanReadId = readId;
        lastCleanBeganNanos = Math.max(lastCleanBeganNanos, beganNanos);
    }

    long lastCleanReadId() {
        return lastCleanReadId;
    }

    long lastCleanBeganNanos() {
        return lastCleanBeganNanos;
    }

    void save(StateWriter out) {
        out.number(lastCleanReadId);
        out.number(lastCleanBeganNanos);
        out.number(open.size());
        open.forEach((session, read) -> {
            out.number(session);
            out.number(read.readId);
            out.number(read.beganNanos);
        });
        out.number(openings.size());
        openings.forEach((session, rows) -> {
            out.number(session);
            out.number(rows.size());
            rows.forEach((key, holding) -> {
                out.number(key.instrument());
                out.text(key.product().name());
                out.number(holding.quantity());
                out.number(holding.costPaise());
            });
        });
    }

    void load(StateReader in) {
        lastCleanReadId = in.number();
        lastCleanBeganNanos = in.number();
        for (int n = in.integer(); n > 0; n--) {
            open.put(in.number(), new Read(in.number(), in.number()));
        }
        for (int n = in.integer(); n > 0; n--) {
            long session = in.number();
            for (int m = in.integer(); m > 0; m--) {
                Positions.Key key = new Positions.Key(in.integer(), dev.holdfast.types.Product.valueOf(in.text()));
                opening(session, key, new Positions.Holding(in.number(), in.number(), 0));
            }
        }
    }
}
