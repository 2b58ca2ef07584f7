package dev.holdfast.marketdata;

import dev.holdfast.protocol.Command;
import org.jspecify.annotations.Nullable;

/**
 * One instrument's feed: what came since the last report, put together so that no price is lost: the newest state, with the
 * interval's high, low and count. Guarded by the feed handler's lock.
 */
final class InstrumentFeed {

    final int instrument;
    final Candle candle = new Candle();

    private @Nullable Tick newest;
    private long highPaise;
    private long lowPaise;
    private int unreported;
    private boolean stale;
    private long lastNanos;

    InstrumentFeed(int instrument, long nowNanos) {
        this.instrument = instrument;
        this.lastNanos = nowNanos;
    }

    /** What a tick tells about the ones before it. */
    enum Order {
        NEXT,
        /** Older than what we have: it is not used. */
        TIME_WENT_BACK,
        /** Used, but trades were taken back or lost. */
        VOLUME_WENT_BACK
    }

    Order add(Tick tick, long nowNanos) {
        Order order = Order.NEXT;
        Tick before = newest;
        if (before != null && tick.exchangeTimeNanos() != 0) {
            if (tick.exchangeTimeNanos() < before.exchangeTimeNanos()) {
                return Order.TIME_WENT_BACK;
            }
            if (tick.volume() < before.volume()
                    && MarketClock.day(tick.exchangeTimeNanos()).equals(MarketClock.day(before.exchangeTimeNanos()))) {
                order = Order.VOLUME_WENT_BACK;
            }
        }
        highPaise = unreported == 0 ? tick.lastPricePaise() : Math.max(highPaise, tick.lastPricePaise());
        lowPaise = unreported == 0 ? tick.lastPricePaise() : Math.min(lowPaise, tick.lastPricePaise());
        newest = tick;
        unreported++;
        lastNanos = nowNanos;
        return order;
    }

    /** After a reconnect nothing can be said about what was missed. */
    void forgetOrder() {
        newest = null;
        unreported = 0;
    }

    /** The report of what came since the last one, null when nothing did. */
    Command.@Nullable ReportTick pending(long session, long epoch, long marketNanos) {
        Tick tick = newest;
        if (tick == null || unreported == 0) {
            return null;
        }
        return new Command.ReportTick(
                session,
                epoch,
                instrument,
                tick.lastPricePaise(),
                tick.lastQuantity(),
                tick.volume(),
                highPaise,
                lowPaise,
                tick.dayOpenPaise(),
                tick.dayHighPaise(),
                tick.dayLowPaise(),
                tick.previousClosePaise(),
                tick.bidPaise(),
                tick.bidQuantity(),
                tick.askPaise(),
                tick.askQuantity(),
                tick.exchangeTimeNanos() == 0 ? marketNanos : tick.exchangeTimeNanos(),
                unreported);
    }

    void reported() {
        unreported = 0;
    }

    /** True when staleness changed. */
    boolean updateStale(long nowNanos, long limitNanos) {
        boolean now = nowNanos - lastNanos > limitNanos;
        boolean changed = now != stale;
        stale = now;
        return changed;
    }

    boolean stale() {
        return stale;
    }
}
