package dev.holdfast.projection;

import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares every row of the recorder's tables with what the log makes of it, in one snapshot of the database, up to the position that
 * the recorder had reached there. Present states are held in memory; histories, which are longest, pass by in order.
 */
public final class RowComparison {

    /** Differences named of one table. */
    static final int SHOWN = 20;

    private static final int FETCH_ROWS = 1_000;
    private static final int POLL_EVENTS = 1_000;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int LONGEST_VALUE = 80;

    private final Connection connection;
    private final Map<Table<?>, Differences> differences = new LinkedHashMap<>();
    private final Map<Table<?>, History> histories = new LinkedHashMap<>();
    private final Batch expected = new Batch(new EventHeader(0, 0, 0), Map.of());
    private final Set<String> unreadable = new HashSet<>();
    private Event.@Nullable Digest digest;

    /**
     * @param sequence of the last event that the rows should contain
     * @param orders rows of the table of orders
     * @param rows compared in all tables
     * @param differences one line each, with table, key, what was expected and what was found; at most {@value #SHOWN} of a table,
     *     then how many more there are
     */
    public record Result(long sequence, long orders, long rows, List<String> differences) {
        public Result {
            differences = List.copyOf(differences);
        }
    }

    private RowComparison(Connection connection) {
        this.connection = connection;
        Tables.ALL.forEach(table -> differences.put(table, new Differences(table)));
    }

    /**
     * @param connection in a REPEATABLE READ transaction of its own
     * @param patience with a log that gives no event that it must have
     */
    static Result compare(Connection connection, Log log, Duration patience) throws SQLException {
        return new RowComparison(connection).compare(log, patience);
    }

    private Result compare(Log log, Duration patience) throws SQLException {
        List<String> lines = new ArrayList<>();
        for (TableCheck.Finding finding : TableCheck.find(connection)) {
            unreadable.add(finding.table());
            lines.add(finding.text());
        }
        long sequence = unreadable.contains(TableCheck.POSITION) ? newest(log) : position();
        for (Table<?> table : Tables.ALL) {
            if (table.conflict() == Table.Conflict.FAIL && readable(table)) {
                histories.put(table, new History(table));
            }
        }
        fold(log, sequence, patience);
        for (Table<?> table : Tables.ALL) {
            History history = histories.get(table);
            if (history != null) {
                history.end();
            } else if (readable(table)) {
                compareStates(table);
            }
        }
        differences.values().forEach(each -> each.tell(lines));
        Event.Digest told = digest;
        if (lines.isEmpty() && told != null && !DatabaseDigest.read(connection).matches(told)) {
            lines.add("the rows are those of the log, and the engine's digest of them is another: the engine's error");
        }
        return new Result(
                sequence,
                of(Tables.ORDERS).rows,
                differences.values().stream().mapToLong(each -> each.compared).sum(),
                lines);
    }

    private boolean readable(Table<?> table) {
        return !unreadable.contains(table.name());
    }

    private static long newest(Log log) {
        return log.submitAndWait(new Command.Probe(), Duration.ofSeconds(5)).sequence();
    }

    private long position() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT sequence FROM " + TableCheck.POSITION)) {
            if (!row.next()) {
                throw new SQLException("the one row of recorder_position was deleted;"
                        + " ./holdfast rebuild rows --reason TEXT writes the tables anew from the log");
            }
            return row.getLong(1);
        }
    }

    private void fold(Log log, long sequence, Duration patience) throws SQLException {
        long deadline = System.nanoTime() + patience.toNanos();
        try (EventReader<Event> reader = log.readAfter(0)) {
            while (reader.sequence() < sequence) {
                int limit = (int) Math.min(POLL_EVENTS, sequence - reader.sequence());
                if (reader.poll(this::expect, limit, POLL) > 0) {
                    deadline = System.nanoTime() + patience.toNanos();
                } else if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("the event stream ends at " + reader.sequence()
                            + ", and recorder_position is at " + sequence
                            + ": is a trader running, or was the position set by"
                            + " hand?");
                }
                for (History history : histories.values()) {
                    for (Object[] row : expected.drain(history.table)) {
                        history.expect(row);
                    }
                }
            }
        }
    }

    private void expect(EventHeader header, Event event) {
        expected.add(header, event);
        if (event instanceof Event.Digest newest) {
            digest = newest;
        }
    }

    private void compareStates(Table<?> table) throws SQLException {
        Map<Object, Object[]> rows = new HashMap<>();
        expected.rows(table).forEach(row -> rows.put(table.key(row), row));
        Differences found = of(table);
        try (Statement statement = statement();
                ResultSet here = statement.executeQuery(table.select())) {
            while (here.next()) {
                Object[] row = read(table, here);
                found.compare(row, rows.remove(table.key(row)));
            }
        }
        rows.values().stream()
                .sorted((one, other) -> compareKeys(table.key(one), table.key(other)))
                .forEach(found::missing);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // keys of one table are of the same types
    private static int compareKeys(List<Object> one, List<Object> other) {
        for (int part = 0; part < one.size(); part++) {
            int order = ((Comparable) one.get(part)).compareTo(other.get(part));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private Differences of(Table<?> table) {
        return Objects.requireNonNull(differences.get(table));
    }

    private Statement statement() throws SQLException {
        Statement statement = connection.createStatement();
        statement.setFetchSize(FETCH_ROWS);
        return statement;
    }

    private static Object[] read(Table<?> table, ResultSet here) throws SQLException {
        Object[] row = new Object[table.columns().size()];
        for (int column = 0; column < row.length; column++) {
            int place = column + 1;
            Object value = switch (table.columns().get(column).type()) {
                case "bigint" -> here.getLong(place);
                case "integer" -> here.getInt(place);
                case "boolean" -> here.getBoolean(place);
                default -> here.getString(place); // a date as the driver writes it, which is ISO
            };
            row[column] = here.wasNull() ? "null" : value;
        }
        return row;
    }

    /** Rows of a table that is keyed by sequence: those of the log and those of the database pass side by side. */
    private final class History {
        private final Table<?> table;
        private final Differences found;
        private final Statement statement;
        private final ResultSet here;
        private Object @Nullable [] next;

        History(Table<?> table) throws SQLException {
            this.table = table;
            this.found = of(table);
            this.statement = statement();
            this.here = statement.executeQuery(table.select());
            advance();
        }

        private void advance() throws SQLException {
            next = here.next() ? read(table, here) : null;
        }

        void expect(Object[] row) throws SQLException {
            while (next != null && sequence(next) < sequence(row)) {
                found.compare(next, null);
                advance();
            }
            if (next != null && sequence(next) == sequence(row)) {
                found.compare(next, row);
                advance();
            } else {
                found.missing(row);
            }
        }

        private static long sequence(Object[] row) {
            return (Long) row[0];
        }

        void end() throws SQLException {
            while (next != null) {
                found.compare(next, null);
                advance();
            }
            here.close();
            statement.close();
        }
    }

    /** The differences of one table. */
    private static final class Differences {
        private final Table<?> table;
        private final List<String> lines = new ArrayList<>();
        private long count;
        private long compared;
        private long rows;

        Differences(Table<?> table) {
            this.table = table;
        }

        void compare(Object[] found, Object @Nullable [] expected) {
            compared++;
            rows++;
            if (expected == null) {
                add(found, "is not the log's: nothing wrote it");
                return;
            }
            List<String> columns = new ArrayList<>();
            for (int column = 0; column < found.length; column++) {
                if (!found[column].equals(expected[column])) {
                    columns.add(table.columns().get(column).name() + " is " + shown(found[column]) + ", the log says "
                            + shown(expected[column]));
                }
            }
            if (!columns.isEmpty()) {
                add(found, String.join("; ", columns));
            }
        }

        void missing(Object[] expected) {
            compared++;
            add(expected, "is missing");
        }

        private void add(Object[] row, String text) {
            count++;
            if (count <= SHOWN) {
                List<String> key = new ArrayList<>();
                for (int column = 0; column < table.keyColumns(); column++) {
                    key.add(table.columns().get(column).name() + " " + shown(row[column]));
                }
                lines.add("table " + table.name() + ", row " + String.join(", ", key) + " " + text);
            }
        }

        void tell(List<String> all) {
            all.addAll(lines);
            if (count > SHOWN) {
                all.add("table " + table.name() + ", " + (count - SHOWN) + " rows more differ");
            }
        }

        /**
         * A value as a difference shows it. Other hands may have written anything, so it is shortened and control characters
         * are replaced.
         */
        private static String shown(Object value) {
            String text = String.valueOf(value).replaceAll("\\p{C}", "?");
            return value instanceof String
                    ? "'" + (text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "…" : text) + "'"
                    : text;
        }
    }
}
