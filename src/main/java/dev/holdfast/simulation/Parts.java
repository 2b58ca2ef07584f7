package dev.holdfast.simulation;

import dev.holdfast.broker.GatewayCore;
import dev.holdfast.engine.TradingEngine;
import dev.holdfast.projection.MemoryDatabase;
import dev.holdfast.protocol.Machine;
import java.util.function.Supplier;

/**
 * What a world is made of: the real parts, or in a test one of them without its safeguard.
 *
 * @param incarnations of each new log
 */
record Parts(
        Supplier<? extends Machine> machines,
        SimulatedGateway.Cores cores,
        Freshness freshness,
        Supplier<? extends MemoryDatabase> databases,
        Incarnations incarnations) {

    /**
     * A feed is fresh if its last tick is not older than this, as the gateway's feed reports judge it; they themselves need
     * sockets and threads.
     */
    private static final long FRESH_NANOS = 2_000_000_000L;

    /** Whether a gateway has a feed. */
    @FunctionalInterface
    interface Freshness {
        /** @param sinceTickNanos since the last tick came over its connection, which stands */
        boolean isFresh(long sinceTickNanos);
    }

    /** Names each new log. */
    @FunctionalInterface
    interface Incarnations {
        /** @param random to be used, unless a test wants to see what happens otherwise */
        long next(long random);
    }

    static Parts real() {
        return new Parts(
                TradingEngine::new,
                GatewayCore::new,
                sinceTickNanos -> sinceTickNanos <= FRESH_NANOS,
                MemoryDatabase::new,
                random -> random);
    }

    Parts withMachines(Supplier<? extends Machine> others) {
        return new Parts(others, cores, freshness, databases, incarnations);
    }

    Parts withCores(SimulatedGateway.Cores others) {
        return new Parts(machines, others, freshness, databases, incarnations);
    }

    Parts withFreshness(Freshness others) {
        return new Parts(machines, cores, others, databases, incarnations);
    }

    Parts withDatabases(Supplier<? extends MemoryDatabase> others) {
        return new Parts(machines, cores, freshness, others, incarnations);
    }

    Parts withIncarnations(Incarnations others) {
        return new Parts(machines, cores, freshness, databases, others);
    }
}
