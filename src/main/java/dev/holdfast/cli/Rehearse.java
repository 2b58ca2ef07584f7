package dev.holdfast.cli;

import dev.holdfast.cluster.Termination;
import dev.holdfast.runtime.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "rehearse",
        hidden = true,
        description = {
            "Runs a whole small system in this one process until its first order has filled.",
            "The build ends with it: it shows that what was built trades, and the Java machine remembers what it loaded."
        })
final class Rehearse implements Callable<Integer> {

    @Option(names = "--address", defaultValue = "127.0.3.98")
    private String address = "";

    @Option(names = "--exchange-address", defaultValue = "127.0.3.99")
    private String exchangeAddress = "";

    @Option(names = "--idle-address", defaultValue = "127.0.3.97")
    private String idleAddress = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("holdfast-rehearsal");
        try {
            Files.writeString(folder.resolve("holdfast.yaml"), configuration());
            return perform(Home.openOrCreate(folder, DefaultConfiguration.RANDOM)) ? 0 : Failure.NEGATIVE;
        } finally {
            Folders.delete(folder);
        }
    }

    private String configuration() {
        return """
            region: rehearsal
            hosts:
              - {name: a, address: %1$s, roles: [trader, gateway, dashboard]}
              - {name: idle, address: %3$s, roles: [voter]}
            broker: {simulated: true, address: %2$s, profile: drill}
            risk:
              maxOrderValueRupees: 500_000
              maxOrderQuantity: 1_000
              maxPositionQuantity: 5_000
              maxExposureRupees: 10_000_000
              priceBandBasisPoints: 500
              maxDailyLossRupees: 100_000
              staleFeedMillis: 5_000
            instruments: [NSE:INFY]
            strategies:
              - {name: canary, kind: canary, instrument: NSE:INFY, product: MIS, quantity: 1, parameters: {perSecond: 1}, start: true}
            """.formatted(address, exchangeAddress, idleAddress);
    }

    private static boolean perform(Home home) throws IOException, InterruptedException {
        Console console = new Console(System.out, System.err, false);
        Thread member;
        boolean traded;
        try (ExchangeService exchange = new ExchangeService(home, "random:1", 1);
                TraderService trader = new TraderService(home, "a");
                GatewayService gateway = new GatewayService(home, "a", 1);
                DashboardService dashboard = new DashboardService(home, "a");
                AgentService agent = new AgentService(home, "idle");
                AgentClient agents = new AgentClient(home);
                Operator operator = Operator.connect(home)) {
            agent.start();
            exchange.start();
            member = Thread.ofPlatform().daemon().start(() -> run(trader));
            gateway.start();
            dashboard.start();
            traded = new Trading(home, operator, console).begin().ok()
                    && agents.status(home.configuration().host("idle")).isPresent();
        }
        member.join();
        return traded;
    }

    private static void run(TraderService trader) {
        try {
            Termination end = trader.runUntilStopped();
            if (!end.orderly()) {
                System.err.println("the engine ended: " + end.reason());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
