package dev.holdfast.projection;

import java.sql.SQLException;
import java.util.Map;

/**
 * One connection of the recorder to where it writes rows. After any exception it is of no more use: what became of the last
 * commit is unknown, and only a new connection's {@link #position()} tells.
 */
interface RowStore extends AutoCloseable {

    /**
     * Sees whether the tables are what the recorder writes, whatever rows are coming.
     *
     * @throws Impediment.Impeded if not
     */
    void check() throws SQLException;

    RecorderPosition position() throws SQLException;

    /** Exchange of each instrument, by its number. */
    Map<Integer, String> exchanges() throws SQLException;

    /**
     * Writes a batch and moves the position, together or not at all.
     *
     * @throws PositionMoved if the store is not where this recorder left it; nothing was written
     * @throws SQLException if it failed, or if nobody knows
     */
    RecorderPosition commit(RecorderPosition from, Batch batch) throws SQLException, PositionMoved;

    /** Breaks the connection under a thread that waits on it. */
    void abort();

    @Override
    void close();

    /** Opens a connection. */
    @FunctionalInterface
    interface Source {
        RowStore open() throws SQLException;
    }

    /** Another recorder wrote, or the database was promoted or went back. */
    final class PositionMoved extends Exception {
        PositionMoved(RecorderPosition expected) {
            super("the database is no longer at event " + expected.sequence() + " of term " + expected.term());
        }
    }
}
