package dev.holdfast.dashboard;

import dev.holdfast.runtime.HostHeader;
import dev.holdfast.runtime.Secrets;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.List;

/** Runs the page with made-up data, to look at it: arguments are an address and a home. */
public final class Demo {

    private static final long STEP_MILLIS = 250;
    private static final int STEPS = 4 * 60 * 60;

    private Demo() {}

    public static void main(String[] arguments) throws InterruptedException {
        Secrets secrets = new Secrets(Path.of(arguments[1]));
        new Users(secrets).add("operator", Role.OPERATOR, "demo-demo-demo");
        FakeLog log = new FakeLog();
        FakeMarket market = new FakeMarket(log, 42);
        market.begin();
        market.past();
        try (Dashboard dashboard = new Dashboard(
                arguments[0],
                new HostHeader(List.of(arguments[0])),
                secrets,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                new Dependencies(
                        log,
                        new FakeSessions(),
                        () -> new RecordedRows.Recorded(1_000_000, 0, 0),
                        null,
                        new Agents(List.of(), ""),
                        Callers.heldDrills(Path.of(arguments[1]))))) {
            dashboard.start();
            for (int step = 1; step <= STEPS; step++) {
                market.step(step);
                Thread.sleep(STEP_MILLIS);
            }
        }
    }
}
