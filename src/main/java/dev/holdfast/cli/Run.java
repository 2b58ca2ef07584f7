package dev.holdfast.cli;

import dev.holdfast.agent.Agent;
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
    private String market = "random:1";

    @Option(names = "--speed")
    private double speed = 1;

    @Override
    public Integer call() throws Exception {
        Home home = Home.open(options.home());
        switch (kind) {
            case AGENT -> runAgent(home);
            case TRADER, GATEWAY, DASHBOARD, EXCHANGE -> throw Failure.usage(market + speed);
        }
        return 0;
    }

    private void runAgent(Home home) throws Exception {
        Agent agent = new Agent(home.path(), host, home.configuration());
        Runtime.getRuntime().addShutdownHook(new Thread(agent::close, "agent-stop"));
        agent.start();
        agent.awaitStop();
    }

    /** Closes the process's part when a signal comes, and waits for that. */
    static void untilSignal(AutoCloseable part) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(part), "stop"));
        new CountDownLatch(1).await();
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception failure) {
            System.err.println("could not stop in order: " + failure);
        }
    }
}
