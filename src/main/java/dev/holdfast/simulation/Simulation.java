package dev.holdfast.simulation;

import dev.holdfast.types.BrokerProfile;
import java.util.List;

/** One seed: a world, its faults, and whether every invariant held. */
final class Simulation {

    static final int LEAST_INTENTS = 500;
    static final int LEAST_FAULTS = 20;

    private static final long SECOND_NANOS = 1_000_000_000L;
    /** Too short to prove an order absent: what is uncertain then is held at the close. */
    private static final long SHORT_REST_NANOS = 4 * SECOND_NANOS;

    private static final long LONG_REST_NANOS = 20 * SECOND_NANOS;
    private static final int LONGEST_DAY_SECONDS = 600;

    private final long seed;
    private final World world;
    private final Faults faults;

    Simulation(long seed, Parts parts) {
        this.seed = seed;
        this.world = new World(seed, parts);
        this.faults = new Faults(world, world.dice.split());
    }

    /** Runs the world to its end or to the first violation. */
    SeedResult run() {
        try {
            live();
            return result("", "", List.of());
        } catch (Violation violation) {
            return result(violation.invariant(), String.valueOf(violation.getMessage()), world.diary.lines());
        } finally {
            world.gateways().forEach(SimulatedGateway::kill);
        }
    }

    private void live() {
        world.begin();
        world.runFor(3 * SECOND_NANOS);
        day(LEAST_INTENTS / 2, LEAST_FAULTS / 2, SHORT_REST_NANOS);
        world.nextDay();
        world.runFor(3 * SECOND_NANOS);
        day(LEAST_INTENTS, LEAST_FAULTS, LONG_REST_NANOS);
        world.cluster.requireReplicasAgree();
    }

    private void day(int intents, int leastFaults, long restNanos) {
        world.people.begin();
        faults.begin();
        if (world.calm) {
            world.invariants.continuity().ask();
        }
        for (int second = 0;
                second < LONGEST_DAY_SECONDS && (world.invariants.intents() < intents || faults.count() < leastFaults);
                second++) {
            world.runFor(SECOND_NANOS);
        }
        world.invariants.continuity().cease();
        world.invariants.account().requireExitsAchieved(world.cluster.strategyStates());
        world.people.stop();
        faults.lift();
        world.runFor(restNanos);
        world.endDay();
        if (world.invariants.intents() < intents || faults.count() < leastFaults) {
            throw new Violation(
                    "Busy",
                    world.invariants.intents() + " intents and " + faults.count() + " faults, expected " + intents
                            + " and " + leastFaults);
        }
    }

    private SeedResult result(String invariant, String difference, List<String> decisions) {
        return new SeedResult(
                seed,
                world.profile == BrokerProfile.KITE ? "kite" : "drill",
                world.scheduler.steps(),
                world.scheduler.nowNanos() / 1_000_000,
                world.invariants.intents(),
                faults.injected(),
                world.invariants.held(),
                world.invariants.happened(),
                invariant,
                difference,
                decisions);
    }
}
