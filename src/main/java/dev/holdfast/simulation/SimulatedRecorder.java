package dev.holdfast.simulation;

import dev.holdfast.projection.RecorderCore;
import io.micrometer.core.instrument.MeterRegistry;

/** One recorder process, from its start to its death. */
final class SimulatedRecorder {

    private static final long STEP_NANOS = 50_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 2_000_000_000L;

    private final World world;
    private final SimulatedProcess process;
    private final Network network;
    private final RecorderCore core;
    private final Dice dice;
    private long pauseNanos = STEP_NANOS;

    SimulatedRecorder(World world, String host, MeterRegistry metrics) {
        this.world = world;
        this.dice = world.dice.split();
        this.process = new SimulatedProcess(world.scheduler, "recorder " + host, 0);
        this.network = new Network(dice.split(), world.scheduler);
        ClusterClient log = new ClusterClient(world.cluster, process, world.scheduler, network);
        this.core = RecorderCore.into(world.database, log, metrics, process::monotonicNanos);
    }

    SimulatedProcess process() {
        return process;
    }

    Network network() {
        return network;
    }

    void start() {
        process.after(dice.millis(1, 50), this::step);
    }

    private void step() {
        RecorderCore.Step step = core.step();
        world.invariants.recorded(world.database.sequence(), world.database.doubleWrites());
        if (step == RecorderCore.Step.FAILED) {
            process.after(pauseNanos, this::step);
            pauseNanos = Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos);
        } else {
            pauseNanos = STEP_NANOS;
            process.after(dice.millis(20, 80), this::step);
        }
    }
}
