package dev.holdfast.drill;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** A PostgreSQL of several hosts that is disturbed while a client writes rows to it. Its sessions are opened by another thread. */
public interface DisturbedDatabase {

    /** What looks after it. */
    String name();

    /** Makes the table that {@link RowWriter} writes, where there is none, and empties it. */
    void prepareRows() throws SQLException;

    /** A session with the primary, wherever it is, with a client's short time-outs. */
    Connection session() throws SQLException;

    /**
     * Disturbs it.
     *
     * @return the last instant before, epoch nanoseconds
     * @throws IOException if it could not be done
     */
    long disturb(Disturbance what) throws IOException, InterruptedException;

    /**
     * Starts again what was killed for good, and waits until all redundancy is there.
     *
     * @throws IOException if it is not within two minutes, with what is missing
     */
    void restore(Disturbance what) throws IOException, InterruptedException;
}
