package dev.holdfast.simulation.recovery;

import dev.holdfast.agent.postgres.Keeper;

/** Calls the real keeper as its thread does: hands on what the host's member has recorded, then lets it step. */
final class KeeperDriver {

    private final Host host;
    private final RecoveryLog log;
    private final Keeper keeper;
    private int read;

    KeeperDriver(Host host, RecoveryLog log, Keeper keeper) {
        this.host = host;
        this.log = log;
        this.keeper = keeper;
    }

    void start() {
        keeper.start();
        tick();
    }

    private void tick() {
        host.agentProcess.after(Keeper.TICK_NANOS, this::tick);
        int visible = log.visibleTo(host.name, read);
        for (; read < visible; read++) {
            keeper.heard(log.recorded().get(read).event());
        }
        keeper.step();
    }
}
