package dev.holdfast.marketdata;

import org.jspecify.annotations.Nullable;

/** Builds one instrument's one-minute bars in market time, from every tick. Not thread-safe. */
final class Candle {

    static final long MINUTE_NANOS = 60_000_000_000L;

    private long startNanos;
    private long openPaise;
    private long highPaise;
    private long lowPaise;
    private long closePaise;
    private int ticks;
    private long volumeBefore;
    private long volumeNow;
    private boolean volumeKnown;

    /** @param startNanos the minute's first instant */
    record Bar(
            long startNanos, long openPaise, long highPaise, long lowPaise, long closePaise, long volume, int ticks) {}

    /**
     * Takes in one tick.
     *
     * @param pricePaise last price
     * @param dayVolume traded so far today; it restarts each day
     * @return the bar that this tick's minute closes, if any
     */
    @Nullable
    Bar add(long marketNanos, long pricePaise, long dayVolume) {
        long minute = marketNanos - Math.floorMod(marketNanos, MINUTE_NANOS);
        Bar closed = ticks > 0 && minute != startNanos ? close() : null;
        if (!volumeKnown || dayVolume < volumeNow) {
            volumeBefore = volumeKnown ? 0 : dayVolume;
            volumeKnown = true;
        }
        if (ticks == 0) {
            startNanos = minute;
            openPaise = pricePaise;
            highPaise = pricePaise;
            lowPaise = pricePaise;
        }
        highPaise = Math.max(highPaise, pricePaise);
        lowPaise = Math.min(lowPaise, pricePaise);
        closePaise = pricePaise;
        volumeNow = dayVolume;
        ticks++;
        return closed;
    }

    /** The open bar, if its minute ended before this time: in a quiet instrument no tick comes to close it. */
    @Nullable
    Bar closeBefore(long marketNanos) {
        return ticks > 0 && startNanos + MINUTE_NANOS <= marketNanos ? close() : null;
    }

    private Bar close() {
        Bar bar = new Bar(
                startNanos, openPaise, highPaise, lowPaise, closePaise, Math.max(0, volumeNow - volumeBefore), ticks);
        volumeBefore = volumeNow;
        ticks = 0;
        return bar;
    }
}
