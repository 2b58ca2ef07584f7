package dev.holdfast.cli;

import dev.holdfast.agent.Agent;
import dev.holdfast.cluster.Termination;
import dev.holdfast.runtime.JavaCommand.Kind;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "run", hidden = true, description = "Is one process of the system, until a signal ends it.")
final class Run implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Parameters(paramLabel = "KIND")
    private Kind kind = Kind.AGENT;

    @Option(names = "--host")
    private String host = "";

    @Option(names = "--market")
    private String market = "";

    @Option(names = "--speed")
    private double speed = 1;

    @Override
    public Integer call() throws Exception {
        Home home = Home.open(options.home());
        return switch (kind) {
            case AGENT -> {
                Agent agent = new Agent(home.path(), host, home.configuration());
                atSignal(agent);
                agent.start();
                agent.awaitStop();
                yield 0;
            }
            case TRADER -> {
                TraderService trader = new TraderService(home, host);
                atSignal(trader);
                Termination end = trader.runUntilStopped();
                yield end.orderly() ? 0 : Failure.NEGATIVE;
            }
            case GATEWAY -> {
                GatewayService gateway = new GatewayService(home, host);
                atSignal(gateway);
                gateway.start();
                yield untilSignal();
            }
            case DASHBOARD -> {
                DashboardService dashboard = new DashboardService(home, host);
                atSignal(dashboard);
                dashboard.start();
                yield untilSignal();
            }
            case EXCHANGE -> {
                ExchangeService exchange = new ExchangeService(home, market, speed);
                atSignal(exchange);
                exchange.start();
                yield untilSignal();
            }
        };
    }

    /** A signal, and the end of {@link #call}, close the process's one part in order. */
    private static void atSignal(AutoCloseable part) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(part), "stop"));
    }

    private static int untilSignal() throws InterruptedException {
        new CountDownLatch(1).await();
        return 0;
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception failure) {
            System.err.println("could not stop in order: " + failure);
        }
    }
}
