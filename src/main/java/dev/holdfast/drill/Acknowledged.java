package dev.holdfast.drill;

/**
 * A row of a drill that the database said it has.
 *
 * @param writer see {@link Rows}
 * @param address of the server that said so
 * @param term of its primary, as it knew it in that transaction
 * @param atNanos when the answer was here, epoch nanoseconds
 */
record Acknowledged(int writer, long number, String address, long term, long atNanos) {

    /** What the table has of it. */
    Key key() {
        return new Key(writer, number);
    }

    record Key(int writer, long number) {}
}
