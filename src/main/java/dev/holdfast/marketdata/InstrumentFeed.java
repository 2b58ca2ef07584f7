package dev.holdfast.marketdata;

import dev.holdfast.protocol.Command;
import org.jspecify.annotations.Nullable;

/**
 * One instrument's feed: what came since the last report, put together so that no price is lost: the newest state, with the
 * interval's high, low and count. Guarded by the feed handler's lock.
 */
final class InstrumentFeed {

    /** An instrument whose last tick is older says nothing about market time. */
    private static final long VOICE_NANOS = 5_000_000_000L;

    /** Longer than a new look at the instruments list takes. */
    private static final long DOUBT_NANOS = 10_000_000_000L;

    final int instrument;
    final Candle candle = new Candle();

    private @Nullable Tick newest;
    private long highPaise;
    private long lowPaise;
    private int unreported;
    private boolean stale;
    private long lastNanos;
    private long toldNanos;
    private boolean doubted;
    private long doubtedNanos;

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
        VOLUME_WENT_BACK,
        /** Yesterday's close is another on the same day: this may be another contract, and is not used. */
        ANOTHER_CLOSE
    }

    Order add(Tick tick, long nowNanos) {
        Order order = Order.NEXT;
        Tick before = newest;
        if (before != null && closeDiffers(before, tick) && nowNanos < trustedFromNanos(nowNanos)) {
            return Order.ANOTHER_CLOSE;
        }
        doubted = false;
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

    /**
     * Whether two ticks of one day tell different closes of the day before. One contract has one such close as long as the day
     * lasts.
     */
    private static boolean closeDiffers(Tick before, Tick tick) {
        return before.previousClosePaise() != 0
                && tick.previousClosePaise() != 0
                && before.previousClosePaise() != tick.previousClosePaise()
                && (before.exchangeTimeNanos() == 0
                        || tick.exchangeTimeNanos() == 0
                        || MarketClock.day(before.exchangeTimeNanos())
                                .equals(MarketClock.day(tick.exchangeTimeNanos())));
    }

    /**
     * When a doubt about the contract ends: by then the instruments list was read anew and still has this token for the
     * instrument.
     */
    private long trustedFromNanos(long nowNanos) {
        if (!doubted) {
            doubted = true;
            doubtedNanos = nowNanos;
        }
        return doubtedNanos + DOUBT_NANOS;
    }

    /** The market time that the last tick told; 0 without a tick within {@link #VOICE_NANOS}. */
    long toldNanos(long nowNanos) {
        Tick tick = newest;
        return tick == null || nowNanos - lastNanos > VOICE_NANOS ? 0 : toldNanos;
    }

    /** Remembers what a tick told, believed or not. */
    void told(long exchangeTimeNanos) {
        toldNanos = exchangeTimeNanos;
    }

    /** The time of the newest tick, 0 when there is none or it told none. */
    long newestNanos() {
        Tick tick = newest;
        return tick == null ? 0 : tick.exchangeTimeNanos();
    }

    /** After a reconnect nothing can be said about what was missed. */
    void forgetOrder() {
        newest = null;
        unreported = 0;
        doubted = false;
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
                tick.exchangeTimeNanos() == 0 || (marketNanos != 0 && tick.exchangeTimeNanos() > marketNanos)
                        ? marketNanos
                        : tick.exchangeTimeNanos(),
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
