package dev.holdfast.projection;

import dev.holdfast.projection.RowRebuild.NotRebuilt;
import dev.holdfast.projection.RowStore.PositionMoved;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * New tables in a schema of their own, and the transaction in which they take the place of those in {@code public}. It has two
 * connections: one fills, the other holds the lock and swaps. Used by one thread.
 */
final class RebuiltTables implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(RebuiltTables.class);

    static final String NEW = "rebuild";
    static final String OLD = "before_rebuild";

    /** One rebuild at a time; the lock ends with its connection. */
    private static final long LOCK_KEY = 7_346_112_009L;

    private static final String PRESENT = """
            SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(?) AND relkind IN ('r', 'p') ORDER BY relname
            """;

    /** Views that would go on showing the replaced tables' old rows. */
    private static final String VIEWS = """
            SELECT DISTINCT v.oid::regclass::text, t.relname, ''
            FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
                 JOIN pg_class v ON v.oid = r.ev_class JOIN pg_class t ON t.oid = d.refobjid
            WHERE t.relnamespace = 'public'::regnamespace AND t.relkind IN ('r', 'p') AND v.oid <> t.oid
                  AND t.relname = ANY (?) ORDER BY 1
            """;

    /** Foreign keys between what is replaced and what stays, as the migrations make them. */
    private static final String KEYS_ACROSS = """
            SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
            FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
            WHERE k.contype = 'f' AND c.relnamespace = current_schema()::regnamespace
                  AND ((c.relname = ?) <> (p.relname = ?)) ORDER BY 1, 2
            """;

    /** Foreign keys that would go on looking at the old rows. */
    private static final String KEYS_TO_OLD = """
            SELECT c.relname, k.conname, p.relname
            FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
            WHERE k.contype = 'f' AND c.relnamespace = 'public'::regnamespace
                  AND p.relnamespace = to_regnamespace('before_rebuild') ORDER BY 1, 2
            """;

    /** Names in public that the new tables' indexes and sequences bring with them: left by a table that was renamed. */
    private static final String NAMES_TAKEN = """
            SELECT o.relname, CASE o.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'INDEX' END, '' FROM pg_class o
            WHERE o.relnamespace = 'public'::regnamespace AND o.relkind IN ('i', 'S') AND o.relname IN (
                SELECT n.relname FROM pg_class n LEFT JOIN pg_index x ON x.indexrelid = n.oid
                     LEFT JOIN pg_class t ON t.oid = x.indrelid
                WHERE n.relnamespace = to_regnamespace('rebuild')
                      AND (t.relname = ANY (?) OR n.relkind = 'S' AND 'health_check' = ANY (?)))
            """;

    private static final String EXTRAS = """
            SELECT format('column %s.%s', c.relname, a.attname) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (?) AND a.attnum > 0 AND NOT a.attisdropped
                  AND NOT EXISTS (SELECT FROM pg_attribute n JOIN pg_class nc ON nc.oid = n.attrelid
                                  WHERE nc.relnamespace = to_regnamespace('rebuild') AND nc.relname = c.relname
                                        AND n.attname = a.attname)
            UNION ALL
            SELECT format('index %s of table %s', i.relname, c.relname)
            FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
            WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (?)
                  AND to_regclass('rebuild.' || quote_ident(i.relname)) IS NULL
            UNION ALL
            SELECT format('trigger %s of table %s', t.tgname, c.relname)
            FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace AND c.relname = ANY (?)
            """;

    private static final String USERS = """
            SELECT c.relname, l.pid::text, coalesce(a.usename, 'unknown')
            FROM pg_locks l JOIN pg_class c ON c.oid = l.relation LEFT JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.granted AND c.relnamespace = 'public'::regnamespace AND c.relname = ANY (?)
                  AND l.pid <> pg_backend_pid() ORDER BY a.xact_start LIMIT 1
            """;

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Connection filler;
    private final Connection swapper;
    private final DatabaseWriter writer;
    private final @Nullable Table<?> one;
    private final List<String> names;
    private final List<String[]> keysAcross;
    private final List<String> notes = new ArrayList<>();
    private boolean swapped;

    private RebuiltTables(
            Connection filler,
            Connection swapper,
            @Nullable Table<?> one,
            List<String> names,
            List<String[]> keysAcross)
            throws SQLException {
        this.filler = filler;
        this.swapper = swapper;
        this.writer = new DatabaseWriter(filler);
        this.one = one;
        this.names = names;
        this.keysAcross = keysAcross;
    }

    /** Somebody reads or writes a table for so long that it cannot be replaced now. */
    static final class InUse extends Exception {
        InUse(String message) {
            super(message);
        }
    }

    /**
     * Makes the new tables, empty, and removes what an earlier attempt left.
     *
     * @param name of the one table to be replaced, null for all
     */
    static RebuiltTables prepare(Database database, @Nullable String name) throws SQLException, NotRebuilt {
        Connection swapper = database.owner();
        Connection filler = null;
        boolean alone = false;
        try {
            Table<?> one = name == null ? null : named(name);
            swapper.setAutoCommit(true);
            if (!ask(swapper, "SELECT pg_try_advisory_lock(" + LOCK_KEY + ")").equals("t")) {
                throw new NotRebuilt("another rebuild is under way; wait for its end");
            }
            alone = true;
            run(swapper, "DROP SCHEMA IF EXISTS " + NEW + " CASCADE", "CREATE SCHEMA " + NEW);
            database.migrations().into(NEW);
            run(swapper, "GRANT SELECT ON ALL TABLES IN SCHEMA " + NEW + " TO reader");
            List<String> names = one == null ? replaceable(swapper) : List.of(one.name());
            requireOthersFit(swapper, one);
            requireNoViews(swapper, names);
            filler = database.owner();
            // A crash loses the new tables as a whole; the commit that swaps them waits for all of this.
            run(filler, "SET search_path = " + NEW, "SET synchronous_commit = off");
            List<String[]> across = one == null ? List.of() : triples(filler, KEYS_ACROSS, one.name(), one.name());
            for (String[] key : across) {
                run(filler, "ALTER TABLE " + key[0] + " DROP CONSTRAINT " + key[1]);
            }
            return new RebuiltTables(filler, swapper, one, names, across);
        } catch (SQLException | NotRebuilt | RuntimeException failure) {
            try (swapper) {
                if (filler != null) {
                    filler.close();
                }
                if (alone) {
                    run(swapper, "DROP SCHEMA IF EXISTS " + NEW + " CASCADE");
                }
            } catch (SQLException broken) {
                failure.addSuppressed(broken);
            }
            throw failure;
        }
    }

    private static Table<?> named(String name) throws NotRebuilt {
        return Tables.ALL.stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new NotRebuilt("the log gives no table '" + name + "'; it gives " + RowRebuild.tables()));
    }

    /**
     * Tables that a rebuild replaces: all that the migrations make. The table of health probes stays if it is there: its rows
     * are not from the log.
     */
    private static List<String> replaceable(Connection swapper) throws SQLException {
        List<String> made = list(swapper, PRESENT, NEW);
        List<String> present = list(swapper, PRESENT, "public");
        made.removeIf(table -> table.equals("health_check") && present.contains(table));
        return made;
    }

    private static void requireOthersFit(Connection swapper, @Nullable Table<?> one) throws SQLException, NotRebuilt {
        if (one == null) {
            return;
        }
        List<String> others = TableCheck.find(swapper).stream()
                .filter(finding -> !finding.table().equals(one.name()))
                .map(TableCheck.Finding::text)
                .toList();
        if (!others.isEmpty()) {
            throw new NotRebuilt("the tables are as they were: not only " + one.name() + " is broken: "
                    + String.join(", ", others) + "; './holdfast rebuild rows --reason TEXT' makes all of them");
        }
    }

    private static void requireNoViews(Connection swapper, List<String> names) throws SQLException, NotRebuilt {
        List<String> views = triples(swapper, VIEWS, names).stream()
                .map(view -> "view " + view[0] + " shows table " + view[1])
                .toList();
        if (!views.isEmpty()) {
            throw new NotRebuilt("the tables are as they were: " + String.join(", ", views)
                    + "; it would go on showing the old rows: drop it, and make it again afterwards");
        }
    }

    boolean isAll() {
        return one == null;
    }

    List<String> names() {
        return names;
    }

    List<String> notes() {
        return notes;
    }

    /** The recorder's position, read without a lock. */
    long position() throws SQLException, NotRebuilt {
        String position = ask(swapper, "SELECT sequence FROM public.recorder_position");
        if (position.isEmpty()) {
            throw new NotRebuilt("the tables are as they were: the one row of recorder_position was deleted;"
                    + " './holdfast rebuild rows --reason TEXT' makes all tables");
        }
        return Long.parseLong(position);
    }

    /** Takes the rows of tables that are not replaced out of the batch. */
    void leaveOut(Batch batch) {
        if (one != null) {
            Tables.ALL.stream().filter(table -> !table.equals(one)).forEach(batch::drain);
        }
    }

    RecorderPosition write(RecorderPosition from, Batch batch) throws SQLException, PositionMoved {
        return writer.commit(from, batch);
    }

    /**
     * Stops the recorder between two batches, until {@link #swap}.
     *
     * @return the recorder's position; 0 when there is none
     */
    long lock() throws SQLException, InUse {
        swapper.setAutoCommit(false);
        try {
            run(swapper, "SET LOCAL lock_timeout = '2s'");
            if (ask(swapper, "SELECT to_regclass('public.recorder_position')").isEmpty()) {
                return 0;
            }
            run(swapper, "LOCK TABLE public.recorder_position IN ACCESS EXCLUSIVE MODE");
            String position = ask(swapper, "SELECT max(sequence) FROM public.recorder_position");
            return position.isEmpty() ? 0 : Long.parseLong(position);
        } catch (SQLException failure) {
            throw inUse(failure);
        }
    }

    /** Refuses the swap of a single table unless the recorder stands at the same position in the same log. */
    void requireSameLog(RecorderPosition written) throws SQLException, NotRebuilt {
        if (one != null
                && ask(
                                swapper,
                                "SELECT 1 FROM public.recorder_position WHERE sequence = " + written.sequence()
                                        + " AND chain_hash = " + written.chainHash())
                        .isEmpty()) {
            swapper.rollback();
            throw new NotRebuilt("the tables are as they were: recorder_position is not at event " + written.sequence()
                    + " of this log, so one table cannot be made to fit; './holdfast rebuild rows --reason TEXT' makes all of"
                    + " them");
        }
    }

    void swap() throws SQLException, InUse, NotRebuilt {
        try {
            run(swapper, "DROP SCHEMA IF EXISTS " + OLD + " CASCADE", "CREATE SCHEMA " + OLD);
            List<String> present = list(swapper, PRESENT, "public");
            if (one == null) {
                run(swapper, "UPDATE " + NEW + ".recorder_position SET term = " + term());
            }
            for (String[] key : keysAcross) {
                run(swapper, "ALTER TABLE IF EXISTS public." + key[0] + " DROP CONSTRAINT IF EXISTS " + key[1]);
            }
            for (String name : names) {
                if (present.contains(name)) {
                    run(swapper, "ALTER TABLE public." + name + " SET SCHEMA " + OLD);
                }
            }
            for (String[] key : triples(swapper, KEYS_TO_OLD)) {
                run(swapper, "ALTER TABLE public." + quoted(key[0]) + " DROP CONSTRAINT " + quoted(key[1]));
                notes.add("foreign key " + key[1] + " of table " + key[0] + " to " + key[2] + " was dropped");
            }
            for (String[] taken : triples(swapper, NAMES_TAKEN, names, names)) {
                run(
                        swapper,
                        "ALTER " + taken[1] + " public." + quoted(taken[0]) + " RENAME TO "
                                + quoted(taken[0] + "_before_rebuild"));
                notes.add(taken[0] + " of a table that stays was renamed to " + taken[0] + "_before_rebuild");
            }
            for (String name : names) {
                run(swapper, "ALTER TABLE " + NEW + "." + name + " SET SCHEMA public");
            }
            run(swapper, "SET LOCAL search_path = public");
            for (String[] key : keysAcross) {
                run(swapper, "ALTER TABLE public." + key[0] + " ADD CONSTRAINT " + key[1] + " " + key[2]);
            }
            run(swapper, "DROP SCHEMA " + NEW + " CASCADE");
            commit();
        } catch (SQLException failure) {
            throw inUse(failure);
        }
    }

    private void commit() throws SQLException, NotRebuilt {
        try {
            swapper.commit();
        } catch (SQLException unknown) {
            throw new NotRebuilt(
                    "whether the new tables took the old ones' place is not known (" + Impediment.firstLine(unknown)
                            + "); './holdfast audit' tells, and it can be run again",
                    unknown);
        }
        swapped = true;
        SQLWarning warning = swapper.getWarnings();
        if (warning != null) {
            notes.add("the commit gave a warning, so it may be lost with this primary: " + warning.getMessage());
        }
    }

    /** The newest term that is written down anywhere: a recorder of an earlier term must write nothing. */
    private long term() throws SQLException {
        long term = 1;
        if (!ask(swapper, "SELECT to_regclass('public.recorder_position')").isEmpty()) {
            String here = ask(swapper, "SELECT max(term) FROM public.recorder_position");
            term = here.isEmpty() ? term : Long.parseLong(here);
        }
        if (!ask(swapper, "SELECT to_regclass('recovery.term')").isEmpty()) {
            String promoted = ask(swapper, "SELECT max(term) FROM recovery.term");
            term = promoted.isEmpty() ? term : Math.max(term, Long.parseLong(promoted));
        }
        return term;
    }

    /**
     * Notes columns, triggers and rows that only the old tables have. Rows of events after {@code written} are left out: the
     * log may not be read that far.
     */
    void noteWhatTheLogDoesNotGive(RecorderPosition written) throws SQLException {
        for (String extra : list(swapper, EXTRAS, names, names, names)) {
            notes.add(extra + " is not this release's: it is in schema " + OLD + " alone");
        }
        List<String> present = list(swapper, PRESENT, "public");
        for (Table<?> table : Tables.ALL) {
            if (names.contains(table.name()) && present.contains(table.name())) {
                noteForeignRows(table, written);
            }
        }
    }

    private void noteForeignRows(Table<?> table, RecorderPosition written) {
        String sameKey = table.columns().subList(0, table.keyColumns()).stream()
                .map(column -> "n." + column.name() + " = o." + column.name())
                .collect(Collectors.joining(" AND "));
        try {
            String count = ask(
                    swapper,
                    "SELECT count(*) FROM public." + table.name() + " o WHERE o.sequence <= " + written.sequence()
                            + " AND NOT EXISTS (SELECT FROM " + NEW + "." + table.name() + " n WHERE " + sameKey + ")");
            if (!count.equals("0")) {
                notes.add(count + " rows of table " + table.name() + " are not from the log: they are in schema " + OLD
                        + " alone");
            }
        } catch (SQLException broken) {
            notes.add("whether table " + table.name() + " had rows that are not from the log cannot be told: "
                    + Impediment.firstLine(broken));
        }
    }

    /** @return what to tell of a lock; any other failure is thrown again */
    private InUse inUse(SQLException failure) throws SQLException {
        swapper.rollback();
        if (!LOCK_NOT_AVAILABLE.equals(failure.getSQLState())) {
            throw failure;
        }
        List<String[]> users = triples(swapper, USERS, names);
        return new InUse(
                users.isEmpty()
                        ? "a table is in use"
                        : "table " + users.getFirst()[0] + " is in use by PostgreSQL process " + users.getFirst()[1]
                                + " of user " + users.getFirst()[2] + "; end it with SELECT pg_terminate_backend("
                                + users.getFirst()[1] + ")");
    }

    @Override
    public void close() {
        try (filler;
                swapper) {
            if (!swapped) {
                filler.rollback();
                if (!swapper.getAutoCommit()) {
                    swapper.rollback();
                    swapper.setAutoCommit(true);
                }
                run(swapper, "DROP SCHEMA IF EXISTS " + NEW + " CASCADE");
            }
        } catch (SQLException broken) {
            LOGGER.warn("the unfinished new tables may stand in schema {}; the next rebuild drops them", NEW, broken);
        }
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** The first column of the first row, empty when there is none or it is null. */
    private static String ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            String value = row.next() ? row.getString(1) : null;
            return value == null ? "" : value;
        }
    }

    private static List<String> list(Connection connection, String query, Object... parameters) throws SQLException {
        List<String> values = new ArrayList<>();
        try (PreparedStatement statement = prepared(connection, query, parameters);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                values.add(row.getString(1));
            }
        }
        return values;
    }

    private static List<String[]> triples(Connection connection, String query, Object... parameters)
            throws SQLException {
        List<String[]> values = new ArrayList<>();
        try (PreparedStatement statement = prepared(connection, query, parameters);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                values.add(new String[] {row.getString(1), row.getString(2), row.getString(3)});
            }
        }
        return values;
    }

    private static PreparedStatement prepared(Connection connection, String query, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(query);
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i] instanceof List<?> names) {
                statement.setArray(i + 1, connection.createArrayOf("text", names.toArray()));
            } else {
                statement.setObject(i + 1, parameters[i]);
            }
        }
        return statement;
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
