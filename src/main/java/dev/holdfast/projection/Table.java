package dev.holdfast.projection;

import dev.holdfast.protocol.EventHeader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * A table the recorder writes many rows of in one statement.
 *
 * @param <E> what a row is made of
 * @param keyColumns the first so many columns are the key
 */
record Table<E>(String name, int keyColumns, Conflict conflict, List<Column<E>> columns) {

    /** What to do with a row whose key is there already. */
    enum Conflict {
        /** The table holds present states: the new row takes the old one's place. */
        REPLACE,
        /** The first stays; the caller counts what was not written. */
        KEEP,
        /** Cannot be, since keys are sequences: an error. */
        FAIL
    }

    /** @param type PostgreSQL's name of it */
    record Column<E>(String name, String type, BiFunction<EventHeader, E, Object> value) {}

    Table {
        columns = List.copyOf(columns);
    }

    static <E> Table<E> of(String name, int keyColumns, Conflict conflict) {
        return new Table<>(name, keyColumns, conflict, List.of());
    }

    Table<E> with(String column, String type, BiFunction<EventHeader, E, Object> value) {
        List<Column<E>> more = new ArrayList<>(columns);
        more.add(new Column<>(column, type, value));
        return new Table<>(name, keyColumns, conflict, more);
    }

    Object[] row(EventHeader header, E source) {
        Object[] row = new Object[columns.size()];
        for (int column = 0; column < row.length; column++) {
            row[column] = columns.get(column).value().apply(header, source);
        }
        return row;
    }

    List<Object> key(Object[] row) {
        return Arrays.asList(Arrays.copyOf(row, keyColumns));
    }

    /**
     * Adds rows whose keys are not there yet: the fastest way in.
     *
     * @return the number of rows written
     * @throws SQLException also if a key is there already
     */
    int copy(Connection connection, Collection<Object[]> rows) throws SQLException {
        String[] types = columns.stream().map(Column::type).toArray(String[]::new);
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + name + " (" + names(columns) + ") FROM STDIN (FORMAT binary)");
        BinaryRows binary = new BinaryRows(copy);
        for (Object[] row : rows) {
            binary.add(row, types);
        }
        return binary.end();
    }

    /** @return the number of rows written, whatever keys are there */
    int write(Connection connection, Collection<Object[]> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql())) {
            for (int i = 0; i < columns.size(); i++) {
                int column = i;
                Object[] values = rows.stream().map(row -> row[column]).toArray();
                statement.setArray(
                        i + 1, connection.createArrayOf(columns.get(i).type(), values));
            }
            int written = statement.executeUpdate();
            if (statement.getWarnings() != null) {
                throw new SQLException("writing " + name + " gave a warning: "
                        + statement.getWarnings().getMessage());
            }
            return written;
        }
    }

    String sql() {
        String parameters =
                columns.stream().map(column -> "?::" + column.type() + "[]").collect(Collectors.joining(", "));
        return "INSERT INTO " + name + " (" + names(columns) + ") SELECT * FROM unnest(" + parameters + ")"
                + switch (conflict) {
                    case REPLACE ->
                        " ON CONFLICT (" + names(columns.subList(0, keyColumns)) + ") DO UPDATE SET "
                                + columns.stream()
                                        .skip(keyColumns)
                                        .map(column -> column.name() + " = excluded." + column.name())
                                        .collect(Collectors.joining(", "));
                    case KEEP -> " ON CONFLICT DO NOTHING";
                    case FAIL -> "";
                };
    }

    /** All rows, in the order of their keys. */
    String select() {
        return "SELECT " + names(columns) + " FROM " + name + " ORDER BY " + names(columns.subList(0, keyColumns));
    }

    private static <E> String names(List<Column<E>> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }
}
