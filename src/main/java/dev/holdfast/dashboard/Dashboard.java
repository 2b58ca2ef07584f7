package dev.holdfast.dashboard;

import dev.holdfast.log.Log;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Health;
import dev.holdfast.runtime.HostHeader;
import dev.holdfast.runtime.HttpDoor;
import dev.holdfast.runtime.Loop;
import dev.holdfast.runtime.Secrets;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.ContentTooLargeResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.json.JavalinJackson3;
import io.javalin.security.Roles;
import io.javalin.security.RouteRole;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard process: one live page, its API, and the answers to health checks. */
public final class Dashboard implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Dashboard.class);
    private static final long MAX_REQUEST_BYTES = 16 * 1024;
    private static final String COOKIE_SECRET = "dashboard-cookie";

    private final String address;
    private final MeterRegistry metrics;
    private final Dependencies dependencies;
    private final LiveModel model;
    private final EventFollower<Command, Event> follower;
    private final RecoveryWatch recovery;
    private final Stores stores;
    private final LiveStream stream;
    private final Probes probes;
    private final Access access;
    private final Pages pages;
    private final Api api;
    private final RecoveryApi recoveryApi;
    private final DrillApi drillApi;
    private final Javalin server;

    /**
     * @param hostName whose address it listens on
     * @param log stays the caller's to close
     * @param recovery null where no host votes; stays the caller's to close
     */
    public Dashboard(
            Configuration configuration,
            String hostName,
            Secrets secrets,
            Log log,
            @Nullable RecoveryLog recovery,
            DrillDesk drills,
            MeterRegistry metrics) {
        this(
                configuration.host(hostName).address(),
                HostHeader.of(configuration),
                secrets,
                metrics,
                Dependencies.of(configuration, secrets, log, recovery, drills));
    }

    Dashboard(String address, HostHeader names, Secrets secrets, MeterRegistry metrics, Dependencies dependencies) {
        this.address = address;
        this.metrics = metrics;
        this.dependencies = dependencies;
        Log log = dependencies.log();
        SessionStore sessions = dependencies.sessions();
        this.model = new LiveModel(System::nanoTime, System::currentTimeMillis);
        this.follower = EventFollower.ofTrading(log, model);
        this.recovery = new RecoveryWatch(dependencies.recovery(), dependencies.agents());
        this.stores = new Stores(this::askRows, () -> ping(sessions), System::nanoTime);
        Authentication authentication = new Authentication(
                new Users(secrets),
                sessions,
                secrets.readOrCreate(COOKIE_SECRET),
                System::currentTimeMillis,
                () -> System.nanoTime() / 1_000_000);
        JsonMapper json = new JsonMapper();
        DrillDesk desk = dependencies.drills();
        this.stream = new LiveStream(model, log, stores, recovery, new DrillWatch(desk), authentication, json);
        this.probes = new Probes(log, model, dependencies.rows(), System::nanoTime);
        this.pages = new Pages();
        this.access = new Access(authentication, names, pages.importMapHash());
        this.api = new Api(log, model, stream, authentication);
        this.recoveryApi = new RecoveryApi(recovery);
        this.drillApi = new DrillApi(new DrillStart(desk, json));
        this.server = Javalin.create(config -> configure(config, json));
    }

    private Stores.Told askRows() {
        RecordedRows.Newest newest = model.newest(); // before the rows, which go on meanwhile
        RecordedRows.Recorded recorded = dependencies.rows().ask();
        return new Stores.Told(recorded.sequence(), dependencies.rows().trouble(recorded, newest));
    }

    private static Stores.Told ping(SessionStore sessions) {
        sessions.ping();
        return new Stores.Told(-1, "");
    }

    private void configure(JavalinConfig config, JsonMapper json) {
        config.startup.showJavalinBanner = false;
        config.concurrency.useVirtualThreads = true;
        config.http.maxRequestSize = MAX_REQUEST_BYTES;
        config.http.prefer405over404 = true;
        config.jetty.addConnector((jetty, http) -> HttpDoor.at(jetty, http, address, Configuration.DASHBOARD_PORT));
        config.jsonMapper(new JavalinJackson3(json, true));
        Pages.addTo(config.staticFiles);
        RoutesConfig routes = config.routes;
        routes.before(access::secure);
        routes.before(Dashboard::requireSmall);
        routes.beforeMatched(access::check);
        routes.exception(HttpResponseException.class, Dashboard::answerError);
        routes.exception(Exception.class, Dashboard::answerFault);
        pages.addTo(routes, access);
        api.addTo(routes);
        recoveryApi.addTo(routes);
        drillApi.addTo(routes);
        routes.get(Loop.PATH, this::answerAlive, Role.ANYONE);
        routes.get("/health", this::answerTrading, Role.ANYONE);
        routes.get("/health/durable", this::answerDurable, Role.ANYONE);
        routes.get("/metrics", this::scrape, Role.ANYONE);
    }

    /** A route as it stands in the router, with who may use it. */
    record Route(String method, String path, Set<RouteRole> roles) {}

    /** Every route but the static files, which anyone may load. */
    List<Route> routes() {
        return server.unsafe.internalRouter.allHttpHandlers().stream()
                .map(parsed -> parsed.endpoint)
                .filter(endpoint -> endpoint.method.isHttpMethod())
                .map(endpoint -> {
                    Roles roles = endpoint.metadata(Roles.class);
                    return new Route(
                            endpoint.method.name(), endpoint.path, roles == null ? Set.of() : roles.getRoles());
                })
                .toList();
    }

    /** Refuses a body that is too large, before its first byte is read. */
    private static void requireSmall(Context context) {
        if (context.req().getContentLengthLong() > MAX_REQUEST_BYTES) {
            throw new ContentTooLargeResponse("the body is larger than " + MAX_REQUEST_BYTES + " bytes");
        }
    }

    private static void answerError(HttpResponseException refusal, Context context) {
        context.status(refusal.getStatus()).json(Map.of("error", String.valueOf(refusal.getMessage())));
    }

    private static void answerFault(Exception fault, Context context) {
        LOG.error("request failed method={} path={}", context.method(), context.path(), fault);
        context.status(500).json(Map.of("error", "the dashboard failed; its log says why"));
    }

    /** For this host's agent, which starts the dashboard anew when it does not live. */
    private void answerAlive(Context context) {
        Health alive = Loop.health(List.of(follower.loop()));
        context.status(alive.healthy() ? 200 : 503)
                .header("Cache-Control", "no-store")
                .json(Map.of("ok", alive.healthy(), "reason", alive.reason()));
    }

    private void answerTrading(Context context) {
        Probes.Trading answer = probes.trading();
        context.status(answer.ok() ? 200 : 503)
                .header("Cache-Control", "no-store")
                .json(answer);
    }

    private void answerDurable(Context context) {
        Probes.Durable answer = probes.durable();
        context.status(answer.ok() ? 200 : 503)
                .header("Cache-Control", "no-store")
                .json(answer);
    }

    private void scrape(Context context) {
        String text = metrics instanceof PrometheusMeterRegistry prometheus ? prometheus.scrape() : "";
        context.contentType("text/plain; version=0.0.4; charset=utf-8").result(text);
    }

    /** Serves from now on; the page says what is missing until the log answers. */
    public void start() {
        Gauge.builder("dashboard.event.age.seconds", () -> model.eventAgeMillis() / 1e3)
                .register(metrics);
        Gauge.builder("dashboard.sequence", model::sequence).register(metrics);
        Gauge.builder("dashboard.clients", stream::clients).register(metrics);
        if (recovery.log().isPresent()) {
            Gauge.builder("dashboard.recovery.heard", () -> recovery.heard() ? 1 : 0)
                    .register(metrics);
        }
        follower.start();
        recovery.start();
        stores.start();
        server.start();
        LOG.info("dashboard on http://{}:{}/", address, Configuration.DASHBOARD_PORT);
    }

    @Override
    public void close() {
        stream.close();
        server.stop();
        stores.close();
        follower.close();
        recovery.close();
        dependencies.sessions().close();
        dependencies.rows().close();
    }
}
