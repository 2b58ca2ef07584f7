package dev.holdfast.agent.postgres;

/** Positions in the WAL as numbers of bytes. */
final class Lsn {

    private Lsn() {}

    /** @param text as PostgreSQL writes it: two halves in hexadecimal, such as 0/3000060 */
    static long parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no LSN; expected two hexadecimal halves, such as 0/3000060");
        }
        return (Long.parseLong(text, 0, slash, 16) << 32) | Long.parseLong(text, slash + 1, text.length(), 16);
    }

    /** SQL for an expression of type pg_lsn; 0 for none. */
    static String sql(String expression) {
        return "coalesce(pg_wal_lsn_diff(" + expression + ", '0/0'), 0)::bigint";
    }
}
