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

    /** A feed is there while ticks come, whatever the connection does. */
    private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long DOUBT_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();

    private final Log log;
    private final GatewayLink gateway;
    private final MarketClock clock;
    private final long staleNanos;
    private final MeterRegistry metrics;
    private final Consumer<ByteBuffer> archive;

    /** By the instrument's number: tokens go from one contract to another. This object's lock guards it and all below. */
    private final Map<Integer, InstrumentFeed> feeds = new TreeMap<>();

    /** Those of the present instruments, for the way of every tick. */
    private final Long2ObjectHashMap<InstrumentFeed> byToken = new Long2ObjectHashMap<>();

    private final Map<Integer, Long> lastGapNanos = new HashMap<>();
    private Map<Long, Integer> instruments = Map.of();
    private boolean connected;
    private boolean everConnected;
    private boolean stale;
    private long connectedNanos;
    private boolean everTicked;
    private long lastTickNanos = System.nanoTime();
    private long lastDoubtNanos = System.nanoTime() - DOUBT_AGAIN_NANOS;
    private final Dropped dropped;
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
        this.dropped = new Dropped(metrics, gateway::name);
        this.archive = archive;
        log.expectOffers(); // also while another reports: when the grant comes, the first tick is not to wait
        // A counter of the registry costs each tick as much as reading its packet.
        FunctionCounter.builder("holdfast.feed.ticks", this, FeedReports::ticks).register(metrics);
    }

    /** What is known by which token from now on. */
    public synchronized void instruments(Map<Long, Integer> numbersByToken) {
        if (!instruments.equals(numbersByToken)) {
            Map<Integer, Long> before = tokens(instruments);
            tokens(numbersByToken).forEach((number, token) -> {
                InstrumentFeed feed = feeds.get(number);
                if (feed != null && !token.equals(before.get(number))) {
                    feed.forgetOrder();
                }
            });
            instruments = numbersByToken;
            byToken.clear(); // each is looked up anew at its next tick
        }
    }

    private static Map<Integer, Long> tokens(Map<Long, Integer> numbersByToken) {
        Map<Integer, Long> tokens = new HashMap<>();
        numbersByToken.forEach((token, number) -> tokens.put(number, token));
        return tokens;
    }

    /** Time since the last usable tick, or since the connection came up if that was later; 0 without a connection. */
    synchronized long muteNanos() {
        return connected ? System.nanoTime() - Math.max(lastTickNanos, connectedNanos) : 0;
    }

    /** Ticks that came so far, used or not. */
    public synchronized long ticks() {
        return ticks;
    }

    /** Reports what came since the last call. */
    public synchronized void flush() {
        long epoch = gateway.feedEpoch();
        long now = System.nanoTime();
        clock.look(
                feeds.values().stream().mapToLong(feed -> feed.toldNanos(now)).toArray(), ticks);
        boolean fresh = connected && everTicked && now - lastTickNanos <= FRESH_NANOS;
        gateway.feedFit(fresh ? "" : connected ? "no tick for 2 s" : "the ticker is not connected");
        dropped.writeLine(now);
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
    public synchronized void tick(Tick came) {
        ticks++;
        InstrumentFeed feed = byToken.get(came.token());
        if (feed == null) {
            feed = begin(came.token());
            if (feed == null) {
                dropped.count(0, "UNKNOWN_INSTRUMENT");
                return;
            }
        }
        long now = System.nanoTime();
        feed.told(came.exchangeTimeNanos());
        boolean believed = came.exchangeTimeNanos() == 0 || clock.believes(came.exchangeTimeNanos());
        if (!believed) {
            dropped.count(feed.instrument, "WRONG_TIME"); // the price is used
        }
        Tick tick = believed ? came : came.withoutTime();
        if (feed.newestNanos() != 0 && !clock.believes(feed.newestNanos())) {
            feed.forgetOrder(); // it was believed before others told the time
        }
        InstrumentFeed.Order order = feed.add(tick, now);
        switch (order) {
            case NEXT -> {}
            case TIME_WENT_BACK -> {
                dropped.count(feed.instrument, "LATE");
                reportGap(feed.instrument, "exchange time went back", now);
                return;
            }
            case VOLUME_WENT_BACK -> reportGap(feed.instrument, "volume went back", now);
            case ANOTHER_CLOSE -> {
                dropped.count(feed.instrument, "ANOTHER_CONTRACT");
                if (now - lastDoubtNanos > DOUBT_AGAIN_NANOS) {
                    lastDoubtNanos = now;
                    gateway.instrumentsDoubted();
                }
                return;
            }
        }
        lastTickNanos = now;
        everTicked = true;
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
        connectedNanos = System.nanoTime();
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
        InstrumentFeed feed = feeds.computeIfAbsent(instrument, _ -> new InstrumentFeed(instrument, System.nanoTime()));
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
    public synchronized void dropped(MalformedTick.Kind kind, long token) {
        dropped.count(instruments.getOrDefault(token, 0), kind.name());
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
