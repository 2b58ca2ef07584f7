package dev.holdfast.cli;

import dev.holdfast.cluster.MemberProfile;
import dev.holdfast.cluster.Release;
import dev.holdfast.cluster.Termination;
import dev.holdfast.cluster.Trader;
import dev.holdfast.cluster.TraderOptions;
import dev.holdfast.cluster.TraderStatus;
import dev.holdfast.engine.TradingEngine;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.Health;
import dev.holdfast.runtime.HealthServer;
import dev.holdfast.runtime.Metrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The trader process: one member of the replicated engine. */
final class TraderService implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(TraderService.class);

    private final Path home;
    private final Trader trader;
    private final EmptyMember empty;
    private final AgentClient others;
    private final HealthServer health;

    TraderService(Home home, String hostName) {
        this.home = home.path();
        Configuration.Host host = home.configuration().host(hostName);
        this.trader = new Trader(options(home, host), TradingEngine::new);
        this.others = new AgentClient(home);
        this.empty = new EmptyMember(
                options(home, host),
                AeronFolders.of(home.path(), host.name(), "trader-seeding"),
                home.configuration().hostsWith(Role.TRADER),
                other -> others.healthDocument(other, Configuration.TRADER_HEALTH_PORT));
        Metrics metrics = new Metrics(hostName, "trader");
        Gauge.builder("holdfast.trader.sequence", trader, each -> each.status().eventSequence())
                .register(metrics.registry());
        Gauge.builder("holdfast.trader.term", trader, each -> each.status().term())
                .register(metrics.registry());
        FunctionCounter.builder("holdfast.trader.refused", trader, Trader::refusals)
                .register(metrics.registry());
        this.health = new HealthServer(host.address(), Configuration.TRADER_HEALTH_PORT, metrics, this::health)
                .loops(trader::loops);
    }

    static TraderOptions options(Home home, Configuration.Host host) {
        List<Configuration.Host> traders = home.configuration().hostsWith(Role.TRADER);
        return TraderOptions.of(
                MemberProfile.TRADER,
                traders.indexOf(host),
                traders.stream().map(Configuration.Host::address).toList(),
                home.path().resolve("hosts").resolve(host.name()).resolve("trader"),
                AeronFolders.of(home.path(), host.name(), "trader"),
                home.secrets().read("cluster"),
                home.configuration().fsync() == Configuration.Fsync.ALWAYS);
    }

    /** @return how the member ended */
    Termination runUntilStopped() throws InterruptedException {
        health.start();
        empty.prepare();
        trader.start();
        try {
            Release.keepIn(home);
        } catch (IOException failure) {
            LOGGER.warn("this release is not kept for replays: {}", failure.toString());
        }
        return trader.awaitTermination();
    }

    private Health health() {
        TraderStatus status = trader.status();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("role", status.role());
        details.put("term", status.term());
        details.put("leader", status.leader());
        details.put("sequence", status.eventSequence());
        details.put("snapshotAgeMillis", status.snapshotAgeMillis());
        details.put("begun", trader.begun());
        details.put("refused", trader.refusals());
        if (!empty.waiting().isEmpty()) {
            return Health.unhealthy(empty.waiting(), details);
        }
        return status.leader() >= 0 ? Health.healthy(details) : Health.unhealthy("no leader is known", details);
    }

    @Override
    public void close() {
        trader.close();
        health.close();
        others.close();
    }
}
