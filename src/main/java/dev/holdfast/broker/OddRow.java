package dev.holdfast.broker;

import dev.holdfast.protocol.BookList;

/**
 * A row of the broker's lists that cannot be taken as it is. What of it could be read stands here, the rest is empty.
 *
 * @param key the same at each read of the row on one day
 * @param tag ours, if the row has one of our form
 * @param perhapsOurs no tag could be read, so this may be an order of ours
 * @param wrong what is not understood
 * @param raw the row as it came
 */
public record OddRow(
        BookList list,
        String key,
        String exchange,
        String symbol,
        String brokerOrderId,
        String tag,
        boolean perhapsOurs,
        String wrong,
        String raw) {

    static OddRow of(BrokerOrder row, String wrong) {
        return new OddRow(
                BookList.ORDERS,
                key(BookList.ORDERS, row.brokerOrderId()),
                row.exchange(),
                row.symbol(),
                row.brokerOrderId(),
                row.tag(),
                false,
                wrong,
                row.toString());
    }

    static OddRow of(BrokerTrade row, String wrong) {
        return new OddRow(
                BookList.TRADES,
                key(BookList.TRADES, row.exchange() + "/" + row.tradeId()),
                row.exchange(),
                row.symbol(),
                row.brokerOrderId(),
                "",
                false,
                wrong,
                row.toString());
    }

    static OddRow of(BrokerPosition row, String wrong) {
        return new OddRow(
                BookList.POSITIONS,
                key(BookList.POSITIONS, Listing.key(row.exchange(), row.symbol()) + " " + row.product()),
                row.exchange(),
                row.symbol(),
                "",
                "",
                false,
                wrong,
                row.toString());
    }

    static OddRow of(BrokerHolding row, String wrong) {
        return new OddRow(
                BookList.HOLDINGS,
                key(BookList.HOLDINGS, Listing.key(row.exchange(), row.symbol())),
                row.exchange(),
                row.symbol(),
                "",
                "",
                false,
                wrong,
                row.toString());
    }

    /** @param identity of the row within its list */
    public static String key(BookList list, String identity) {
        return list + " " + identity;
    }
}
