package dev.holdfast.broker;

import java.util.List;

/** The broker as the gateway sees it. Thread-safe; each call is one request with a bound on its time. */
public interface Broker {

    /**
     * Makes one order call, at most once, whatever happens. It ends with the right to it: nothing of it arrives much later.
     *
     * @return never throws: what cannot be known is UNCERTAIN
     */
    SendAnswer send(OrderCall call, SendRight right);

    /** Today's orders, the newest state of each. */
    Rows<BrokerOrder> orders() throws BrokerFailure;

    /** Today's fills. */
    Rows<BrokerTrade> trades() throws BrokerFailure;

    /** One order's newest state: a list of one, or a failure when the book does not show it. */
    Rows<BrokerOrder> order(String brokerOrderId) throws BrokerFailure;

    /** One order's fills. */
    Rows<BrokerTrade> trades(String brokerOrderId) throws BrokerFailure;

    /** The net positions. */
    Rows<BrokerPosition> positions() throws BrokerFailure;

    /** What was carried in from before today. */
    Rows<BrokerHolding> holdings() throws BrokerFailure;

    /** The listed instruments among those wanted, as EXCHANGE:SYMBOL, with today's bands where the broker tells them. */
    Rows<BrokerInstrument> instruments(List<String> wanted) throws BrokerFailure;

    /**
     * One answer's rows.
     *
     * @param odd rows that are not understood; they are in no other list
     */
    record Rows<T>(List<T> rows, List<OddRow> odd) {
        public Rows {
            rows = List.copyOf(rows);
            odd = List.copyOf(odd);
        }

        /** Every row is understood. */
        public Rows(List<T> rows) {
            this(rows, List.of());
        }
    }
}
