package dev.holdfast.cli;

import dev.holdfast.agent.ChildStatus;
import dev.holdfast.log.RecoveryPicture;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.RecoveryCommand.OrderSwitchover;
import dev.holdfast.protocol.ReplicaState;
import dev.holdfast.runtime.Configuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Restarts PostgreSQL on one host after the other; the next one only when the one before follows again. */
final class RollingRestart {

    private static final Duration PICTURE_LIMIT = Duration.ofSeconds(5);
    private static final Duration FOLLOW_LIMIT = Duration.ofSeconds(60);
    private static final Duration REDUNDANCY_LIMIT = Duration.ofMinutes(2);
    private static final long LOOK_AGAIN_MILLIS = 250;

    private final Home home;
    private final RecoveryOperator operator;
    private final AgentClient agents;
    private final Console console;

    RollingRestart(Home home, RecoveryOperator operator, AgentClient agents, Console console) {
        this.home = home;
        this.operator = operator;
        this.agents = agents;
        this.console = console;
    }

    /** @param restarted in this order; the last was the primary before */
    record Result(boolean ok, List<String> restarted, String primary, long term, long millis, String text) {}

    /** @throws Failure if the database is not whole, or does not become so again */
    Result run(String reason) throws InterruptedException {
        RecoveryPicture before = requireWhole(Duration.ZERO, "nothing was restarted");
        String primary = before.routed().host();
        List<String> restarted = new ArrayList<>();
        for (String standby : standbys(before)) {
            restart(home.configuration().host(standby));
            restarted.add(standby);
            console.progress("restarted on " + standby + ", follows again");
        }
        DatabaseOrder.Result moved = new DatabaseOrder(home, operator, console)
                .run(new OrderSwitchover("", Operator.USER, "rolling restart: " + reason));
        if (!moved.ok()) {
            throw Failure.negative("restarted on " + restarted + ", but the primary could not be moved from " + primary
                    + ": " + moved.text());
        }
        RecoveryPicture after = requireWhole(
                REDUNDANCY_LIMIT, "restarted on " + restarted + "; " + moved.primary() + " is primary since then");
        restarted.add(primary);
        return new Result(
                true,
                restarted,
                after.routed().host(),
                after.routed().term(),
                console.elapsedMillis(),
                "restarted on " + restarted + " in turn; " + after.routed().host() + " is the primary of term "
                        + after.routed().term() + ", every copy follows it");
    }

    /** The one that commits wait for comes last: until the first is back there is no other. */
    private static List<String> standbys(RecoveryPicture picture) {
        return picture.replicas().values().stream()
                .filter(each -> each.state() == ReplicaState.FOLLOWING || each.state() == ReplicaState.ELIGIBLE)
                .sorted(Comparator.comparing(each -> each.state() == ReplicaState.ELIGIBLE))
                .map(each -> each.host())
                .toList();
    }

    private void restart(Configuration.Host host) throws InterruptedException {
        long oldPid = pid(host);
        if (!agents.post(host, "/restart?process=postgres")) {
            throw Failure.negative(
                    "the agent of host " + host.name() + " does not restart its PostgreSQL; it may be the"
                            + " primary meanwhile, or not run: './holdfast status'");
        }
        long deadline = System.nanoTime() + FOLLOW_LIMIT.toNanos();
        while (pid(host) == oldPid || !follows(host)) {
            if (System.nanoTime() - deadline >= 0) {
                throw Failure.negative("PostgreSQL of host " + host.name() + " does not follow again after "
                        + FOLLOW_LIMIT.toSeconds() + " s: './holdfast logs " + host.name() + "-postgres'");
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
        requireWhole(FOLLOW_LIMIT, "it was restarted on " + host.name());
    }

    private long pid(Configuration.Host host) throws InterruptedException {
        return agents.status(host).stream()
                .flatMap(status -> status.processes().stream())
                .filter(child -> child.name().equals("postgres"))
                .mapToLong(ChildStatus::pid)
                .findFirst()
                .orElse(0);
    }

    private boolean follows(Configuration.Host host) throws InterruptedException {
        return Boolean.TRUE.equals(agents.databaseDocument(host).get("ok"));
    }

    private RecoveryPicture requireWhole(Duration limit, String sofar) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            RecoveryPicture picture = operator.picture(PICTURE_LIMIT);
            if (picture.phase().phase() == DatabasePhase.GUARDED
                    && picture.incident().isEmpty()
                    && !picture.automation().paused()) {
                return picture;
            }
            if (System.nanoTime() - deadline >= 0) {
                String missing = picture.automation().paused()
                        ? "automation is paused ('./holdfast resume')"
                        : picture.phase().phase() + ": " + picture.phase().reason();
                throw Failure.negative("the database is not whole, " + missing + "; " + sofar);
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }
}
