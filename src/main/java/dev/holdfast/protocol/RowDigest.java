package dev.holdfast.protocol;

import java.nio.charset.StandardCharsets;

/**
 * Hashes the rows the recorder writes, from the events they are made of. A table's digest is the wrapping sum of its rows'
 * hashes, so a writer keeps it by subtracting the old row's hash and adding the new one's; the sum over an empty table is 0.
 *
 * <p>Rows: the newest OrderChanged of each order, each TradeBooked once, the newest PositionChanged of each instrument and
 * product. What has no column of its own in that row (an order's previous state) is left out.
 */
public final class RowDigest {

    private RowDigest() {}

    public static long order(Event.OrderChanged order) {
        long hash = Hash.mix(Hash.START, order.orderNumber());
        hash = Hash.mix(hash, Wire.code(order.origin()));
        hash = Hash.mix(hash, order.instrument());
        hash = Hash.mix(hash, Wire.code(order.side()));
        hash = Hash.mix(hash, Wire.code(order.product()));
        hash = Hash.mix(hash, Wire.code(order.orderType()));
        hash = Hash.mix(hash, order.quantity());
        hash = Hash.mix(hash, order.pricePaise());
        hash = Hash.mix(hash, Wire.code(order.state()));
        hash = Hash.mix(hash, order.filledQuantity());
        hash = Hash.mix(hash, order.filledValuePaise());
        hash = Hash.mix(hash, Wire.code(order.amendment()));
        hash = Hash.mix(hash, order.pendingQuantity());
        hash = Hash.mix(hash, order.pendingPricePaise());
        hash = Hash.mix(hash, Wire.bool(order.cancelWanted()));
        hash = Hash.mix(hash, order.day());
        hash = Hash.mix(hash, order.wishedNanos());
        hash = Hash.mix(hash, order.epoch());
        hash = Hash.mix(hash, order.sends());
        hash = Hash.text(hash, storable(order.tag()));
        hash = Hash.text(hash, storable(order.brokerOrderId()));
        hash = Hash.text(hash, storable(order.strategy()));
        hash = Hash.text(hash, storable(order.user()));
        return Hash.text(hash, storable(order.reason()));
    }

    public static long trade(Event.TradeBooked trade) {
        long hash = Hash.mix(Hash.START, trade.day());
        hash = Hash.mix(hash, trade.orderNumber());
        hash = Hash.mix(hash, trade.instrument());
        hash = Hash.mix(hash, Wire.code(trade.side()));
        hash = Hash.mix(hash, Wire.code(trade.product()));
        hash = Hash.mix(hash, trade.quantity());
        hash = Hash.mix(hash, trade.pricePaise());
        hash = Hash.mix(hash, trade.fillTimeNanos());
        hash = Hash.text(hash, storable(trade.tradeId()));
        hash = Hash.text(hash, storable(trade.brokerOrderId()));
        return Hash.text(hash, storable(trade.strategy()));
    }

    public static long position(Event.PositionChanged position) {
        long hash = Hash.mix(Hash.START, position.instrument());
        hash = Hash.mix(hash, Wire.code(position.product()));
        hash = Hash.mix(hash, position.day());
        hash = Hash.mix(hash, position.quantity());
        hash = Hash.mix(hash, position.openingQuantity());
        hash = Hash.mix(hash, position.costPaise());
        hash = Hash.mix(hash, position.realisedPaise());
        hash = Hash.mix(hash, position.boughtQuantity());
        return Hash.mix(hash, position.soldQuantity());
    }

    /**
     * A text as it arrives in a row: cut as the wire cuts it; what UTF-8 or PostgreSQL cannot hold (half a surrogate pair, a
     * NUL) becomes a question mark. Applying it twice changes nothing.
     */
    public static String storable(String text) {
        String carried = Wire.text(text);
        for (int i = 0; i < carried.length(); i++) {
            char unit = carried.charAt(i);
            if (unit == 0 || Character.isSurrogate(unit)) {
                return new String(carried.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).replace('\0', '?');
            }
        }
        return carried;
    }
}
