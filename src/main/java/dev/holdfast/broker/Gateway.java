package dev.holdfast.broker;

import com.sun.net.httpserver.HttpHandler;
import dev.holdfast.broker.kite.KiteBroker;
import dev.holdfast.broker.kite.KitePostback;
import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.Reply;
import dev.holdfast.runtime.Backoff;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Loop;
import dev.holdfast.runtime.Secrets;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker gateway of one host: reconciles with the broker, holds the grant to send, makes the calls the engine asks for and
 * reports what became of them. Each process start is a new session, so what was asked of an earlier one is never sent again.
 *
 * <p>Losing the log stops sending at the lease's end and nothing else; it goes on when the log is back.
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CLOSING = Duration.ofSeconds(4);
    private static final int POLL_LIMIT = 256;
    private static final Duration LOOP_LIMIT = Duration.ofSeconds(10);

    /** The reading loop must turn within this: without the log a turn waits for a probe's timeout and a pause. */
    private static final Duration READING_LIMIT = Duration.ofSeconds(20);

    private final Log log;
    private final GatewayCore core;
    private final SenderThreads sending;
    private final BrokerSession brokerSession;
    private final HttpHandler postback;
    private final HttpHandler sessionEnded;
    private final AutoCloseable broker;

    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("gateway-renew").factory());
    private final Loop renewing = new Loop("renewals", LOOP_LIMIT);
    private final Loop reading = new Loop("events", READING_LIMIT);
    private volatile boolean closed;
    private volatile long lastSequence;
    private @Nullable Thread events;

    /**
     * The gateway for Kite or the simulated exchange, as the configuration says.
     *
     * @param session never used before, positive
     */
    public Gateway(
            Configuration configuration,
            String host,
            long session,
            Path home,
            Secrets secrets,
            Log log,
            MeterRegistry metrics) {
        this.log = log;
        KiteBroker kite = new KiteBroker(configuration, host, secrets, this::reportSession);
        this.broker = kite;
        this.brokerSession = kite.session();
        this.core = new GatewayCore(
                new GatewayCore.Identity(
                        session,
                        host,
                        configuration.broker().profile(),
                        new Calendar(configuration.broker(), Gateway::wallNanos),
                        configuration.instruments()),
                new GatewayCore.World(
                        log,
                        kite,
                        brokerSession,
                        System::nanoTime,
                        Gateway::wallNanos,
                        CompletableFuture.delayedExecutor(Reports.RETRY_MILLIS, TimeUnit.MILLISECONDS),
                        metrics));
        this.sending = new SenderThreads(core.broker(), core.sender());
        this.postback = new KitePostback(secrets.read("broker-api-secret"), core::hint, metrics);
        this.sessionEnded = new SessionEnded(secrets.read("agent"), core::sessionEnded);
        Gauge.builder("holdfast.gateway.inflight", core.sender(), OrderSender::inFlight)
                .register(metrics);
        Gauge.builder("holdfast.gateway.epoch", core, GatewayCore::sendEpoch).register(metrics);
        Gauge.builder("holdfast.gateway.book.age", core.desk(), d -> d.lastCleanReadAgeMillis() / 1e3)
                .baseUnit("seconds")
                .register(metrics);
    }

    private static long wallNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** Returns at once; the work goes on in threads of its own, however long log and broker take to appear. */
    public void start() {
        LOG.info("gateway starting session={}", core.session());
        events = Thread.ofPlatform().daemon().name("gateway-events").start(this::readEvents);
        sending.start();
        core.desk().start();
        var _ = renewals.scheduleAtFixedRate(this::renew, 0, GatewayCore.RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void renew() {
        try {
            core.renewGrants();
            renewing.turned();
        } catch (RuntimeException unexpected) {
            LOG.error("grant renewal threw; the next one follows", unexpected);
        }
    }

    private void readEvents() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));
        while (!closed) {
            reading.turned();
            try (EventReader<Event> reader = openReader()) {
                while (!closed) {
                    reading.turned();
                    reader.poll(this::onEvent, POLL_LIMIT, POLL);
                    backoff.succeeded();
                }
            } catch (RuntimeException failure) {
                if (!closed) {
                    LOG.warn(
                            "event reader failed after={} reason=\"{}\"; opening another",
                            lastSequence,
                            failure.toString());
                    pause(backoff.failed());
                }
            }
        }
    }

    private EventReader<Event> openReader() throws LogUnavailable {
        if (lastSequence > 0) {
            return log.readFromTwoAfter(lastSequence);
        }
        Reply checkpoint = log.submitAndWait(new Command.Probe(), PROBE_TIMEOUT);
        return log.readFromTwoAfter(checkpoint.value() - 1);
    }

    private void onEvent(EventHeader header, Event event) {
        core.onEvent(event);
        lastSequence = header.sequence();
    }

    private void reportSession(BrokerSessionState state, String detail) {
        core.brokerSessionChanged(state, detail);
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** This process's session, under which feed reports go too. */
    public long session() {
        return core.session();
    }

    /** The epoch under which this process may report the market, 0 when it may not. */
    public long feedEpoch() {
        return core.feedEpoch();
    }

    /** The feed handler tells whether it has a feed: without one this process does not ask for the feed grant. */
    public void feedReady(boolean ready) {
        core.feedReady(ready);
    }

    /**
     * The feed handler tells whether ticks come: a gateway that has none loses the feed grant to one that has.
     *
     * @param unfitBecause empty while they come
     */
    public void feedFit(String unfitBecause) {
        core.feedFit(unfitBecause);
    }

    /** Time since the last tick came through the log, from whichever gateway; -1 before the first. */
    public long marketAgeMillis() {
        return core.model().feedAgeMillis(System.nanoTime());
    }

    /** EXCHANGE:SYMBOL of an instrument. */
    public String name(int instrument) {
        Listing listing = core.model().listing(instrument);
        return listing == null ? "instrument " + instrument : listing.key();
    }

    /** The instruments list may have changed: read it again. */
    public void instrumentsDoubted() {
        core.desk().instrumentsDoubted();
    }

    /**
     * Something changed at the broker: read it soon.
     *
     * @param brokerOrderId of the order that changed, empty when unknown
     */
    public void hint(String brokerOrderId) {
        core.hint(brokerOrderId);
    }

    /** The instruments the engine knows. */
    public List<Listing> instruments() {
        return new ArrayList<>(core.model().listings());
    }

    /** To be mounted at {@code /session-ended}. */
    public HttpHandler sessionEnded() {
        return sessionEnded;
    }

    /** To be mounted at {@code /postback}. */
    public HttpHandler postback() {
        return postback;
    }

    /**
     * @param epoch under which this gateway may send, 0 when it may not
     * @param standsBy whether another gateway sends
     * @param lastCleanReadAgeMillis -1 before the first clean read of the book
     * @param feedAgeMillis -1 before the first tick
     */
    public record Health(
            BrokerSessionState session,
            boolean ready,
            long epoch,
            boolean standsBy,
            int inFlight,
            long lastCleanReadAgeMillis,
            long feedAgeMillis) {}

    /**
     * The engine's statement about trading in its latest pulse. It sends a pulse each second.
     *
     * @param reason why the engine cannot trade; empty when it can
     */
    public record EngineWord(boolean canTrade, String reason, long ageMillis) {}

    /** The gateway's loops, which must turn while it works; none once it is closed. */
    public List<Loop> loops() {
        return closed ? List.of() : List.of(renewing, reading);
    }

    /** The engine's latest statement about trading; empty before its first pulse. */
    public Optional<EngineWord> engineWord() {
        return core.model().engineWord(System.nanoTime());
    }

    public Health health() {
        return new Health(
                brokerSession.state(),
                core.desk().ready(),
                core.sendEpoch(),
                core.model().senderElsewhere(),
                core.sender().inFlight(),
                core.desk().lastCleanReadAgeMillis(),
                core.model().feedAgeMillis(System.nanoTime()));
    }

    /** Begins nothing more, waits a bounded time for what is in flight, gives up the grants. The log stays open: it is the caller's. */
    @Override
    public void close() {
        sending.close(CLOSING);
        renewals.shutdownNow();
        core.stopGrants();
        giveUpGrants();
        closed = true;
        core.desk().close(Duration.ofSeconds(1));
        core.stopReports();
        Thread reader = events;
        if (reader != null) {
            reader.interrupt();
        }
        try {
            broker.close();
        } catch (Exception failure) {
            LOG.warn("closing the broker connection failed reason=\"{}\"", failure.toString());
        }
    }

    private void giveUpGrants() {
        try {
            core.giveUpGrants().get(1, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException unanswered) {
            LOG.warn("grants not given up; they end with their leases reason=\"{}\"", unanswered.toString());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
