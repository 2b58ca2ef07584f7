package dev.holdfast.audit;

import java.util.List;

/**
 * The database as the audit sees it: its rows, read in one transaction, compared with the rows that the log's events give.
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
