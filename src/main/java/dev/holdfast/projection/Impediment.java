package dev.holdfast.projection;

import java.sql.SQLException;

/**
 * A reason why the recorder does not record.
 *
 * @param cause what is wrong, with the server's own words where it gave some
 * @param remedy what a person does about it, or that nothing need be done
 * @param databaseReachable whether a primary answered
 * @param needsPerson whether trying again cannot help
 */
record Impediment(String cause, String remedy, boolean databaseReachable, boolean needsPerson) {

    /** SQLSTATE of a transaction that may only read. */
    static final String READ_ONLY = "25006";

    private static final String BY_ITSELF = "recording goes on by itself";

    /** For a table that is not what the log makes of it. */
    static Impediment rebuild(String cause, String table) {
        return new Impediment(
                cause,
                "./holdfast rebuild rows " + (table.isEmpty() ? "" : table + " ")
                        + "--reason TEXT writes it anew from the log",
                true,
                true);
    }

    /** The impediment that an exception of the driver means, by PostgreSQL's SQLSTATE. */
    static Impediment of(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        String said = firstLine(failure);
        return switch (state) {
            case "42P01" -> rebuild("a table is missing (" + said + ")", "");
            case "42703", "42804", "42P10", "22P02", "22P03" ->
                rebuild("a table has not the columns and keys of this release (" + said + ")", "");
            case "42501" -> rebuild("the recorder lacks a right (" + said + ")", "");
            case "53100" ->
                new Impediment(
                        "the disk of the primary PostgreSQL is full (" + said + ")",
                        "free space on it; " + BY_ITSELF + " then",
                        true,
                        true);
            case READ_ONLY ->
                new Impediment(
                        "PostgreSQL takes no writes from the recorder (" + said + ")",
                        "look for default_transaction_read_only in its settings, its roles and its databases; "
                                + BY_ITSELF + " then",
                        true,
                        true);
            default ->
                switch (state.length() < 2 ? "" : state.substring(0, 2)) {
                    case "22", "23" ->
                        rebuild(
                                "the next rows do not go into their table, so it was changed by other hands, or"
                                        + " recorder_position was set back (" + said + ")",
                                "");
                    default ->
                        new Impediment(
                                said,
                                "nothing need be done if it ends soon; " + BY_ITSELF,
                                !isConnection(state),
                                false);
                };
        };
    }

    static Impediment ofLog(RuntimeException failure) {
        return new Impediment(firstLine(failure), "see './holdfast status' for the traders; " + BY_ITSELF, true, false);
    }

    /** The impediment for a failure that nobody foresaw. */
    static Impediment unexpected(RuntimeException failure) {
        return new Impediment(
                firstLine(failure),
                "see './holdfast logs gateway'; './holdfast audit' tells what is not recorded",
                true,
                true);
    }

    /** Whether the connection was lost. A failure without an SQLSTATE counts as that: the driver has lost its server. */
    private static boolean isConnection(String state) {
        return state.equals("null") || state.startsWith("08") || state.startsWith("57");
    }

    static String firstLine(Exception failure) {
        return String.valueOf(failure.getMessage())
                .lines()
                .findFirst()
                .orElse(failure.getClass().getSimpleName());
    }

    /** Carries an impediment from the code that found it to the recorder's loop. */
    static final class Impeded extends RuntimeException {
        private final transient Impediment impediment;

        Impeded(Impediment impediment) {
            super(impediment.cause);
            this.impediment = impediment;
        }

        Impediment impediment() {
            return impediment;
        }
    }
}
