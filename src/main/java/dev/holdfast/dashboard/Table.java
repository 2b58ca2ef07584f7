package dev.holdfast.dashboard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Rows with the version at which each last changed, in order of their arrival, at most {@code limit} of them. Not
 * thread-safe.
 */
final class Table<K, V> {

    private record Row<V>(long version, V value) {}

    private final int limit;
    private final Predicate<V> expendable;
    private final Map<K, Row<V>> rows = new LinkedHashMap<>();

    /** @param expendable which rows go first when there are too many; when none is, the oldest goes */
    Table(int limit, Predicate<V> expendable) {
        this.limit = limit;
        this.expendable = expendable;
    }

    void put(K key, V value, long version) {
        rows.put(key, new Row<>(version, value));
        if (rows.size() > limit) {
            dropOne();
        }
    }

    private void dropOne() {
        K oldest = rows.keySet().iterator().next();
        K victim = rows.entrySet().stream()
                .filter(entry -> expendable.test(entry.getValue().value()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(oldest);
        rows.remove(victim);
    }

    @Nullable
    V get(K key) {
        Row<V> row = rows.get(key);
        return row == null ? null : row.value();
    }

    List<V> all() {
        return since(-1);
    }

    /** The rows that changed after this version. */
    List<V> since(long version) {
        List<V> changed = new ArrayList<>();
        for (Row<V> row : rows.values()) {
            if (row.version() > version) {
                changed.add(row.value());
            }
        }
        return changed;
    }

    void clear() {
        rows.clear();
    }
}
