package dev.holdfast.simulation.recovery;

import dev.holdfast.agent.postgres.Instance;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.simulation.Dice;
import dev.holdfast.simulation.Scheduler;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The model of a host's PostgreSQL, as the real keeper deals with it. One for each start of the agent. */
final class KeptInstance implements Instance {

    private static final long KILL_NANOS = 3_000_000L;

    /** How often a process does not end when it is asked to. */
    private static final double HANGS = 0.1;

    private final Host host;
    private final ModelInstance model;
    private final Scheduler scheduler;
    private final Dice dice;
    private final Links links;
    private final Function<String, Host> hosts;
    private int starts;
    private @Nullable ModelClone clone;

    KeptInstance(Host host, Scheduler scheduler, Dice dice, Links links, Function<String, Host> hosts) {
        this.scheduler = scheduler;
        this.host = host;
        this.model = host.instance;
        this.dice = dice;
        this.links = links;
        this.hosts = hosts;
    }

    @Override
    public Sight sight() {
        if (!model.postmaster.isAlive()) {
            return Sight.nothing(host.disk.freeBytes);
        }
        boolean primary = model.isPrimary();
        return new Sight(
                model.role,
                model.acceptsConnections(),
                primary ? model.term : 0,
                model.timeline,
                model.wal.size(),
                model.flushed,
                model.flushed,
                model.followedTerm,
                model.diverged,
                model.tampered() ? 0 : model.namesNumber,
                model.names,
                primary ? model.standbys(true) : List.of(),
                host.disk.freeBytes,
                model.tampered() ? "synchronous_standby_names was changed" : "",
                model.checksumFailures);
    }

    @Override
    public boolean clean() {
        return model.clean();
    }

    @Override
    public boolean hasData() {
        return model.hasData;
    }

    @Override
    public boolean postmasterAlive() {
        return model.postmaster.isAlive();
    }

    @Override
    public void initialise(Consumer<Outcome> done) {
        after(dice.millis(800, 2_000), () -> {
            model.hasData = true;
            startStandby(done);
        });
    }

    @Override
    public void startStandby(Consumer<Outcome> done) {
        int mine = ++starts;
        after(dice.millis(150, 500), () -> {
            if (mine != starts) {
                return;
            }
            if (!model.clean() || !model.hasData) {
                done.accept(new Outcome("its data directory is in use or gone"));
                return;
            }
            host.fencer.start();
            model.startStandby();
            done.accept(Outcome.DONE);
        });
    }

    @Override
    public void follow(RecoveryEvent.PrimaryRouted primary) {
        if (model.acceptsConnections() && model.role == InstanceRole.STANDBY && !model.promoting) {
            model.upstream = hosts.apply(primary.host()).instance;
        }
    }

    @Override
    public void promote(long term, String standbyNames, long namesNumber, Consumer<Promoted> done) {
        model.upstream = null;
        model.promote(
                term,
                standbyNames,
                namesNumber,
                lsn -> after(0, () -> done.accept(new Promoted(model.timeline, model.forkLsn, lsn))));
    }

    @Override
    public void write(long term, LongConsumer done) {
        model.connected(() -> model.commit(0, false, lsn -> after(0, () -> done.accept(lsn))));
    }

    @Override
    public void endBlockers() {
        after(dice.millis(5, 60), model::unblock);
    }

    @Override
    public void setNames(String standbyNames, long namesNumber) {
        model.setNames(standbyNames, namesNumber);
    }

    @Override
    public void putRight() {
        if (model.acceptsConnections()) {
            model.putRight();
        }
    }

    @Override
    public void standbys(Consumer<List<Standby>> done) {
        model.connected(() -> after(dice.millis(5, 60), () -> done.accept(model.standbys(false))));
    }

    @Override
    public void marker(LongConsumer done) {
        model.connected(() -> model.commit(0, true, lsn -> after(0, () -> done.accept(lsn))));
    }

    @Override
    public void stop(Runnable done) {
        model.stopping = true;
        after(dice.chance(HANGS) ? dice.millis(4_000, 8_000) : dice.millis(80, 250), done);
    }

    @Override
    public void kill(Runnable done) {
        starts++;
        after(KILL_NANOS, () -> {
            model.killAll(false);
            host.fencer.process.kill();
            done.run();
        });
    }

    /** The old data stay until the copy is complete. */
    @Override
    public void cloneFrom(String source, long cloneNumber, boolean oldMayGo, Consumer<Outcome> done) {
        abandonClone();
        ModelClone begun = new ModelClone(
                scheduler,
                links,
                host,
                hosts.apply(source),
                dice.millis(800, host.slowestCloneMillis),
                dice.chance(host.clonesBreak),
                done);
        clone = begun;
        begun.begin();
    }

    @Override
    public void abandonClone() {
        if (clone != null) {
            clone.abandon();
            clone = null;
        }
    }

    @Override
    public void paceClone(int percent) {
        if (clone != null) {
            clone.pace(percent);
        }
    }

    @Override
    public void endClones() {
        host.disk.endClones();
    }

    @Override
    public void forgetEvidence() {
        // In the model no data directory is ever damaged, so there is no evidence.
    }

    private void after(long nanos, Runnable action) {
        host.agentProcess.after(nanos, action);
    }
}
