package dev.holdfast.simulation.recovery;

import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplyCode;

/** One term of one primary, from its appointment to its end: lease, promotion, fresh writes, names, fencing. */
final class Primacy {

    static final long LEASE_NANOS = 2_000_000_000L;
    static final long RENEW_NANOS = 400_000_000L;

    private static final long WRITE_NANOS = 300_000_000L;
    private static final long KILL_NANOS = 3_000_000L;

    /** How often a process does not end when it is asked to. */
    private static final double HANGS = 0.1;

    final long term;

    private final Place place;
    private final Host host;
    private final Instance instance;
    private final View view;

    private boolean over;
    private long deadlineNanos;
    private long renewNanos;
    private long writeNanos;
    private boolean writing;
    private long writtenNanos = -LEASE_NANOS;
    private long writtenLsn;
    private long namesNumber;

    Primacy(Place place, long term) {
        this.place = place;
        this.term = term;
        this.host = place.host();
        this.instance = host.instance;
        this.view = place.view();
    }

    boolean isOver() {
        return over;
    }

    void step() {
        String fence = fenceBecause();
        if (!fence.isEmpty()) {
            fence(fence);
            return;
        }
        if (place.now() - renewNanos >= RENEW_NANOS && !place.outbox().holds(RecoveryCommand.RenewLease.class)) {
            renew();
        }
        if (instance.role != InstanceRole.PRIMARY) {
            promote();
        } else if (view.phase.phase() == DatabasePhase.STOPPING && view.phase.term() == term) {
            stopInOrder();
        } else {
            write();
            applyNames();
        }
    }

    private String fenceBecause() {
        if (view.lease.term() > term) {
            return "term " + view.lease.term() + " was granted";
        }
        if (view.fencedTerm >= term) {
            return "it was ordered to end";
        }
        if (deadlineNanos != 0 && place.now() >= deadlineNanos) {
            return "its lease ran out";
        }
        boolean started = instance.role == InstanceRole.PRIMARY || instance.promoting;
        if (started && !instance.postmaster.isAlive()) {
            return "its postmaster died";
        }
        return started && !host.fencer.process.isAlive() ? "its fencer died" : "";
    }

    /** Everything in the data directory is killed; when nothing is left, the term is given up. */
    private void fence(String why) {
        over = true;
        place.diary().note(() -> "the agent of " + host.name + " fences term " + term + ": " + why);
        place.after(KILL_NANOS, () -> {
            instance.killAll(false);
            host.fencer.process.kill();
            place.send(new RecoveryCommand.ReportDown(host.name, term, why));
        });
    }

    private void renew() {
        boolean primary = instance.role == InstanceRole.PRIMARY;
        boolean writes = primary && !instance.stopping;
        long ageNanos = place.now() - writtenNanos;
        boolean fencerSilent = primary && place.now() - host.fencer.echoNanos > LEASE_NANOS / 2;
        if (fencerSilent || (writes && ageNanos > LEASE_NANOS / 2)) {
            return; // the lease runs out
        }
        long sentNanos = place.now();
        renewNanos = sentNanos;
        RecoveryCommand renewal = new RecoveryCommand.RenewLease(
                host.name, term, writes ? writtenLsn : 0, writes ? (int) (ageNanos / 1_000_000) : 0);
        place.outbox().send(renewal, reply -> {
            if (reply.code() == ReplyCode.OK && !over) {
                deadlineNanos = Math.max(deadlineNanos, sentNanos + LEASE_NANOS);
                if (place.now() < deadlineNanos) {
                    host.fencer.deadline(deadlineNanos);
                    place.witness().leaseExtended();
                }
            }
        });
    }

    /** Only under a lease that the fencer counts as well. */
    private void promote() {
        boolean held = deadlineNanos > place.now() + LEASE_NANOS / 4;
        boolean guarded = host.fencer.process.isAlive() && host.fencer.deadlineNanos == deadlineNanos;
        if (!held || !guarded || instance.promoting || !instance.acceptsConnections()) {
            return;
        }
        host.mustClone = true;
        instance.upstream = null;
        instance.promote(
                term, view.promotion.standbyNames(), view.names.number(), lsn -> place.after(0, () -> promoted(lsn)));
    }

    private void promoted(long lsn) {
        writtenNanos = place.now();
        writtenLsn = lsn;
        place.send(new RecoveryCommand.ReportPromoted(host.name, term, instance.timeline, instance.forkLsn));
    }

    /** A fast shutdown: no more commits; what is written goes to the standbys; then every process ends. */
    private void stopInOrder() {
        if (instance.stopping) {
            return;
        }
        instance.stopping = true;
        long tookNanos = place.dice().chance(HANGS)
                ? place.dice().millis(4_000, 8_000)
                : place.dice().millis(80, 250);
        place.after(tookNanos, () -> {
            if (!over) {
                fence("it was stopped in order");
            }
        });
    }

    /** A durable write through a connection made for it. */
    private void write() {
        long sinceNanos = place.now() - writeNanos;
        if (sinceNanos < (writing ? LEASE_NANOS / 2 : WRITE_NANOS) || !instance.acceptsConnections()) {
            return;
        }
        long began = place.now();
        writeNanos = began;
        writing = true;
        instance.commit(
                0,
                false,
                lsn -> place.after(0, () -> {
                    writing = false;
                    writtenNanos = Math.max(writtenNanos, began);
                    writtenLsn = lsn;
                }));
    }

    private void applyNames() {
        RecoveryEvent.NamesOrdered order = view.names;
        boolean mine = order.host().equals(host.name) && order.term() == term && order.number() > namesNumber;
        if (!mine || !instance.acceptsConnections()) {
            return;
        }
        namesNumber = order.number();
        if (instance.namesNumber < order.number()) {
            instance.setNames(order.standbyNames(), order.number());
        }
        confirm(order);
    }

    private void confirm(RecoveryEvent.NamesOrdered order) {
        place.after(place.dice().millis(20, 250), () -> {
            if (namesNumber != order.number() || over) {
                return;
            }
            if (instance.namesNumber < order.number()) {
                confirm(order);
            } else if (order.standby().isEmpty()) {
                place.send(new RecoveryCommand.ConfirmNames(host.name, term, order.number(), 0));
            } else if (!place.rules().maySayConfirmed(instance, order.standby())) {
                confirm(order);
            } else {
                // The marker row waits for the standby like any other commit.
                instance.commit(0, true, lsn -> place.after(0, () -> awaitMarker(order, lsn)));
            }
        });
    }

    private void awaitMarker(RecoveryEvent.NamesOrdered order, long markerLsn) {
        if (namesNumber != order.number() || over) {
            return;
        }
        boolean flushed = instance.flushedBy(order.standby()) >= markerLsn;
        if (flushed && place.rules().maySayConfirmed(instance, order.standby())) {
            place.send(new RecoveryCommand.ConfirmNames(host.name, term, order.number(), markerLsn));
        } else {
            place.after(20_000_000L, () -> awaitMarker(order, markerLsn));
        }
    }
}
