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

    /** Refuses prices that no market makes. */
    public Tick {
        if (lastPricePaise <= 0) {
            throw new MalformedTick(MalformedTick.Kind.IMPOSSIBLE, "last price " + lastPricePaise);
        }
        boolean range = dayHighPaise != 0 || dayLowPaise != 0;
        if (range && (dayLowPaise <= 0 || dayHighPaise < dayLowPaise)) {
            throw new MalformedTick(
                    MalformedTick.Kind.IMPOSSIBLE, "day's range " + dayLowPaise + " to " + dayHighPaise);
        }
        if (range && (lastPricePaise < dayLowPaise || lastPricePaise > dayHighPaise)) {
            throw new MalformedTick(
                    MalformedTick.Kind.IMPOSSIBLE,
                    "last price " + lastPricePaise + " outside " + dayLowPaise + " to " + dayHighPaise);
        }
    }
}
