package dev.holdfast.marketdata;

import dev.holdfast.log.Log;
import dev.holdfast.marketdata.kite.KiteTicker;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.LocalAddress;
import dev.holdfast.runtime.SealedSecrets;
import dev.holdfast.runtime.Secrets;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns one ticker into reports a few times a second, and keeps its frames. */
public final class FeedHandler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FeedHandler.class);

    private static final Duration FLUSH = Duration.ofMillis(100);

    /** A connection without ticks is made anew after this, if another gateway has ticks. */
    private static final Duration MUTE = Duration.ofSeconds(10);

    private static final Duration MARKET_LIVES = Duration.ofSeconds(3);

    private final GatewayLink gateway;
    private final MarketClock clock;
    private final TickArchive archive;
    private final FeedReports reports;
    private final KiteTicker ticker;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("feed").factory());

    /** @param gateway the broker gateway of this process */
    public FeedHandler(
            Configuration configuration,
            String host,
            Path home,
            Secrets secrets,
            Log log,
            MeterRegistry metrics,
            GatewayLink gateway) {
        this.gateway = gateway;
        this.clock = new MarketClock(configuration.broker().simulated(), FeedHandler::wallNanos);
        this.archive = new TickArchive(
                home.resolve("hosts").resolve(host).resolve("gateway").resolve("ticks"),
                TickArchive.MAX_FILE_BYTES,
                TickArchive.MAX_TOTAL_BYTES,
                metrics);
        this.reports = new FeedReports(
                log, gateway, clock, Duration.ofMillis(configuration.risk().staleFeedMillis()), metrics, this::archive);
        SealedSecrets sealed = new SealedSecrets(secrets);
        this.ticker = new KiteTicker(
                configuration.broker().tickerUrl(),
                LocalAddress.of(configuration, host, configuration.broker().tickerUrl()),
                secrets.read("broker-api-key"),
                () -> sealed.read("broker-access-token").orElse(""),
                reports);
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

    private void archive(ByteBuffer frame) {
        if (frame.remaining() > 1) {
            archive.offer(wallNanos(), frame);
        }
    }

    private void turn() {
        try {
            Map<Long, Integer> known = gateway.instrumentsByToken();
            reports.instruments(known);
            if (reports.muteNanos() > MUTE.toNanos()
                    && gateway.marketAgeMillis() >= 0
                    && gateway.marketAgeMillis() < MARKET_LIVES.toMillis()) {
                ticker.renew("no tick for " + MUTE.toSeconds() + " s, and the market has some");
            }
            ticker.tend(known.keySet());
            reports.flush();
        } catch (RuntimeException unexpected) {
            LOG.error("feed handler threw; it goes on", unexpected);
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
