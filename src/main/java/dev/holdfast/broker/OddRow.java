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
        return of(
                BookList.ORDERS,
                row,
                row.brokerOrderId(),
                row.exchange(),
                row.symbol(),
                row.brokerOrderId(),
                row.tag(),
                wrong);
    }

    static OddRow of(BrokerTrade row, String wrong) {
        String identity = row.exchange() + "/" + row.tradeId();
        return of(BookList.TRADES, row, identity, row.exchange(), row.symbol(), row.brokerOrderId(), "", wrong);
    }

    static OddRow of(BrokerPosition row, String wrong) {
        String identity = Listing.key(row.exchange(), row.symbol()) + " " + row.product();
        return of(BookList.POSITIONS, row, identity, row.exchange(), row.symbol(), "", "", wrong);
    }

    static OddRow of(BrokerHolding row, String wrong) {
        String identity = Listing.key(row.exchange(), row.symbol());
        return of(BookList.HOLDINGS, row, identity, row.exchange(), row.symbol(), "", "", wrong);
    }

    private static OddRow of(
            BookList list,
            Object row,
            String identity,
            String exchange,
            String symbol,
            String brokerOrderId,
            String tag,
            String wrong) {
        return new OddRow(
                list, key(list, identity), exchange, symbol, brokerOrderId, tag, false, wrong, row.toString());
    }

    /** @param identity of the row within its list */
    public static String key(BookList list, String identity) {
        return list + " " + identity;
    }
}
