package dev.holdfast.projection;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The recorder's database in memory, for the simulator: the same tables, the same rule for a commit, and the faults a real one
 * has. Used by one thread.
 */
public class MemoryDatabase {

    /** Commits that can still be lost, as those a standby had not received. */
    private static final int MAX_UNDO = 64;

    /** SQLSTATE of a broken connection. */
    private static final String CONNECTION_FAILURE = "08006";

    /** SQLSTATE of a key that is there already. */
    private static final String UNIQUE_VIOLATION = "23505";

    private final Map<Table<?>, Map<List<Object>, Object[]>> tables = new HashMap<>();
    private final Deque<Undo> undo = new ArrayDeque<>();
    private RecorderPosition position = new RecorderPosition(0, 0, 1);
    private boolean away;
    private boolean losesNextAnswer;
    private long generation;
    private int doubleWrites;

    /** What one commit changed: the rows it replaced, null where there was none. */
    private record Undo(RecorderPosition before, Map<Table<?>, Map<List<Object>, Object @Nullable []>> rows) {}

    public MemoryDatabase() {
        for (Table<?> table : Tables.ALL) {
            tables.put(table, new HashMap<>());
        }
    }

    RowStore open() throws SQLException {
        requireHere();
        return new Connection(generation);
    }

    /** The last event whose rows are here. */
    public long sequence() {
        return position.sequence();
    }

    /** How often a recorder tried to write an event's row a second time, and only the key prevented it. */
    public int doubleWrites() {
        return doubleWrites;
    }

    /** Cannot be reached, and existing connections break, until it is back. */
    public void away(boolean isAway) {
        away = isAway;
        breakConnections();
    }

    public void breakConnections() {
        generation++;
    }

    /** The next commit is done and its answer lost. */
    public void loseNextAnswer() {
        losesNextAnswer = true;
    }

    /** A standby that missed the last commits takes over: rows and position go back together, under a new term. */
    public void loseLastCommits(int commits) {
        for (int lost = 0; lost < commits && !undo.isEmpty(); lost++) {
            Undo last = undo.removeLast();
            last.rows.forEach((table, rows) -> rows.forEach((key, replaced) -> {
                if (replaced == null) {
                    rows(table).remove(key);
                } else {
                    rows(table).put(key, replaced);
                }
            }));
            position = last.before;
        }
        position = new RecorderPosition(position.sequence(), position.chainHash(), position.term() + 1);
        breakConnections();
    }

    /** Whether this recorder may write here: the rule that makes each event's rows appear exactly once. */
    boolean mayMove(RecorderPosition from) {
        return position.sequence() == from.sequence() && position.term() == from.term();
    }

    /**
     * What differs between the rows here and those of the events up to this database's position, all folded at once.
     *
     * @return empty when nothing does
     */
    public String difference(ExpectedRows expected) {
        for (Table<?> table : Tables.ALL) {
            Map<List<Object>, Object[]> here = rows(table);
            int count = 0;
            for (Object[] row : expected.rows(table)) {
                count++;
                Object[] found = here.get(table.key(row));
                if (!Arrays.equals(row, found)) {
                    return "table " + table.name() + " at event " + position.sequence() + " holds "
                            + Arrays.toString(found) + ", expected " + Arrays.toString(row);
                }
            }
            if (count != here.size()) {
                return "table " + table.name() + " at event " + position.sequence() + " has " + here.size()
                        + " rows, expected " + count;
            }
        }
        return "";
    }

    private Map<List<Object>, Object[]> rows(Table<?> table) {
        return Objects.requireNonNull(tables.get(table));
    }

    private void requireHere() throws SQLException {
        if (away) {
            throw new SQLException("no primary can be reached", CONNECTION_FAILURE);
        }
    }

    private void write(RecorderPosition to, Batch batch) throws SQLException {
        Map<Table<?>, Map<List<Object>, Object @Nullable []>> before = new HashMap<>();
        for (Table<?> table : Tables.ALL) {
            for (Object[] row : batch.rows(table)) {
                if (table.conflict() == Table.Conflict.FAIL && rows(table).containsKey(table.key(row))) {
                    doubleWrites++;
                    throw new SQLException("duplicate key " + table.key(row) + " in " + table.name(), UNIQUE_VIOLATION);
                }
            }
        }
        for (Table<?> table : Tables.ALL) {
            Map<List<Object>, Object @Nullable []> replaced = new HashMap<>();
            for (Object[] row : batch.rows(table)) {
                List<Object> key = table.key(row);
                Object[] known = rows(table).get(key);
                if (known == null || table.conflict() != Table.Conflict.KEEP) {
                    replaced.put(key, known);
                    rows(table).put(key, row);
                }
            }
            before.put(table, replaced);
        }
        undo.addLast(new Undo(position, before));
        if (undo.size() > MAX_UNDO) {
            Iterator<Undo> oldest = undo.iterator();
            oldest.next();
            oldest.remove();
        }
        position = to;
    }

    private final class Connection implements RowStore {
        private final long openedIn;

        Connection(long openedIn) {
            this.openedIn = openedIn;
        }

        private void requireOpen() throws SQLException {
            requireHere();
            if (openedIn != generation) {
                throw new SQLException("the connection broke", CONNECTION_FAILURE);
            }
        }

        @Override
        public void check() throws SQLException {
            requireOpen();
        }

        @Override
        public RecorderPosition position() throws SQLException {
            requireOpen();
            return position;
        }

        @Override
        public Map<Integer, String> exchanges() throws SQLException {
            requireOpen();
            Map<Integer, String> exchanges = new HashMap<>();
            rows(Tables.INSTRUMENTS).values().forEach(row -> exchanges.put((Integer) row[0], (String) row[1]));
            return exchanges;
        }

        @Override
        public RecorderPosition commit(RecorderPosition from, Batch batch) throws SQLException, PositionMoved {
            requireOpen();
            if (!mayMove(from)) {
                throw new PositionMoved(from);
            }
            RecorderPosition to =
                    new RecorderPosition(batch.last().sequence(), batch.last().chainHash(), from.term());
            write(to, batch);
            if (losesNextAnswer) {
                losesNextAnswer = false;
                throw new SQLException("the connection broke before the commit was answered", CONNECTION_FAILURE);
            }
            return to;
        }

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }
}
