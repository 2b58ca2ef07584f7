package dev.holdfast.dashboard;

import java.util.Arrays;

/**
 * One instrument's prices of the last 15 minutes, at most one in 250 ms (the last of them): what the chart needs, in a
 * fixed space. Not thread-safe.
 */
final class PriceHistory {

    static final long BUCKET_MILLIS = 250;
    static final long SPAN_MILLIS = 15 * 60 * 1_000;
    private static final int CAPACITY = (int) (SPAN_MILLIS / BUCKET_MILLIS);

    private final long[] timesMillis = new long[CAPACITY];
    private final long[] pricesPaise = new long[CAPACITY];
    private int newest = -1;
    private int size;

    void add(long timeMillis, long pricePaise) {
        boolean sameBucket = size > 0 && timesMillis[newest] / BUCKET_MILLIS == timeMillis / BUCKET_MILLIS;
        if (!sameBucket) {
            newest = (newest + 1) % CAPACITY;
            size = Math.min(size + 1, CAPACITY);
        }
        timesMillis[newest] = timeMillis;
        pricesPaise[newest] = pricePaise;
    }

    /** Oldest first; nothing older than the span before the newest. */
    Points points() {
        long[] times = new long[size];
        long[] prices = new long[size];
        int count = 0;
        for (int i = size - 1; i >= 0; i--) {
            int at = Math.floorMod(newest - i, CAPACITY);
            if (timesMillis[newest] - timesMillis[at] < SPAN_MILLIS) {
                times[count] = timesMillis[at];
                prices[count++] = pricesPaise[at];
            }
        }
        return new Points(Arrays.copyOf(times, count), Arrays.copyOf(prices, count));
    }

    /** Two columns of equal length. */
    @SuppressWarnings("ArrayRecordComponent") // written to JSON once and never compared
    record Points(long[] timesMillis, long[] pricesPaise) {}
}
