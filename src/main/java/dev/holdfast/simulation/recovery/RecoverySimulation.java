package dev.holdfast.simulation.recovery;

import dev.holdfast.agent.postgres.KeeperRules;
import dev.holdfast.protocol.Machine;
import dev.holdfast.simulation.Violation;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** One seed: a world, its faults, whether every invariant held, and whether it stood whole again afterwards. */
public final class RecoverySimulation {

    private static final long SECOND_NANOS = 1_000_000_000L;

    /** From nothing to a primary with all its standbys. */
    private static final int FIRST_BOUND_SECONDS = 90;

    /** The patience without anybody eligible, the rest after terms that ended during clones, one clone after another, some of which fail. */
    private static final int RECOVERY_BOUND_SECONDS = 105;

    private final long seed;
    private final World world;
    private final Faults faults;
    private long recoveryMillis;

    public RecoverySimulation(long seed, Supplier<? extends Machine> machines) {
        this(seed, machines, new KeeperRules());
    }

    RecoverySimulation(long seed, Supplier<? extends Machine> machines, KeeperRules rules) {
        this.seed = seed;
        this.world = new World(seed, machines, rules);
        this.faults = new Faults(world, world.dice.split());
    }

    /** The names of everything that can go wrong. */
    public static List<String> faultKinds() {
        return Arrays.stream(Faults.Kind.values()).map(Enum::name).toList();
    }

    /** Runs the world to its end or to the first violation. */
    public RecoveryResult run() {
        try {
            live();
            return result("", "", List.of());
        } catch (Violation violation) {
            return result(violation.invariant(), String.valueOf(violation.getMessage()), world.diary.lines());
        }
    }

    private void live() {
        world.begin();
        awaitRedundancy(FIRST_BOUND_SECONDS);
        faults.begin();
        world.runFor(world.dice.millis(20_000, 70_000));
        faults.lift();
        long liftedNanos = world.scheduler.nowNanos();
        awaitRedundancy(RECOVERY_BOUND_SECONDS);
        recoveryMillis = (world.scheduler.nowNanos() - liftedNanos) / 1_000_000;
        for (Writer writer : world.writers) {
            long before = writer.answered();
            world.runFor(3 * SECOND_NANOS);
            if (writer.answered() == before) {
                throw new Violation("Recovers", "the database is whole and a writer gets no answer for 3 s");
            }
        }
        world.log.restartMachine();
    }

    private void awaitRedundancy(int seconds) {
        for (int wait = 0; wait < 2 * seconds; wait++) {
            world.runFor(SECOND_NANOS / 2);
            if (world.witness.redundant()) {
                return;
            }
        }
        throw new Violation("Recovers", "after " + seconds + " s without faults the database is not whole");
    }

    private RecoveryResult result(String invariant, String difference, List<String> decisions) {
        return new RecoveryResult(
                seed,
                world.scheduler.steps(),
                world.scheduler.nowNanos() / 1_000_000,
                world.witness.rows(),
                world.witness.synchronousRows(),
                world.witness.lostByDecision(),
                recoveryMillis,
                faults.injected(),
                world.witness.happened(),
                invariant,
                difference,
                decisions,
                world.log.recorded().stream().map(RecoveryLog.Recorded::event).toList());
    }
}
