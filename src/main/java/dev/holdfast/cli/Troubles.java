package dev.holdfast.cli;

import dev.holdfast.agent.ChildStatus;
import dev.holdfast.agent.ChildStatus.State;
import dev.holdfast.agent.HostStatus;
import dev.holdfast.runtime.BoundedLogFile;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.OwnedProcess;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Watches the agents while the system starts, and tells once of each process that does not come up. */
final class Troubles implements AutoCloseable {

    private static final Duration LOOK = Duration.ofSeconds(2);

    /** A first attempt may fail while another host's server is not there yet. */
    private static final int FORGIVEN_RESTARTS = 1;

    private static final int SHOWN_LINES = 5;

    private final Home home;
    private final Console console;
    private final Set<String> told = new HashSet<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("troubles").unstarted(this::watch);

    Troubles(Home home, Console console) {
        this.home = home;
        this.console = console;
    }

    void start() {
        thread.start();
    }

    private void watch() {
        try (AgentClient agents = new AgentClient(home)) {
            while (true) {
                Thread.sleep(LOOK);
                lookAtExchange();
                for (Configuration.Host host : home.configuration().hosts()) {
                    agents.status(host)
                            .map(HostStatus::processes)
                            .orElse(List.of())
                            .forEach(child -> look(host, child));
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** No agent looks after it: it is the world outside. */
    private void lookAtExchange() {
        OwnedProcess exchange = home.exchange();
        if (home.configuration().broker().simulated() && exchange.running().isEmpty() && told.add("exchange")) {
            console.progress(
                    "the simulated exchange has ended." + lines(BoundedLogFile.tail(exchange.logFile(), SHOWN_LINES)));
        }
    }

    private static String lines(List<String> log) {
        return log.stream().map(line -> "\n             " + line).collect(Collectors.joining());
    }

    private void look(Configuration.Host host, ChildStatus child) {
        boolean ailing = child.state() == State.CRASH_LOOP
                || child.state() == State.HALTED
                || (child.state() == State.WAITING
                        && (child.restarts() > FORGIVEN_RESTARTS
                                || !child.detail().isEmpty()));
        String name = host.name() + "-" + child.name();
        if (ailing && told.add(name)) {
            console.progress(
                    name + " does not stay up; its agent goes on trying. " + child.detail() + lines(child.log()));
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
