package dev.holdfast.marketdata;

import java.util.Map;

/** What the feed handler needs of the gateway in its process. Thread-safe. */
public interface GatewayLink {

    /** The process's session, under which the market is reported. */
    long session();

    /** The epoch under which the market may be reported now, 0 when it may not. */
    long feedEpoch();

    /** Tells whether there is a feed, so that the grant goes to a process that has one. */
    void feedReady(boolean ready);

    /**
     * Tells whether ticks come: the grant leaves a process that has none for one that has.
     *
     * @param unfitBecause empty while they come
     */
    void feedFit(String unfitBecause);

    /** Time since the last tick came through the log, from whichever process; -1 before the first. */
    long marketAgeMillis();

    /** Asks for the instruments list to be read again: ticks under a known token look like those of another contract. */
    void instrumentsDoubted();

    /** EXCHANGE:SYMBOL of an instrument. */
    String name(int instrument);

    /** The engine's number of each instrument, by its token at the broker. */
    Map<Long, Integer> instrumentsByToken();

    /**
     * Something changed at the broker.
     *
     * @param brokerOrderId the order the ticker named; empty when anything may have changed
     */
    void orderChanged(String brokerOrderId);
}
