package dev.holdfast.cli;

import dev.holdfast.cluster.Termination;
import dev.holdfast.runtime.JavaCommand.Kind;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Is one process of the system, until a signal ends it. It reads its few arguments itself: they come from {@link
 * dev.holdfast.runtime.JavaCommand}, and starting without the command line's parser saves a fifth of a second for each process.
 */
final class Run {

    private final Kind kind;
    private final Map<String, String> options;

    private Run(Kind kind, Map<String, String> options) {
        this.kind = kind;
        this.options = options;
    }

    /** Expects the kind, then pairs of option and value. */
    static Run parse(List<String> arguments) {
        if (arguments.size() % 2 != 1) {
            throw Failure.usage(
                    "'run' is for the system's own processes; expected a kind, then options with values, got "
                            + arguments);
        }
        Map<String, String> options = new HashMap<>();
        for (int index = 1; index < arguments.size(); index += 2) {
            options.put(arguments.get(index), arguments.get(index + 1));
        }
        return new Run(Kind.valueOf(arguments.getFirst().toUpperCase(Locale.ROOT)), options);
    }

    /** @return the exit code */
    int call() throws Exception {
        Home home = Home.open(Path.of(option("--home")));
        return switch (kind) {
            case AGENT -> {
                Priority.raise(Priority.AGENT);
                AgentService agent = new AgentService(home, option("--host"));
                atSignal(agent);
                agent.start();
                agent.awaitStop();
                yield 0;
            }
            case TRADER -> {
                Priority.raise(Priority.TRADER);
                TraderService trader = new TraderService(home, option("--host"));
                atSignal(trader);
                Termination end = trader.runUntilStopped();
                if (!end.orderly()) {
                    // Its threads may hang where no orderly end would reach them, and its agent waits to start it anew.
                    Runtime.getRuntime().halt(Failure.NEGATIVE);
                }
                yield 0;
            }
            case GATEWAY -> {
                Priority.raise(Priority.GATEWAY);
                GatewayService gateway =
                        new GatewayService(home, option("--host"), Long.parseLong(option("--session")));
                atSignal(gateway);
                gateway.start();
                yield untilSignal();
            }
            case DASHBOARD -> {
                DashboardService dashboard = new DashboardService(home, option("--host"));
                atSignal(dashboard);
                dashboard.start();
                yield untilSignal();
            }
            case EXCHANGE -> {
                ExchangeService exchange =
                        new ExchangeService(home, option("--market"), Double.parseDouble(option("--speed")));
                atSignal(exchange);
                exchange.start();
                yield untilSignal();
            }
        };
    }

    private String option(String name) {
        String value = options.get(name);
        if (value == null) {
            throw Failure.usage("process " + kind.word() + " needs " + name);
        }
        return value;
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
