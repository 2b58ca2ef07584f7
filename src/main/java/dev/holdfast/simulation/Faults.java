package dev.holdfast.simulation;

import dev.holdfast.simulation.SimulatedGateway.CallFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Does harm at random moments, of every kind that the design says the system stands; and lifts it all again. */
final class Faults {

    private static final long SECOND_NANOS = 1_000_000_000L;

    /** One log in so many seeds is lost altogether; it costs a world most of what it has built up. */
    private static final double LOSE_LOG = 0.004;

    /** Every kind there is. */
    static final Set<String> KINDS = Set.of(
            "book cannot be read",
            "both gateways killed",
            "burst of wishes",
            "commit's answer lost",
            "database away",
            "database connections broken",
            "database lost its last commits",
            "events late",
            "events read twice",
            "gateway frozen",
            "gateway killed",
            "gateway's clock stepped",
            "leader lost",
            "leader's clock stepped",
            "member restarted",
            "network to the log slow",
            "old book shown",
            "order calls fail",
            "orders hidden in the book",
            "poison",
            "recorder frozen",
            "recorder killed",
            "recorder reads late",
            "replies of the log lost",
            "snapshot taken",
            "strategy fails",
            "trading by other hands",
            "a strategy's holding sold by hand",
            "squared off by the broker",
            "position converted",
            "stranger with our tag",
            "odd row",
            "market leaps beyond the cap",
            "price gap",
            "orders refused",
            "address refused",
            "gateway cut off from the broker",
            "feed mute",
            "tick of another day",
            "log lost");

    private final World world;
    private final Dice dice;
    private final Map<String, Integer> injected = new TreeMap<>();
    private final List<Kind> failures = List.of(
            new Kind("leader lost", this::leaderLost),
            new Kind("leader lost", this::leaderLost),
            new Kind("member restarted", this::memberRestarted),
            new Kind("snapshot taken", this::snapshotTaken),
            new Kind("network to the log slow", this::networkSlow),
            new Kind("replies of the log lost", this::repliesLost),
            new Kind("events late", this::eventsLate),
            new Kind("events read twice", this::eventsTwice),
            new Kind("order calls fail", this::callsFail),
            new Kind("order calls fail", this::callsFail),
            new Kind("order calls fail", this::callsFail),
            new Kind("order calls fail", this::callsFail),
            new Kind("orders hidden in the book", this::ordersHidden),
            new Kind("book cannot be read", this::bookAway),
            new Kind("old book shown", this::oldBook),
            new Kind("gateway killed", this::gatewayKilled),
            new Kind("gateway killed", this::gatewayKilled),
            new Kind("both gateways killed", this::bothKilled),
            new Kind("gateway frozen", this::gatewayFrozen),
            new Kind("gateway frozen", this::gatewayFrozen),
            new Kind("gateway's clock stepped", this::gatewayClockStepped),
            new Kind("leader's clock stepped", this::leaderClockStepped),
            new Kind("recorder killed", this::recorderKilled),
            new Kind("recorder frozen", this::recorderFrozen),
            new Kind("recorder reads late", this::recorderLate),
            new Kind("commit's answer lost", this::commitAnswerLost),
            new Kind("database lost its last commits", this::commitsLost),
            new Kind("database away", this::databaseAway),
            new Kind("database connections broken", this::connectionsBroken),
            new Kind("poison", this::poison),
            new Kind("strategy fails", this::strategyFails),
            new Kind("burst of wishes", this::burst));

    /** Failures in a calm world: the system must get over each within seconds, so that the odd things meet a new sender too. */
    private final List<Kind> calmFailures =
            List.of(new Kind("leader lost", this::leaderLost), new Kind("gateway killed", this::gatewayKilled));

    private final List<Kind> kinds;
    private boolean active;
    private int count;
    private long season;

    record Kind(String name, Runnable harm) {}

    Faults(World world, Dice dice) {
        this.world = world;
        this.dice = dice;
        this.kinds = new ArrayList<>(world.calm ? calmFailures : failures);
        kinds.addAll(new AccountFaults(world, dice.split()).kinds());
    }

    int count() {
        return count;
    }

    /** How often each kind was done. */
    Map<String, Integer> injected() {
        return injected;
    }

    void begin() {
        active = true;
        long mine = ++season;
        world.scheduler.after(dice.millis(100, 2_000), () -> next(mine));
    }

    private void next(long mine) {
        if (!active || mine != season) {
            return;
        }
        Kind kind = !world.calm && dice.chance(LOSE_LOG) ? new Kind("log lost", world::bootstrapAnew) : dice.any(kinds);
        count++;
        injected.merge(kind.name, 1, Integer::sum);
        world.diary.note(() -> "FAULT " + kind.name);
        kind.harm.run();
        world.scheduler.after(dice.millis(100, 3_000), () -> next(mine));
    }

    /** Everything works again, and clocks agree. */
    void lift() {
        active = false;
        world.diary.note(() -> "faults are lifted");
        if (!world.cluster.isLed()) {
            world.cluster.elect(world.cluster.leader(), 0);
        }
        for (int member = 0; member < Cluster.MEMBERS; member++) {
            world.cluster.setWallOffset(member, 0);
        }
        world.database.away(false);
        world.exchange.showAll();
        world.gateways().forEach(SimulatedGateway::heal);
        for (SimulatedRecorder recorder : world.recorders()) {
            recorder.network().heal();
            recorder.process().thaw();
        }
    }

    private SimulatedGateway anyGateway() {
        return dice.any(world.gateways());
    }

    // The log

    private void leaderLost() {
        if (!world.cluster.isLed()) {
            return;
        }
        world.cluster.loseLeader();
        long mine = season;
        long outage = dice.chance(0.2) ? dice.millis(2_000, 8_000) : dice.millis(50, 1_500);
        world.invariants.continuity().excuse(outage);
        boolean restarted = dice.chance(0.5);
        int next = dice.between(0, Cluster.MEMBERS - 1);
        long reportAfter = dice.millis(5, 700);
        world.scheduler.after(outage, () -> {
            if (!world.cluster.isLed() && mine == season) {
                if (restarted) {
                    world.cluster.restartMachine();
                }
                world.cluster.elect(next, reportAfter);
            }
        });
    }

    private void memberRestarted() {
        world.cluster.restartMachine();
    }

    private void snapshotTaken() {
        world.cluster.takeSnapshot();
    }

    private void networkSlow() {
        anyGateway().network().slow(dice.millis(500, 5_000), dice.between(20, 1_200));
    }

    private void repliesLost() {
        anyGateway().network().loseReplies(dice.millis(100, 2_500));
    }

    private void eventsLate() {
        anyGateway().network().delayEvents(dice.millis(500, 5_000), dice.between(100, 4_000));
    }

    private void eventsTwice() {
        anyGateway().deliverAgain(dice.between(1, 300));
    }

    private void leaderClockStepped() {
        world.invariants.clocksStepped();
        world.cluster.setWallOffset(dice.between(0, Cluster.MEMBERS - 1), dice.millis(0, 4_000) - 2 * SECOND_NANOS);
    }

    // Broker and exchange

    private void callsFail() {
        CallFault fault = dice.any(List.of(
                CallFault.LOST,
                CallFault.ANSWER_LOST,
                CallFault.ANSWER_LATE,
                CallFault.SERVER_ERROR,
                CallFault.FROZEN_BEFORE_WRITE,
                CallFault.TOO_MANY,
                CallFault.SLOW));
        int calls = fault == CallFault.FROZEN_BEFORE_WRITE ? 1 : dice.between(1, 5);
        world.gateways().forEach(gateway -> gateway.fail(fault, calls));
    }

    private void ordersHidden() {
        world.exchange.hide(dice.between(1, 3), dice.millis(500, 40_000));
    }

    private void bookAway() {
        anyGateway().connection().failFor(dice.millis(200, 8_000));
    }

    private void oldBook() {
        anyGateway().connection().showOldBook();
    }

    // Processes

    private void gatewayKilled() {
        if (world.calm && !world.gateways().stream().allMatch(SimulatedGateway::isWell)) {
            return;
        }
        world.invariants.continuity().excuse(0);
        world.killGateway(dice.between(0, 1), dice.millis(300, 4_000));
    }

    private void bothKilled() {
        world.killGateway(0, dice.millis(300, 4_000));
        world.killGateway(1, dice.millis(300, 4_000));
    }

    private void gatewayFrozen() {
        world.freeze(anyGateway().process(), dice.millis(50, 9_000));
    }

    private void gatewayClockStepped() {
        world.invariants.clocksStepped();
        anyGateway().process().stepWallClock(dice.millis(0, 20_000) - 10 * SECOND_NANOS);
    }

    private void recorderKilled() {
        world.killRecorder(dice.between(0, 1), dice.millis(100, 3_000));
    }

    private void recorderFrozen() {
        world.freeze(dice.any(world.recorders()).process(), dice.millis(50, 6_000));
    }

    private void recorderLate() {
        dice.any(world.recorders()).network().delayEvents(dice.millis(500, 8_000), dice.between(100, 5_000));
    }

    private void databaseAway() {
        world.database.away(true);
        long mine = season;
        world.scheduler.after(dice.millis(200, 15_000), () -> {
            if (mine == season) {
                world.database.away(false);
            }
        });
    }

    private void commitAnswerLost() {
        world.database.loseNextAnswer();
    }

    private void commitsLost() {
        world.database.loseLastCommits(dice.between(1, 20));
        world.invariants.databaseWentBack(world.database.sequence());
    }

    private void connectionsBroken() {
        world.database.breakConnections();
    }

    private void poison() {
        world.people.poison();
    }

    private void burst() {
        world.people.burst(dice.between(20, 60));
    }

    private void strategyFails() {
        world.people.failingStrategy();
    }
}
