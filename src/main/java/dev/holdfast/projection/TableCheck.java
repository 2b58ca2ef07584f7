package dev.holdfast.projection;

import dev.holdfast.projection.Impediment.Impeded;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether the database has the recorder's tables: with the columns, keys and rights that it needs. It asks the catalogue alone, so no
 * lock on a table holds it up.
 */
final class TableCheck {

    static final String POSITION = "recorder_position";

    private static final List<Needed> POSITION_COLUMNS = List.of(
            new Needed("sequence", "bigint"),
            new Needed("chain_hash", "bigint"),
            new Needed("log_time_nanos", "bigint"),
            new Needed("term", "bigint"),
            new Needed("committed_at", "timestamp with time zone"));

    private static final String COLUMNS = """
            SELECT c.relname, a.attname, format_type(a.atttypid, NULL),
                   a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = ''
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
                  AND NOT a.attisdropped
            """;

    private static final String KEYS = """
            SELECT c.relname, a.attname
            FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
                 JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place) ON true
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
            WHERE c.relnamespace = current_schema()::regnamespace ORDER BY c.relname, k.place
            """;

    private static final String RIGHTS = """
            SELECT relname, has_table_privilege(oid, 'SELECT'), has_table_privilege(oid, 'INSERT'),
                   has_any_column_privilege(oid, 'UPDATE')
            FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
            """;

    private static final String VERSION =
            "SELECT coalesce(max(version::int), 0) FROM flyway_schema_history WHERE success";

    private static final int SHOWN = 3;

    private record Needed(String name, String type) {}

    private record Present(String type, boolean mustBeGiven) {}

    /** A fault of a table; the text begins with the table's name. */
    record Finding(String table, String text) {}

    private TableCheck() {}

    /**
     * Sees whether the connection's user can record into these tables.
     *
     * @throws Impeded if not, with what is wrong first
     */
    static void requireUsable(Connection connection) throws SQLException {
        List<Finding> findings = new ArrayList<>(find(connection));
        if (findings.isEmpty()) {
            findings.addAll(findRights(connection));
        }
        if (findings.isEmpty()) {
            return;
        }
        Set<String> tables = new LinkedHashSet<>();
        findings.forEach(finding -> tables.add(finding.table));
        StringBuilder cause = new StringBuilder();
        findings.stream()
                .limit(SHOWN)
                .forEach(finding -> cause.append(cause.isEmpty() ? "" : ", ").append(finding.text));
        if (findings.size() > SHOWN) {
            cause.append(", and ").append(findings.size() - SHOWN).append(" things more");
        }
        int version = version(connection);
        if (version > Migrations.VERSION) {
            throw new Impeded(new Impediment(
                    cause + "; the tables are of version " + version + " and this release writes version "
                            + Migrations.VERSION,
                    "start the release that made them with './holdfast up', or make this one's tables with"
                            + " './holdfast rebuild rows --reason TEXT'",
                    true,
                    true));
        }
        boolean one = tables.size() == 1 && !tables.contains(POSITION);
        throw new Impeded(
                Impediment.rebuild(cause.toString(), one ? tables.iterator().next() : ""));
    }

    /** Finds tables that lack columns or keys of this release, whoever is connected. */
    static List<Finding> find(Connection connection) throws SQLException {
        Map<String, Map<String, Present>> columns = columns(connection);
        Map<String, List<String>> keys = keys(connection);
        List<Finding> findings = new ArrayList<>();
        for (Table<?> table : Tables.ALL) {
            List<Needed> needed = table.columns().stream()
                    .map(column -> new Needed(column.name(), column.type()))
                    .toList();
            compare(table.name(), needed, columns, findings);
            List<String> key = table.columns().subList(0, table.keyColumns()).stream()
                    .map(Table.Column::name)
                    .toList();
            if (columns.containsKey(table.name()) && !key.equals(keys.get(table.name()))) {
                findings.add(new Finding(
                        table.name(), "table " + table.name() + " has not the key " + String.join(", ", key)));
            }
        }
        compare(POSITION, POSITION_COLUMNS, columns, findings);
        return findings;
    }

    private static void compare(
            String table, List<Needed> needed, Map<String, Map<String, Present>> columns, List<Finding> findings) {
        Map<String, Present> present = columns.get(table);
        if (present == null) {
            findings.add(new Finding(table, "table " + table + " is missing"));
            return;
        }
        for (Needed column : needed) {
            Present found = present.get(column.name);
            if (found == null) {
                findings.add(new Finding(table, "column " + table + "." + column.name + " is missing"));
            } else if (!found.type.equals(column.type)) {
                findings.add(new Finding(
                        table,
                        "column " + table + "." + column.name + " is " + found.type + ", expected " + column.type));
            }
        }
        Set<String> names = new LinkedHashSet<>();
        needed.forEach(column -> names.add(column.name));
        present.forEach((name, column) -> {
            if (column.mustBeGiven && !names.contains(name)) {
                findings.add(new Finding(
                        table, "column " + table + "." + name + " must be given, and this release does not know it"));
            }
        });
    }

    private static List<Finding> findRights(Connection connection) throws SQLException {
        Map<String, Table.Conflict> written = new HashMap<>();
        Tables.ALL.forEach(table -> written.put(table.name(), table.conflict()));
        List<Finding> findings = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(RIGHTS)) {
            while (row.next()) {
                String table = row.getString(1);
                boolean position = table.equals(POSITION);
                if (!position && !written.containsKey(table)) {
                    continue;
                }
                boolean updates = position || written.get(table) == Table.Conflict.REPLACE;
                String lacking = !row.getBoolean(2)
                        ? "SELECT"
                        : !position && !row.getBoolean(3) ? "INSERT" : updates && !row.getBoolean(4) ? "UPDATE" : "";
                if (!lacking.isEmpty()) {
                    findings.add(
                            new Finding(table, "the recorder has not the right to " + lacking + " on table " + table));
                }
            }
        }
        return findings;
    }

    private static Map<String, Map<String, Present>> columns(Connection connection) throws SQLException {
        Map<String, Map<String, Present>> columns = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(COLUMNS)) {
            while (row.next()) {
                columns.computeIfAbsent(row.getString(1), _ -> new LinkedHashMap<>())
                        .put(row.getString(2), new Present(row.getString(3), row.getBoolean(4)));
            }
        }
        return columns;
    }

    private static Map<String, List<String>> keys(Connection connection) throws SQLException {
        Map<String, List<String>> keys = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(KEYS)) {
            while (row.next()) {
                keys.computeIfAbsent(row.getString(1), _ -> new ArrayList<>()).add(row.getString(2));
            }
        }
        return keys;
    }

    /** Version of the tables, as the migrations noted it; 0 when that cannot be read either. */
    private static int version(Connection connection) throws SQLException {
        var before = connection.getAutoCommit() ? null : connection.setSavepoint();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(VERSION)) {
            return row.next() ? row.getInt(1) : 0;
        } catch (SQLException unknown) {
            if (before != null) {
                connection.rollback(before);
            }
            return 0;
        }
    }
}
