package dev.holdfast.engine;

import dev.holdfast.types.Product;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads of the broker's book under way, and when the last clean one began. */
final class Reads {

    static final int MAX_OPEN = 16;

    private final Map<Long, Read> open = new TreeMap<>();
    private final Map<Long, Map<Positions.Key, Positions.Holding>> openings = new TreeMap<>();

    /**
     * The broker's positions as each session told them last. One session's figures say nothing of another's: two gateways read at
     * the same time, and each reports only what changed for itself.
     */
    private final Map<Long, Map<Positions.Key, Long>> figures = new TreeMap<>();

    private long lastCleanBeganNanos;
    private long lastCleanReadId;

    /** The least and the largest quantity the account had of a position while a read ran. */
    record Range(long least, long most) {
        Range with(long quantity) {
            return new Range(Math.min(least, quantity), Math.max(most, quantity));
        }
    }

    /** @param ranges of the positions that changed since it began; changed only when a decision is applied */
    record Read(long readId, long beganNanos, Map<Positions.Key, Range> ranges) {
        Range range(Positions.Key key, long now) {
            Range range = ranges.get(key);
            return range == null ? new Range(now, now) : range.with(now);
        }
    }

    /** The account's quantity of this position changed. */
    void positionChanged(Positions.Key key, long before, long after) {
        for (Read read : open.values()) {
            read.ranges.merge(
                    key,
                    new Range(before, before).with(after),
                    (known, change) -> known.with(before).with(after));
        }
    }

    void begin(long session, long readId, long now) {
        if (open.size() >= MAX_OPEN) {
            open.clear(); // sessions that died; the living begin anew with their next read
            openings.clear();
            figures.clear();
        }
        open.put(session, new Read(readId, now, new TreeMap<>()));
        openings.remove(session);
        figures.computeIfAbsent(session, _ -> new TreeMap<>());
    }

    /** Whether this session's earlier figures are known, so that it need report only what changed. */
    boolean knowsFigures(long session) {
        return open.size() < MAX_OPEN && figures.containsKey(session);
    }

    void figure(long session, Positions.Key key, long quantity) {
        Map<Positions.Key, Long> told = figures.get(session);
        if (told != null) {
            told.put(key, quantity);
        }
    }

    /** All the broker's positions as this session told them; null when a new day began since, until its next read. */
    @Nullable
    Map<Positions.Key, Long> figures(long session) {
        return figures.get(session);
    }

    void dayOpens() {
        figures.clear();
    }

    /** When that read began, or -1 if it is not the session's present one. */
    long began(long session, long readId) {
        Read read = open.get(session);
        return read == null || read.readId != readId ? -1 : read.beganNanos;
    }

    /** The session's present read if it is this one. */
    @Nullable
    Read present(long session, long readId) {
        Read read = open.get(session);
        return read == null || read.readId != readId ? null : read;
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
            out.number(read.ranges.size());
            read.ranges.forEach((key, range) -> {
                out.number(key.instrument());
                out.text(key.product().name());
                out.number(range.least);
                out.number(range.most);
            });
        });
        out.number(figures.size());
        figures.forEach((session, told) -> {
            out.number(session);
            out.number(told.size());
            told.forEach((key, quantity) -> {
                out.number(key.instrument());
                out.text(key.product().name());
                out.number(quantity);
            });
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
            long session = in.number();
            Read read = new Read(in.number(), in.number(), new TreeMap<>());
            for (int m = in.version() < 4 ? 0 : in.integer(); m > 0; m--) {
                read.ranges.put(
                        new Positions.Key(in.integer(), Product.valueOf(in.text())),
                        new Range(in.number(), in.number()));
            }
            open.put(session, read);
        }
        for (int n = in.version() < 4 ? 0 : in.integer(); n > 0; n--) {
            Map<Positions.Key, Long> told = figures.computeIfAbsent(in.number(), _ -> new TreeMap<>());
            for (int m = in.integer(); m > 0; m--) {
                told.put(new Positions.Key(in.integer(), Product.valueOf(in.text())), in.number());
            }
        }
        for (int n = in.integer(); n > 0; n--) {
            long session = in.number();
            for (int m = in.integer(); m > 0; m--) {
                Positions.Key key = new Positions.Key(in.integer(), Product.valueOf(in.text()));
                opening(session, key, new Positions.Holding(in.number(), in.number(), 0));
            }
        }
    }
}
