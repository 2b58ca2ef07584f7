package dev.holdfast.marketdata;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.FeedState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a ticker's updates become: conflated ticks, closed minutes, gaps, staleness. It reports only while this process holds
 * the feed grant; without it the ticks are still taken in, so that it can go on at once. Thread-safe; ticks come from one
 * thread at a time.
 */
public final class FeedReports implements TickSink {

    /** A quiet minute's bar waits this long in market time for late ticks. */
    private static final long BAR_GRACE_NANOS = Duration.ofSeconds(2).toNanos();

    /** At most one gap report for an instrument in this time. */
    private static final long GAP_REPORT_NANOS = Duration.ofSeconds(1).toNanos();

    private final Log log;
    private final GatewayLink gateway;
    private final MarketClock clock;
    private final long staleNanos;
    private final MeterRegistry metrics;
    private final Consumer<ByteBuffer> archive;

    /** By token, in order. This object's lock guards it and all below. */
    private final Map<Long, InstrumentFeed> feeds = new TreeMap<>();

    /** Those of the present instruments, for the way of every tick. */
    private final Long2ObjectHashMap<InstrumentFeed> byToken = new Long2ObjectHashMap<>();

    private final Map<Integer, Long> lastGapNanos = new HashMap<>();
    private Map<Long, Integer> instruments = Map.of();
    private boolean connected;
    private boolean everConnected;
    private boolean stale;
    private long lastTickNanos = System.nanoTime();
    private long reportedEpoch;
    private long ticks;

    /**
     * @param gateway the broker gateway of this process
     * @param archive takes each frame as it came; must not block
     */
    public FeedReports(
            Log log,
            GatewayLink gateway,
            MarketClock clock,
            Duration stale,
            MeterRegistry metrics,
            Consumer<ByteBuffer> archive) {
        this.log = log;
        this.gateway = gateway;
        this.clock = clock;
        this.staleNanos = stale.toNanos();
        this.metrics = metrics;
        this.archive = archive;
        log.expectOffers(); // also while another reports: when the grant comes, the first tick is not to wait
        // A counter of the registry costs each tick as much as reading its packet.
        FunctionCounter.builder("holdfast.feed.ticks", this, FeedReports::ticks).register(metrics);
    }

    /** What is known by which token from now on. */
    public synchronized void instruments(Map<Long, Integer> numbersByToken) {
        if (!instruments.equals(numbersByToken)) {
            instruments = numbersByToken;
            byToken.clear(); // each is looked up anew at its next tick
        }
    }

    /** Ticks that came so far, used or not. */
    public synchronized long ticks() {
        return ticks;
    }

    /** Reports what came since the last call. */
    public synchronized void flush() {
        long epoch = gateway.feedEpoch();
        long now = System.nanoTime();
        if (epoch != 0 && epoch != reportedEpoch) {
            reportConnection(epoch);
        }
        reportedEpoch = epoch;
        for (InstrumentFeed feed : feeds.values()) {
            flushTick(feed, epoch);
            report(feed, feed.candle.closeBefore(clock.nanos() - BAR_GRACE_NANOS), epoch);
            if (feed.updateStale(now, staleNanos) && !stale) {
                reportFeed(epoch, feed.stale() ? FeedState.STALE : FeedState.FRESH, feed.instrument, "");
            }
        }
        boolean staleNow = now - lastTickNanos > staleNanos;
        if (staleNow != stale) {
            stale = staleNow;
            reportFeed(epoch, stale ? FeedState.STALE : FeedState.FRESH, 0, stale ? "no tick in any instrument" : "");
        }
    }

    private void flushTick(InstrumentFeed feed, long epoch) {
        if (epoch == 0) {
            return;
        }
        Command.ReportTick pending = feed.pending(gateway.session(), epoch, clock.nanos());
        if (pending == null) {
            return;
        }
        if (log.offer(pending)) {
            feed.reported();
        } else {
            // Kept and conflated with what comes next: the newest price arrives as soon as the log can take it.
            metrics.counter("holdfast.feed.offers.refused").increment();
        }
    }

    /** A new holder of the grant says where its feed stands. */
    private void reportConnection(long epoch) {
        reportFeed(
                epoch, connected ? FeedState.CONNECTED : FeedState.DISCONNECTED, 0, "this process reports the market");
        reportFeed(epoch, stale ? FeedState.STALE : FeedState.FRESH, 0, "");
        for (InstrumentFeed feed : feeds.values()) {
            if (feed.stale()) {
                reportFeed(epoch, FeedState.STALE, feed.instrument, "");
            }
        }
    }

    private void reportFeed(long epoch, FeedState state, int instrument, String detail) {
        if (epoch != 0) {
            var _ = log.submit(new Command.ReportFeed(gateway.session(), epoch, state, instrument, detail));
        }
    }

    private void report(InstrumentFeed feed, Candle.@Nullable Bar bar, long epoch) {
        if (bar != null && epoch != 0) {
            var _ = log.submit(new Command.ReportBar(
                    gateway.session(),
                    epoch,
                    feed.instrument,
                    bar.startNanos(),
                    bar.openPaise(),
                    bar.highPaise(),
                    bar.lowPaise(),
                    bar.closePaise(),
                    bar.volume(),
                    bar.ticks()));
        }
    }

    @Override
    public synchronized void tick(Tick tick) {
        ticks++;
        InstrumentFeed feed = byToken.get(tick.token());
        if (feed == null) {
            feed = begin(tick.token());
            if (feed == null) {
                metrics.counter("holdfast.feed.dropped", "reason", "UNKNOWN_INSTRUMENT")
                        .increment();
                return;
            }
        }
        long now = System.nanoTime();
        lastTickNanos = now;
        InstrumentFeed.Order order = feed.add(tick, now);
        switch (order) {
            case NEXT -> {}
            case TIME_WENT_BACK -> {
                metrics.counter("holdfast.feed.dropped", "reason", "LATE").increment();
                reportGap(feed.instrument, "exchange time went back", now);
                return;
            }
            case VOLUME_WENT_BACK -> reportGap(feed.instrument, "volume went back", now);
        }
        clock.seen(tick.exchangeTimeNanos());
        long marketNanos = tick.exchangeTimeNanos() == 0 ? clock.nanos() : tick.exchangeTimeNanos();
        if (marketNanos != 0) {
            Candle.Bar closed = feed.candle.add(marketNanos, tick.lastPricePaise(), tick.volume());
            if (closed != null) {
                report(feed, closed, gateway.feedEpoch());
            }
        }
    }

    private void reportGap(int instrument, String detail, long nowNanos) {
        Long last = lastGapNanos.get(instrument);
        if (last == null || nowNanos - last > GAP_REPORT_NANOS) {
            lastGapNanos.put(instrument, nowNanos);
            reportFeed(gateway.feedEpoch(), FeedState.GAP, instrument, detail);
        }
    }

    private synchronized void connection(boolean up, String detail) {
        connected = up;
        long epoch = gateway.feedEpoch();
        if (up) {
            if (everConnected) {
                clock.restarted();
                feeds.values().forEach(InstrumentFeed::forgetOrder);
                reportFeed(epoch, FeedState.GAP, 0, "reconnected; what came in between is lost");
            }
            everConnected = true;
        }
        // Last, because it is the state that stays: the gap is over.
        reportFeed(epoch, up ? FeedState.CONNECTED : FeedState.DISCONNECTED, 0, detail);
        gateway.feedReady(up);
    }

    /** @return null for a token that is no instrument of ours */
    private @Nullable InstrumentFeed begin(long token) {
        Integer instrument = instruments.get(token);
        if (instrument == null) {
            return null;
        }
        InstrumentFeed feed = feeds.computeIfAbsent(token, _ -> new InstrumentFeed(instrument, System.nanoTime()));
        byToken.put(token, feed);
        return feed;
    }

    @Override
    public void connected() {
        connection(true, "");
        // Order updates may have been missed with the ticks.
        gateway.orderChanged("");
    }

    @Override
    public void disconnected(String reason) {
        connection(false, reason);
    }

    @Override
    public void raw(ByteBuffer frame) {
        archive.accept(frame);
    }

    @Override
    public void dropped(MalformedTick.Kind kind) {
        metrics.counter("holdfast.feed.dropped", "reason", kind.name()).increment();
    }

    @Override
    public void orderChanged(String brokerOrderId) {
        gateway.orderChanged(brokerOrderId);
    }

    @Override
    public void tokenRefused() {
        // A read of the book finds the same, and then the gateway logs in anew.
        gateway.orderChanged("");
    }
}
