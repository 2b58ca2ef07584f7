package dev.holdfast.simulation.recovery;

import dev.holdfast.agent.postgres.KeeperRules;
import dev.holdfast.recovery.RecoveryMachine;
import java.util.function.Supplier;

/** Worlds to begin a test with, and who is who in them. */
final class Worlds {

    static final long MILLI_NANOS = 1_000_000L;

    private static final int MOST_WAITS = 120;

    private Worlds() {}

    /** One in which a primary serves, an eligible standby holds all it acknowledges, and the third follows. */
    static World whole(long seed, Supplier<RecoveryMachine> machines, KeeperRules rules) {
        World world = new World(seed, machines, rules);
        world.clonesCost(20, 3_000);
        world.begin();
        for (int wait = 0; wait < MOST_WAITS && !world.witness.redundant(); wait++) {
            world.runFor(500 * MILLI_NANOS);
        }
        if (!world.witness.redundant()) {
            throw new AssertionError("seed " + seed + ": the world never became whole");
        }
        return world;
    }

    static Host primary(World world) {
        return world.hosts.stream()
                .filter(host -> host.instance.isPrimary())
                .findFirst()
                .orElseThrow();
    }

    /** The one that commits wait for. */
    static Host standby(World world) {
        Host primary = primary(world);
        return world.hosts.stream()
                .filter(host -> primary.instance.isSync(host.name))
                .findFirst()
                .orElseThrow();
    }

    /** The one that is neither. */
    static Host third(World world) {
        Host primary = primary(world);
        Host standby = standby(world);
        return world.hosts.stream()
                .filter(host -> host != primary && host != standby)
                .findFirst()
                .orElseThrow();
    }
}
