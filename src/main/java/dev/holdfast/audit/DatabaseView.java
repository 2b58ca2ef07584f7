package dev.holdfast.audit;

/**
 * What is in the database, read in one transaction.
 *
 * @param sequence the last event its rows contain
 */
public record DatabaseView(long sequence, long orderDigest, long tradeDigest, long positionDigest, long orders) {

    /** Reads it. */
    @FunctionalInterface
    public interface Source {
        /** @throws Exception if the database cannot be read; the audit then says so */
        DatabaseView read() throws Exception;
    }
}
