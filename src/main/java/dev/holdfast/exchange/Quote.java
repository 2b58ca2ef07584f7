package dev.holdfast.exchange;

import dev.holdfast.types.Side;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The present market in one instrument: last trade, the day's summary and five levels each side. Recorded data has no
 * depth, so the levels are made up around the last price, seeded by the token. Guarded by the floor's lock.
 */
final class Quote {

    static final int LEVELS = 5;
    private static final int MIN_LEVEL_QUANTITY = 50;
    private static final int MAX_LEVEL_QUANTITY = 1_500;
    private static final int MAX_LEVEL_ORDERS = 20;

    final Instrument instrument;
    final Level[] bids = new Level[LEVELS];
    final Level[] asks = new Level[LEVELS];
    private final RandomGenerator random;

    long lastPaise;
    long lastQuantity;
    long volume;
    long valuePaise;
    long openPaise;
    long highPaise;
    long lowPaise;
    /** The day before's last price; the first price seen if there was none. */
    long closePaise;

    long lastTradeNanos;
    long exchangeNanos;

    Quote(Instrument instrument) {
        this.instrument = instrument;
        this.random = new SplittableRandom(instrument.token());
        for (int i = 0; i < LEVELS; i++) {
            bids[i] = new Level(0, 0, 0);
            asks[i] = new Level(0, 0, 0);
        }
    }

    /** What waits at one price; quantity 0 is an empty level. */
    record Level(long pricePaise, long quantity, int orders) {
        Level without(long taken) {
            return new Level(pricePaise, quantity - taken, orders);
        }
    }

    boolean hasPrice() {
        return lastPaise > 0;
    }

    void apply(Tick tick) {
        switch (tick) {
            case Tick.Traded traded -> trade(traded);
            case Tick.Quoted quoted -> {
                spread(quoted.bidPaise(), quoted.askPaise());
                bids[0] = new Level(quoted.bidPaise(), quoted.bidQuantity(), 1);
                asks[0] = new Level(quoted.askPaise(), quoted.askQuantity(), 1);
                exchangeNanos = tick.nanos();
            }
        }
    }

    /** Carries the exchange's time to clients while nothing trades. */
    void refresh(long marketNanos) {
        exchangeNanos = Math.max(exchangeNanos, marketNanos);
    }

    /** Goes on from a price that an earlier run of the exchange saw. */
    void resume(long pricePaise, long marketNanos) {
        if (pricePaise > 0) {
            lastPaise = pricePaise;
            closePaise = closePaise == 0 ? pricePaise : closePaise;
            exchangeNanos = marketNanos;
            spreadAroundLast();
        }
    }

    void beginDay() {
        closePaise = lastPaise;
        openPaise = 0;
        highPaise = 0;
        lowPaise = 0;
        lastQuantity = 0;
        volume = 0;
        valuePaise = 0;
    }

    /** The best price an order of this side can trade at, 0 if there is none. */
    long bestAgainst(Side side) {
        return against(side)[0].pricePaise();
    }

    Level[] against(Side side) {
        return side == Side.BUY ? asks : bids;
    }

    private void trade(Tick.Traded tick) {
        long price = tick.pricePaise();
        lastPaise = price;
        lastQuantity = tick.quantity();
        lastTradeNanos = tick.nanos();
        exchangeNanos = tick.nanos();
        volume += tick.quantity();
        valuePaise += Math.multiplyExact(price, tick.quantity());
        if (openPaise == 0) {
            openPaise = price;
            highPaise = price;
            lowPaise = price;
        }
        highPaise = Math.max(highPaise, price);
        lowPaise = Math.min(lowPaise, price);
        closePaise = closePaise == 0 ? price : closePaise;
        if (!instrument.isIndex()) {
            spreadAroundLast();
        }
    }

    /** A trade hit either the bid or the ask: the last price is one of the two best. */
    private void spreadAroundLast() {
        boolean hitBid = random.nextBoolean();
        long bid = hitBid ? lastPaise : lastPaise - instrument.tickPaise();
        spread(bid, bid + instrument.tickPaise());
    }

    private void spread(long bidPaise, long askPaise) {
        for (int i = 0; i < LEVELS; i++) {
            bids[i] = level(bidPaise - i * instrument.tickPaise());
            asks[i] = level(askPaise + i * instrument.tickPaise());
        }
    }

    private Level level(long pricePaise) {
        return pricePaise <= 0
                ? new Level(0, 0, 0)
                : new Level(
                        pricePaise,
                        random.nextInt(MIN_LEVEL_QUANTITY, MAX_LEVEL_QUANTITY),
                        random.nextInt(1, MAX_LEVEL_ORDERS));
    }
}
