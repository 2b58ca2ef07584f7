package dev.holdfast.marketdata;

import dev.holdfast.log.Log;
import dev.holdfast.marketdata.kite.KiteTicker;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.FeedState;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.SealedSecrets;
import dev.holdfast.runtime.Secrets;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns one ticker into reports: conflated ticks a few times a second, closed minutes, gaps, staleness. It reports only while
 * this process holds the feed grant; without it the ticks are still taken in, so that it can go on at once.
 */
public final class FeedHandler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FeedHandler.class);

    private static final Duration FLUSH = Duration.ofMillis(100);

    /** A quiet minute's bar waits this long in market time for late ticks. */
    private static final long BAR_GRACE_NANOS = Duration.ofSeconds(2).toNanos();

    /** At most one gap report for an instrument in this time. */
    private static final long GAP_REPORT_NANOS = Duration.ofSeconds(1).toNanos();

    private final Log log;
    private final GatewayLink gateway;
    private final MeterRegistry metrics;
    private final MarketClock clock;
    private final TickArchive archive;
    private final KiteTicker ticker;
    private final long staleNanos;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("feed").factory());

    /** By token. This object's lock guards it and all below. */
    private final Map<Long, InstrumentFeed> feeds = new TreeMap<>();

    private final Map<Integer, Long> lastGapNanos = new HashMap<>();
    private Map<Long, Integer> instruments = Map.of();
    private boolean connected;
    private boolean everConnected;
    private boolean stale;
    private long lastTickNanos = System.nanoTime();
    private long reportedEpoch;

    /** @param gateway the broker gateway of this process */
    public FeedHandler(
            Configuration configuration,
            String host,
            Path home,
            Secrets secrets,
            Log log,
            MeterRegistry metrics,
            GatewayLink gateway) {
        this.log = log;
        this.gateway = gateway;
        this.metrics = metrics;
        this.clock = new MarketClock(configuration.broker().simulated(), FeedHandler::wallNanos);
        this.archive = new TickArchive(
                home.resolve("hosts").resolve(host).resolve("gateway").resolve("ticks"),
                TickArchive.MAX_FILE_BYTES,
                TickArchive.MAX_TOTAL_BYTES,
                metrics);
        this.staleNanos =
                Duration.ofMillis(configuration.risk().staleFeedMillis()).toNanos();
        SealedSecrets sealed = new SealedSecrets(secrets);
        this.ticker = new KiteTicker(
                configuration.broker().tickerUrl(),
                secrets.read("broker-api-key"),
                () -> sealed.read("broker-access-token").orElse(""),
                new Sink());
    }

    private static long wallNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    public void start() {
        archive.start();
        var _ = thread.scheduleWithFixedDelay(this::turn, 0, FLUSH.toMillis(), TimeUnit.MILLISECONDS);
    }

    public MarketClock clock() {
        return clock;
    }

    private void turn() {
        try {
            Map<Long, Integer> known = gateway.instrumentsByToken();
            synchronized (this) {
                instruments = known;
            }
            ticker.tend(known.keySet());
            flush();
        } catch (RuntimeException unexpected) {
            LOG.error("feed handler threw; it goes on", unexpected);
        }
    }

    private synchronized void flush() {
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

    private void report(InstrumentFeed feed, Candle.@org.jspecify.annotations.Nullable Bar bar, long epoch) {
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

    private synchronized void accept(Tick tick) {
        Integer instrument = instruments.get(tick.token());
        if (instrument == null) {
            metrics.counter("holdfast.feed.dropped", "reason", "UNKNOWN_INSTRUMENT")
                    .increment();
            return;
        }
        long now = System.nanoTime();
        InstrumentFeed feed = feeds.computeIfAbsent(tick.token(), token -> new InstrumentFeed(instrument, now));
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
            report(feed, feed.candle.add(marketNanos, tick.lastPricePaise(), tick.volume()), gateway.feedEpoch());
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

    private final class Sink implements TickSink {

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
            if (frame.remaining() > 1) {
                archive.offer(wallNanos(), frame);
            }
        }

        @Override
        public void tick(Tick tick) {
            metrics.counter("holdfast.feed.ticks").increment();
            accept(tick);
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

    /** Stops reporting. The log and the gateway stay open: they are the caller's. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(3, TimeUnit.SECONDS)) {
                LOG.warn("feed thread did not stop within 3 s");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        ticker.close();
        archive.close();
    }
}
