package dev.holdfast.simulation.recovery;

import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import org.jspecify.annotations.Nullable;

/** What the agent of a host does about its PostgreSQL, as docs/recovery.md has it. One for each start of its process. */
final class Agent {

    private static final long TICK_NANOS = 50_000_000L;
    private static final long REPORT_NANOS = 250_000_000L;

    private final Place place;
    private final Host host;
    private final Instance instance;
    private final View view;
    private final RecoveryLog log;
    private final Cloning cloning;
    private final long session;

    private int read;
    private long reports;
    private long reportNanos;
    private @Nullable Primacy primacy;
    private long givenUpTerm;
    private boolean starting;

    Agent(Place place, RecoveryLog log) {
        this.place = place;
        this.host = place.host();
        this.instance = host.instance;
        this.view = place.view();
        this.log = log;
        this.cloning = new Cloning(place);
        this.session = place.dice().positive(Long.MAX_VALUE);
    }

    /** It adopts nothing: what its fencer has not killed yet, it kills. */
    void start() {
        if (!instance.clean()) {
            instance.killAll(false);
            host.fencer.process.kill();
        }
        tick();
    }

    private void tick() {
        place.after(TICK_NANOS, this::tick);
        readEvents();
        if (view.phase.phase() != DatabasePhase.EMPTY) {
            Primacy mine = primacy;
            if (mine != null && !mine.isOver()) {
                mine.step();
            } else if (!appointed()) {
                beStandby();
            }
        }
        if (place.now() - reportNanos >= REPORT_NANOS) {
            report();
        }
    }

    private void readEvents() {
        int visible = log.visibleTo(host.name, read);
        for (; read < visible; read++) {
            view.apply(log.recorded().get(read).event());
        }
    }

    /** Begins a term of its own, or gives it up. @return whether it begins one */
    private boolean appointed() {
        RecoveryEvent.PhaseChanged phase = view.phase;
        RecoveryEvent.LeaseGranted lease = view.lease;
        long begun = primacy == null ? 0 : primacy.term;
        if (!lease.host().equals(host.name)
                || phase.term() < lease.term()
                || lease.term() <= Math.max(givenUpTerm, begun)) {
            return false;
        }
        if (lease.term() <= host.usedTerm) {
            if (instance.clean()) {
                giveUp(lease.term(), "an earlier start of the agent had it, and nothing of it is left");
            }
            return false;
        }
        host.usedTerm = lease.term();
        if (phase.phase() != DatabasePhase.PROMOTING) {
            giveUp(lease.term(), "it was heard of too late and never begun");
            return false;
        }
        primacy = new Primacy(place, lease.term());
        if (instance.clean() && instance.hasData) {
            startStandby();
        }
        return true;
    }

    private void giveUp(long term, String why) {
        givenUpTerm = term;
        place.send(new RecoveryCommand.ReportDown(host.name, term, why));
    }

    private void beStandby() {
        RecoveryEvent.ReplicaChanged decided = view.replicas.get(host.name);
        if (decided != null && cloning.step(decided)) {
            return;
        }
        if (instance.clean() && instance.hasData) {
            startStandby();
        } else if (!instance.clean() && (!instance.postmaster.isAlive() || !host.fencer.process.isAlive())) {
            instance.killAll(false);
        } else if (instance.role == InstanceRole.STANDBY) {
            follow();
        }
    }

    private void startStandby() {
        if (starting) {
            return;
        }
        starting = true;
        place.after(place.dice().millis(150, 500), () -> {
            starting = false;
            if (instance.clean() && instance.hasData && !cloning.isUnderWay()) {
                host.fencer.start();
                instance.startStandby();
            }
        });
    }

    private void follow() {
        RecoveryEvent.PrimaryRouted routed = view.routed;
        boolean toFollow = routed.term() == view.lease.term() && !routed.host().equals(host.name) && !host.mustClone;
        if (toFollow && instance.acceptsConnections()) {
            instance.upstream = place.hosts().apply(routed.host()).instance;
        }
    }

    private void report() {
        reportNanos = place.now();
        boolean primary = instance.isPrimary();
        String standby = view.eligible.eligible() ? view.eligible.standby() : view.names.standby();
        place.outbox()
                .tell(new RecoveryCommand.ReportInstance(
                        host.name,
                        session,
                        ++reports,
                        instance.postmaster.isAlive() ? instance.role : InstanceRole.NONE,
                        primary ? instance.term : 0,
                        instance.timeline,
                        instance.wal.size(),
                        instance.flushed,
                        instance.flushed,
                        instance.followedTerm,
                        instance.diverged,
                        instance.namesNumber,
                        instance.names,
                        primary ? instance.flushedBy(standby) : 0,
                        primary ? instance.connected() : "",
                        instance.clean(),
                        1L << 30,
                        0));
    }
}
