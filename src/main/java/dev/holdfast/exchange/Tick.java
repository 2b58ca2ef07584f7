package dev.holdfast.exchange;

/** Something the market did in one instrument, at a market time in epoch nanoseconds. */
sealed interface Tick {

    Instrument instrument();

    long nanos();

    /** @param quantity 0 for an index */
    record Traded(Instrument instrument, long nanos, long pricePaise, long quantity) implements Tick {}

    /** The best bid and ask changed; both prices are positive and the bid is below the ask. */
    record Quoted(Instrument instrument, long nanos, long bidPaise, long bidQuantity, long askPaise, long askQuantity)
            implements Tick {}
}
