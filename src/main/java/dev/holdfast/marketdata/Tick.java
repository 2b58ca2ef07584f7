package dev.holdfast.marketdata;

/**
 * One update of one instrument, normalised: paise, whole quantities, epoch nanoseconds. 0 means that the update does not tell.
 *
 * @param token the broker's number of the instrument; not stable beyond the day
 * @param exchangeTimeNanos whole seconds on Kite's wire
 */
public record Tick(
        long token,
        long lastPricePaise,
        long lastQuantity,
        long volume,
        long dayOpenPaise,
        long dayHighPaise,
        long dayLowPaise,
        long previousClosePaise,
        long bidPaise,
        long bidQuantity,
        long askPaise,
        long askQuantity,
        long exchangeTimeNanos) {

    /** Refuses prices that no market makes. Before the opening a last price lies outside the day's range, and that is real. */
    public Tick {
        if (lastPricePaise <= 0) {
            boolean quoted = bidPaise > 0 || askPaise > 0;
            throw new MalformedTick(
                    quoted ? MalformedTick.Kind.NOT_TRADED_TODAY : MalformedTick.Kind.IMPOSSIBLE,
                    "last price " + lastPricePaise);
        }
        boolean range = dayHighPaise != 0 || dayLowPaise != 0;
        if (range && (dayLowPaise <= 0 || dayHighPaise < dayLowPaise)) {
            throw new MalformedTick(
                    MalformedTick.Kind.IMPOSSIBLE, "day's range " + dayLowPaise + " to " + dayHighPaise);
        }
    }

    /** The same without a time: what it told is not believed. */
    Tick withoutTime() {
        return new Tick(
                token,
                lastPricePaise,
                lastQuantity,
                volume,
                dayOpenPaise,
                dayHighPaise,
                dayLowPaise,
                previousClosePaise,
                bidPaise,
                bidQuantity,
                askPaise,
                askQuantity,
                0);
    }
}
