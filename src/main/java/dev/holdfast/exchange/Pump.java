package dev.holdfast.exchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one scheduled thread: moves the market on, publishes ticks, sends heartbeats, follows the trading day. */
final class Pump implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pump.class);

    /** Ticks due within this time go out together: it bounds wake-ups at high replay speeds. */
    private static final long MIN_STEP_NANOS = 20 * Ist.NANOS_PER_MILLI;

    private static final long MAX_STEP_NANOS = Ist.NANOS_PER_SECOND;

    /** An instrument that is silent this long is sent again with the exchange's present time. */
    private static final long REFRESH_NANOS = Ist.NANOS_PER_SECOND;

    private static final long PRICES_NANOS = 10 * Ist.NANOS_PER_SECOND;
    private static final long CLOSE_TIMEOUT_SECONDS = 5;

    private final Market market;
    private final Floor floor;
    private final Ticker ticker;
    private final LongSupplier wallNanos;
    private final Map<Quote, Long> publishedNanos = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("exchange-market").daemon().factory());
    private long nextHeartbeatNanos;
    private long nextPricesNanos;
    private boolean failing;

    Pump(Market market, Floor floor, Ticker ticker, LongSupplier wallNanos) {
        this.market = market;
        this.floor = floor;
        this.ticker = ticker;
        this.wallNanos = wallNanos;
    }

    void start() {
        nextPricesNanos = wallNanos.getAsLong() + PRICES_NANOS;
        thread.execute(this::run);
    }

    private void run() {
        long delay = MAX_STEP_NANOS;
        try {
            long now = wallNanos.getAsLong();
            long next = step(now);
            delay = Math.clamp(next - now, MIN_STEP_NANOS, MAX_STEP_NANOS);
            failing = false;
        } catch (RuntimeException failure) {
            // The market must go on when, say, the disk is full for a while; said once until it works again.
            if (!failing) {
                LOG.error("the market stands still: {}", failure.getMessage(), failure);
            }
            failing = true;
        }
        if (!thread.isShutdown()) {
            var _ = thread.schedule(this::run, delay, TimeUnit.NANOSECONDS);
        }
    }

    private long step(long now) {
        MarketTime time = floor.followTime();
        Set<Quote> changed = new LinkedHashSet<>();
        long next = market.advance(now, tick -> {
            floor.tick(tick);
            // Several ticks of one instrument in one step go out as one, as the broker's ticker conflates too.
            changed.add(quote(tick.instrument()));
        });
        refreshSilent(now, time, changed);
        ticker.publish(List.copyOf(changed));
        changed.forEach(quote -> publishedNanos.put(quote, now));
        if (now >= nextHeartbeatNanos) {
            nextHeartbeatNanos = now + MAX_STEP_NANOS;
            ticker.heartbeat(now);
        }
        if (now >= nextPricesNanos) {
            nextPricesNanos = now + PRICES_NANOS;
            floor.recordPrices();
        }
        return Math.min(next, nextHeartbeatNanos);
    }

    private void refreshSilent(long now, MarketTime time, Set<Quote> changed) {
        for (Quote quote : new ArrayList<>(floor.quotes().values())) {
            boolean silent = now - publishedNanos.getOrDefault(quote, 0L) >= REFRESH_NANOS;
            if (silent && quote.hasPrice() && market.quotes(quote.instrument, time.day()) && changed.add(quote)) {
                floor.read(() -> {
                    quote.refresh(time.nanos());
                    return quote;
                });
            }
        }
    }

    private Quote quote(Instrument instrument) {
        Quote quote = floor.quotes().get(instrument.symbol());
        if (quote == null) {
            throw new IllegalStateException("a tick of the unknown instrument " + instrument);
        }
        return quote;
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the market thread did not end within {} s", CLOSE_TIMEOUT_SECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
