package dev.holdfast.cli;

import dev.holdfast.broker.Gateway;
import dev.holdfast.broker.Listing;
import dev.holdfast.log.Log;
import dev.holdfast.marketdata.FeedHandler;
import dev.holdfast.marketdata.GatewayLink;
import dev.holdfast.projection.Recorder;
import dev.holdfast.projection.RecorderStatus;
import dev.holdfast.projection.Recording;
import dev.holdfast.projection.RedisProjection;
import dev.holdfast.projection.StateFile;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.Health;
import dev.holdfast.runtime.HealthServer;
import dev.holdfast.runtime.Metrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The gateway's process: broker gateway, feed handler and the projections, which share one connection to the log. */
final class GatewayService implements AutoCloseable {

    /** Names in its health what the engine said last: asked by commands that the engine does not answer. */
    static final String ENGINE_WORD = "engine";

    private final Log log;
    private final Gateway gateway;
    private final FeedHandler feed;
    private final Recorder recorder;
    private final @Nullable RedisProjection redis;
    private final StateFile stateFile;
    private final HealthServer health;

    GatewayService(Home home, String hostName, long session) {
        Configuration configuration = home.configuration();
        Metrics metrics = new Metrics(hostName, "gateway");
        MeterRegistry registry = metrics.registry();
        this.log = EdgeLog.connect(home, hostName, "gateway");
        this.gateway = new Gateway(configuration, hostName, session, home.path(), home.secrets(), log, registry);
        this.feed =
                new FeedHandler(configuration, hostName, home.path(), home.secrets(), log, registry, new Link(gateway));
        this.recorder = new Recorder(configuration, hostName, home.secrets(), log, registry);
        this.redis = configuration.hostsWith(Role.SENTINEL).isEmpty()
                ? null
                : new RedisProjection(
                        configuration, hostName, home.secrets(), log, registry, () -> gateway.feedEpoch() != 0);
        this.stateFile = new StateFile(hostName, home.path(), log, registry);
        Gauge.builder("holdfast.recorder.lag.events", this, GatewayService::notRecorded)
                .register(registry);
        Gauge.builder(
                        "holdfast.recorder.durable",
                        this,
                        service -> service.recording().durable() ? 1 : 0)
                .register(registry);
        this.health = new HealthServer(
                        configuration.host(hostName).address(),
                        Configuration.GATEWAY_HEALTH_PORT,
                        metrics,
                        this::health)
                .loops(gateway::loops)
                .route("/session-ended", gateway.sessionEnded())
                .route("/postback", gateway.postback());
    }

    void start() {
        health.start();
        gateway.start();
        feed.start();
        recorder.start();
        if (redis != null) {
            redis.start();
        }
        stateFile.start();
    }

    private Health health() {
        Gateway.Health sender = gateway.health();
        RecorderStatus status = recorder.status();
        Recording recording = recording();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("role", sender.epoch() != 0 ? "SENDER" : sender.standsBy() ? "STANDBY" : "NONE");
        details.put("session", sender.session());
        details.put("epoch", sender.epoch());
        details.put("inFlight", sender.inFlight());
        details.put("bookAgeMillis", sender.lastCleanReadAgeMillis());
        details.put("feedAgeMillis", sender.feedAgeMillis());
        details.put("recorder", !recording.durable() ? "STOPPED" : status.standsBy() ? "STANDBY" : "RECORDING");
        details.put("recordedSequence", recording.sequence());
        details.put("newestSequence", newestSequence());
        details.put("notRecordedEvents", recording.lagEvents());
        details.put("durable", recording.durable());
        details.put("durableReason", recording.reason());
        details.put("degraded", degraded());
        gateway.engineWord().ifPresent(word -> details.put(ENGINE_WORD, word));
        return sender.epoch() != 0 || (sender.standsBy() && sender.ready())
                ? Health.healthy(details)
                : Health.unhealthy(
                        "may not send: broker session " + sender.session() + ", epoch " + sender.epoch()
                                + (sender.ready() ? "" : ", the book was not read lately"),
                        details);
    }

    /** Faults of this gateway that stop neither trading nor recording, a sentence each. */
    private List<String> degraded() {
        return Stream.of(redis == null ? "" : redis.problem(), stateFile.problem())
                .filter(problem -> !problem.isEmpty())
                .toList();
    }

    private Recording recording() {
        return Recording.of(recorder.status(), newestSequence());
    }

    /** The newest event that any reader in this process has read. The recorder alone would know only what it can record. */
    private long newestSequence() {
        return Math.max(recorder.status().readSequence(), stateFile.newestSequence());
    }

    private double notRecorded() {
        Long lag = recording().lagEvents();
        return lag == null ? Double.NaN : lag;
    }

    /** The gateway goes first and gives its grant back; what it still caused is recorded when there is time. */
    @Override
    public void close() {
        gateway.close();
        try (ExecutorService closing = Executors.newVirtualThreadPerTaskExecutor()) {
            closing.execute(feed::close);
            closing.execute(recorder::close);
            closing.execute(stateFile::close);
            if (redis != null) {
                closing.execute(redis::close);
            }
        }
        log.close();
        health.close();
    }

    /** What the feed handler asks the gateway beside it. */
    private record Link(Gateway gateway) implements GatewayLink {
        @Override
        public long session() {
            return gateway.session();
        }

        @Override
        public long feedEpoch() {
            return gateway.feedEpoch();
        }

        @Override
        public void feedReady(boolean ready) {
            gateway.feedReady(ready);
        }

        @Override
        public void feedFit(String unfitBecause) {
            gateway.feedFit(unfitBecause);
        }

        @Override
        public long marketAgeMillis() {
            return gateway.marketAgeMillis();
        }

        @Override
        public String name(int instrument) {
            return gateway.name(instrument);
        }

        @Override
        public void instrumentsDoubted() {
            gateway.instrumentsDoubted();
        }

        @Override
        public Map<Long, Integer> instrumentsByToken() {
            return gateway.instruments().stream()
                    .filter(listing -> listing.token() != 0) // another contract has it now
                    .collect(Collectors.toMap(Listing::token, Listing::number, (first, second) -> second));
        }

        @Override
        public void orderChanged(String brokerOrderId) {
            gateway.hint(brokerOrderId);
        }
    }
}
