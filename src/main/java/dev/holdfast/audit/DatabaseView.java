package dev.holdfast.audit;

import java.util.List;

/**
 * What is in the database, read in one transaction, beside what the log makes of its events.
 *
 * @param sequence the last event its rows contain
 * @param orders rows of the table of orders
 * @param differences one line for each row that is not the log's; empty when every table is exact
 */
public record DatabaseView(long sequence, long orders, List<String> differences) {
    public DatabaseView {
        differences = List.copyOf(differences);
    }

    /** Reads it. */
    public interface Source {
        /**
         * The last event that the recorder says is there.
         *
         * @throws Exception if the database cannot be read; the audit then says so
         */
        long sequence() throws Exception;

        /**
         * Compares every row, which takes as long as reading all of them.
         *
         * @throws Exception if the database cannot be read; the audit then says so
         */
        DatabaseView compare() throws Exception;
    }
}
