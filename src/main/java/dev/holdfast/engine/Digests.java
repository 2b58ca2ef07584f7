package dev.holdfast.engine;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.RowDigest;

/** Sums over the rows a recorder writes. Wrapping sums, so an old version of a row is simply taken out again. */
final class Digests {

    /** A batch of the recorder never grows beyond this. */
    static final int MAX_ROWS_BETWEEN = 512;

    private long orders;
    private long trades;
    private long positions;
    private int rowsSinceDigest;

    /** @param before of the row that is replaced, 0 when there was none */
    void replaceOrder(long before, long after) {
        orders += after - before;
        rowsSinceDigest++;
    }

    void addTrade(Event.TradeBooked trade) {
        trades += RowDigest.trade(trade);
        rowsSinceDigest++;
    }

    void replacePosition(Event.@org.jspecify.annotations.Nullable PositionChanged before, Event.PositionChanged after) {
        positions += RowDigest.position(after) - (before == null ? 0 : RowDigest.position(before));
        rowsSinceDigest++;
    }

    /** A row without a digest of its own: a candle, an audit entry. */
    void otherRow() {
        rowsSinceDigest++;
    }

    int rowsSinceDigest() {
        return rowsSinceDigest;
    }

    Event.Digest event() {
        return new Event.Digest(orders, trades, positions);
    }

    void emitted() {
        rowsSinceDigest = 0;
    }

    void save(StateWriter out) {
        out.number(orders);
        out.number(trades);
        out.number(positions);
        out.number(rowsSinceDigest);
    }

    void load(StateReader in) {
        orders = in.number();
        trades = in.number();
        positions = in.number();
        rowsSinceDigest = in.integer();
    }
}
