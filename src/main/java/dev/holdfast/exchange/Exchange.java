package dev.holdfast.exchange;

import dev.holdfast.runtime.HostHeader;
import dev.holdfast.runtime.HttpDoor;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.util.JavalinBindException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The simulated exchange and broker as one server. {@link #start} reads the ledger, rebuilds the day and opens. */
public final class Exchange implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final int MAX_REQUEST_BYTES = 64 * 1024;
    private static final int MAX_PLATFORM_THREADS = 8;

    /** How many ids a restart leaves out: more than can be given out between two forced writes. */
    private static final int SKIPPED_IDS = 1_000;

    private final ExchangeOptions options;
    private final AtomicLong lastWallNanos = new AtomicLong();
    private @Nullable Running running;

    public Exchange(ExchangeOptions options) {
        this.options = options;
    }

    private record Running(Ledger ledger, Floor floor, Pump pump, Herald herald, Javalin server) {}

    /**
     * Opens the exchange; returns when it answers.
     *
     * @throws IllegalArgumentException if the market specification is unusable
     * @throws IllegalStateException if the port is taken
     */
    public synchronized void start() {
        if (running != null) {
            throw new IllegalStateException("the exchange is running already");
        }
        Market market = Markets.open(options.market(), options.speed());
        Ledger ledger = new Ledger(options.folder());
        try {
            running = open(market, ledger);
        } finally {
            if (running == null) {
                ledger.close();
            }
        }
        LOG.info(
                "exchange open address={} port={} market={} speed={} profile={}",
                options.address(),
                port(),
                options.market(),
                options.speed(),
                options.profile());
    }

    private Running open(Market market, Ledger ledger) {
        Book book = new Book();
        ledger.replayLastDay(book::apply);
        book.skipIds(ledger.lastNumber() == 0 ? 0 : SKIPPED_IDS);
        market.begin(wallNanos(), book.lastMarketNanos(), new HashMap<>(book.lastPaise()));

        Witness witness = new Witness(ledger, market, this::wallNanos);
        Faults faults = new Faults(this::wallNanos, witness::write);
        Postbox postbox = new Postbox();
        Floor floor = new Floor(market, options.market(), book, witness, faults, this::wallNanos, postbox::tell);
        Sessions sessions =
                new Sessions(floor, this::wallNanos, options.apiKey(), options.apiSecret(), options.controlSecret());
        Tokens tokens = new Tokens(floor, faults);
        Uplink uplink = new Uplink(faults);
        OddRows oddRows = new OddRows(faults, floor);
        Ticker ticker = new Ticker(floor, sessions, faults, tokens);
        Herald herald = new Herald(ticker, witness, faults, options.apiSecret(), options.postbackUrls());
        postbox.herald = herald;
        floor.followTime();
        // The first prices are there before the first client: an order must not be turned down for want of one.
        market.advance(wallNanos(), floor::tick);
        witness.sync();

        Access access = new Access(sessions);
        RateLimits limits = new RateLimits(options.profile(), this::wallNanos);
        Javalin server = Javalin.create(config -> {
            configure(config);
            RoutesConfig routes = config.routes;
            names(routes);
            uplink.add(routes);
            new SessionRoutes(sessions, witness, limits, options.redirectUrl()).add(routes);
            new BookRoutes(floor, witness, faults, oddRows, access, limits, this::wallNanos).add(routes);
            new OrderRoutes(floor, witness, faults, access, limits).add(routes);
            new QuoteRoutes(floor, tokens, faults, access, limits).add(routes);
            new ControlRoutes(floor, faults, ledger, sessions, ticker, witness, oddRows, options.controlSecret())
                    .add(routes);
            routes.get("/health", context -> context.result("ok"));
            for (String path : List.of("/", "/ws")) {
                routes.wsBeforeUpgrade(path, context -> {
                    if (uplink.isLost(context)) {
                        throw KiteError.general(503, "The line to this address is lost");
                    }
                    ticker.admit(Access.query(context, "api_key"), Access.query(context, "access_token"));
                });
                routes.ws(path, ticker::configure);
            }
            errors(routes);
        });
        Pump pump = new Pump(market, floor, ticker, this::wallNanos);
        try {
            server.start();
        } catch (JavalinBindException taken) {
            herald.close();
            pump.close();
            throw new IllegalStateException(
                    "the exchange cannot listen on " + options.address() + ":" + options.port() + " ("
                            + taken.getMessage() + "); stop what listens there or choose another port",
                    taken);
        }
        pump.start();
        return new Running(ledger, floor, pump, herald, server);
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.http.maxRequestSize = MAX_REQUEST_BYTES;
        config.http.compressionStrategy = io.javalin.compression.CompressionStrategy.NONE;
        config.jetty.timeoutStatus = 504;
        QueuedThreadPool threads = new QueuedThreadPool(MAX_PLATFORM_THREADS, 2);
        threads.setName("exchange-http");
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        config.jetty.threadPool = threads;
        config.jetty.addConnector((server, http) -> HttpDoor.at(server, http, options.address(), options.port()));
    }

    /** A browser's page of another site that has its name answered with our address is told so. */
    private void names(RoutesConfig routes) {
        HostHeader names = new HostHeader(List.of(options.address()));
        routes.before(context -> {
            String fault = names.fault(context.header("Host"));
            if (!fault.isEmpty()) {
                throw KiteError.general(421, fault);
            }
        });
    }

    private static void errors(RoutesConfig routes) {
        routes.exception(KiteError.class, (error, context) -> Envelope.error(context, error));
        routes.exception(Exception.class, (failure, context) -> {
            LOG.error("request {} {} failed", context.method(), context.path(), failure);
            Envelope.error(context, KiteError.general(500, "Something unexpected happened: " + failure.getMessage()));
        });
        routes.error(404, context -> {
            if (context.resultInputStream() == null
                    || !"application/json".equals(context.res().getContentType())) {
                Envelope.error(context, KiteError.notFound("Route not found"));
            }
        });
    }

    /** Where it listens, once started. */
    public synchronized int port() {
        return require().server.port();
    }

    private Running require() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("the exchange is not running");
        }
        return now;
    }

    /** Wall time that never goes back, even if the machine's clock is set back. */
    private long wallNanos() {
        Instant now = Instant.now();
        long nanos = Math.addExact(now.getEpochSecond() * Ist.NANOS_PER_SECOND, now.getNano());
        return lastWallNanos.accumulateAndGet(nanos, Math::max);
    }

    /** Stops listening, keeps the prices and forces the ledger. */
    @Override
    public synchronized void close() {
        Running stopping = running;
        if (stopping == null) {
            return;
        }
        running = null;
        stopping.server.stop();
        stopping.pump.close();
        stopping.herald.close();
        try {
            stopping.floor.recordPrices();
        } catch (Ledger.LedgerFailed failure) {
            LOG.warn("the last prices were not kept: {}", failure.getMessage());
        }
        stopping.ledger.close();
        LOG.info("exchange closed");
    }

    /** Breaks the circle of floor, ticker and herald: the floor speaks, the herald hears once it is there. */
    private static final class Postbox {
        private volatile @Nullable Herald herald;

        private void tell(OrderNotice notice) {
            Herald listening = herald;
            if (listening != null) {
                listening.tell(notice);
            }
        }
    }
}
