package dev.holdfast.cli;

import dev.holdfast.agent.ChildStatus.State;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.OwnedProcess;
import dev.holdfast.runtime.namespaces.Cuts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Stops everything of one home: the edges, then each host through its agent, then the exchange, then whatever is left. */
final class Shutdown {

    private static final Duration EDGES = Duration.ofSeconds(3);
    private static final Duration AGENTS = Duration.ofMillis(5_500);
    private static final Duration EXCHANGE = Duration.ofSeconds(2);
    private static final Duration LEFT_OVER = Duration.ofMillis(500);
    private static final long LOOK_AGAIN_MILLIS = 50;

    /** Only programs of ours are ended by their folder: a person's shell may stand in it too. */
    private static final Set<String> PROGRAMS =
            Set.of("java", "postgres", "redis-server", "redis-sentinel", "redis-check-rdb");

    private final Home home;
    private final Console console;

    Shutdown(Home home, Console console) {
        this.home = home;
        this.console = console;
    }

    /**
     * @param stopped processes that ran before and do not now
     * @param killed those that did not end when asked
     * @param left those that could not be ended
     * @param atWork commands that worked on the home and were ended first, in words
     */
    record Result(boolean ok, int stopped, List<Long> killed, List<Long> left, long millis, List<String> atWork) {
        String text() {
            String forced = killed.isEmpty() ? "" : "; had to kill " + killed;
            String first = atWork.isEmpty() ? "" : "; first " + String.join(", ", atWork);
            return ok
                    ? "down: " + stopped + " processes ended in " + millis / 1000.0 + " s, nothing left" + forced
                            + first
                    : "down: still there: processes " + left + "; end them by hand";
        }
    }

    Result run() throws InterruptedException {
        List<String> atWork = new AtWork(home, console).end();
        int before = ours().size();
        healNetwork();
        forbidRestarts();
        if (before > 0 && home.secrets().exists("agent")) {
            stopEdges();
            Thread exchange = Thread.ofVirtual().start(this::stopExchange);
            stopAgents();
            exchange.join();
        }
        home.exchange().stop(EXCHANGE);
        List<Long> killed = new ArrayList<>();
        List<ProcessHandle> rest = ours();
        if (!rest.isEmpty()) {
            rest.forEach(ProcessHandle::destroy);
            awaitNone(LEFT_OVER);
            for (ProcessHandle stubborn : ours()) {
                killed.add(stubborn.pid());
                stubborn.destroyForcibly();
            }
            awaitNone(LEFT_OVER);
        }
        List<Long> left = ours().stream().map(ProcessHandle::pid).toList();
        if (left.isEmpty()) {
            removeNetwork();
            removeGuard();
            unmountDisks();
            forgetRelease();
            AeronFolders.deleteAll(home.path());
        }
        return new Result(left.isEmpty(), before - left.size(), killed, left, console.elapsedMillis(), atWork);
    }

    private void forbidRestarts() {
        for (Configuration.Host host : home.configuration().hosts()) {
            try {
                home.supervisor(host).forbid();
            } catch (IOException failure) {
                console.warn("the agent of host " + host.name() + " may be started again while everything stops: "
                        + failure);
            }
        }
    }

    /** Before all else: a host that is cut off cannot be asked to stop. */
    private void healNetwork() throws InterruptedException {
        try {
            if (home.network().complete()) {
                new Cuts(home.network()).healAll();
            }
        } catch (IOException failure) {
            console.warn("hosts may be cut off and will be killed: " + failure.getMessage());
        }
    }

    /** Also of a home whose hosts are not namespaces any more. */
    private void removeNetwork() throws InterruptedException {
        try {
            if (home.network().exists()) {
                home.network().remove();
            }
        } catch (IOException failure) {
            throw Failure.negative("all processes ended, but the hosts' network is still there: " + failure.getMessage()
                    + "; run './holdfast down' again as root");
        }
    }

    private void removeGuard() throws InterruptedException {
        try {
            new PortGuard(home).remove();
        } catch (IOException failure) {
            console.warn("the packet filter's rules of this home are still there: " + failure.getMessage());
        }
    }

    private void unmountDisks() throws InterruptedException {
        for (Configuration.Host host : home.configuration().hostsWith(Role.POSTGRES)) {
            try {
                new DatabaseDisk(home, host).unmount();
            } catch (IOException failure) {
                throw Failure.negative("all processes ended, but the disk of host " + host.name()
                        + "'s database is still mounted: " + failure.getMessage()
                        + "; see who works there, then run './holdfast down' again as root");
            }
        }
    }

    private void forgetRelease() {
        try {
            home.forgetRelease();
        } catch (IOException failure) {
            console.warn("the next commands run the release that ran until now: " + failure);
        }
    }

    /** Once the gateways are gone nobody uses it. */
    private void stopExchange() {
        try {
            home.exchange().stop(EXCHANGE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** While the engine still lives, so that the gateway can give its grant back. */
    private void stopEdges() throws InterruptedException {
        try (AgentClient agents = new AgentClient(home)) {
            List<Configuration.Host> hosts = home.configuration().hostsWith(Role.GATEWAY);
            hosts.forEach(host -> console.progress("stopping the gateway of host " + host.name()));
            for (Configuration.Host host : hosts) {
                if (agents.post(host, "/hold?process=gateway")) {
                    long deadline = System.nanoTime() + EDGES.toNanos();
                    while (!stopped(agents, host) && System.nanoTime() - deadline < 0) {
                        Thread.sleep(LOOK_AGAIN_MILLIS);
                    }
                }
            }
        }
    }

    private static boolean stopped(AgentClient agents, Configuration.Host host) throws InterruptedException {
        return agents.status(host).stream()
                .flatMap(status -> status.processes().stream())
                .filter(child -> child.name().equals("gateway"))
                .allMatch(child -> child.state() == State.STOPPED);
    }

    private void stopAgents() throws InterruptedException {
        List<ProcessHandle> running = new ArrayList<>();
        try (AgentClient agents = new AgentClient(home)) {
            for (Configuration.Host host : home.configuration().hosts()) {
                Supervisor supervisor = home.supervisor(host);
                if (supervisor.frozen()) {
                    supervisor.kill();
                }
                Optional<ProcessHandle> agent = supervisor.agent();
                if (agent.isPresent()) {
                    console.progress("stopping host " + host.name());
                    running.add(agent.get());
                    if (!agents.post(host, "/stop")) {
                        agent.get().destroy();
                    }
                }
                supervisor.running().ifPresent(running::add);
            }
        }
        long deadline = System.nanoTime() + AGENTS.toNanos();
        for (ProcessHandle agent : running) {
            OwnedProcess.awaitExit(agent, Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
    }

    private void awaitNone(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!ours().isEmpty() && System.nanoTime() - deadline < 0) {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private List<ProcessHandle> ours() {
        Set<Long> supervisors = home.configuration().hosts().stream()
                .flatMap(host -> home.supervisor(host).running().stream())
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
        return home.processes().stream()
                .filter(process -> process.info()
                                .command()
                                .map(command -> PROGRAMS.contains(command.substring(command.lastIndexOf('/') + 1)))
                                .orElse(false)
                        || supervisors.contains(process.pid()))
                .toList();
    }
}
