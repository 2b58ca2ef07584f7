package dev.holdfast.agent.postgres;

import dev.holdfast.log.RecoveryPicture;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.PromotionMode;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.ReplyCode;

/** One term of one primary, from its appointment to its end: lease, promotion, fresh writes, names, fencing. */
final class Primacy {

    /** Between two writes through a fresh connection. */
    private static final long WRITE_NANOS = 300_000_000L;

    /** A write takes some milliseconds. One that takes so long may wait for what another session holds. */
    private static final long BLOCKED_NANOS = 250_000_000L;

    /** Between two attempts to end what clones from here. */
    private static final long CLONES_NANOS = 300_000_000L;

    final long term;

    private final Place place;
    private final Instance instance;
    private final Fencer fencer;
    private final RecoveryPicture view;
    private final Lifecycle lifecycle;
    private final Names names;

    private boolean over;
    private boolean promoting;
    private boolean primary;
    private boolean stopping;
    private long deadlineNanos;
    private long renewNanos = Long.MIN_VALUE / 2;
    private boolean writing;
    private boolean blockersEnded;
    private long writeNanos = Long.MIN_VALUE / 2;
    private long writtenNanos = Long.MIN_VALUE / 2;
    private long writtenLsn;
    private long endedNanos = Long.MIN_VALUE / 2;

    Primacy(Place place, long term, Lifecycle lifecycle) {
        this.place = place;
        this.term = term;
        this.instance = place.instance();
        this.fencer = place.fencer();
        this.view = place.view();
        this.lifecycle = lifecycle;
        this.names = new Names(place, term);
    }

    boolean isOver() {
        return over;
    }

    /** Whether clients may be sent here: it is the primary and its lease runs. */
    boolean serves() {
        return primary && !over && !stopping && place.now() < deadlineNanos;
    }

    /** When the lease ends; 0 before the first. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    void step() {
        String fence = fenceBecause();
        if (!fence.isEmpty()) {
            fence(fence);
            return;
        }
        if (place.now() - renewNanos >= place.renewNanos() && !place.outbox().holds(RecoveryCommand.RenewLease.class)) {
            renew();
        }
        if (primary && !stopping && deadlineNanos - place.now() < place.leaseNanos() * 2 / 5) {
            endClones();
        }
        if (!primary) {
            promote();
        } else if (view.phase().phase() == DatabasePhase.STOPPING
                && view.phase().term() == term) {
            stopInOrder();
        } else {
            write();
            names.step();
        }
    }

    private String fenceBecause() {
        if (view.lease().term() > term) {
            return "term " + view.lease().term() + " was granted";
        }
        if (view.fencedTerm() >= term) {
            return "it was ordered to end";
        }
        if (deadlineNanos != 0 && place.now() >= deadlineNanos) {
            return "its lease ran out";
        }
        boolean started = primary || promoting;
        if (started && !instance.postmasterAlive()) {
            return "its postmaster died";
        }
        if (started && !fencer.alive()) {
            return "its fencer died";
        }
        return primary && !stopping ? Room.lacks(instance.sight().diskFreeBytes(), view, term) : "";
    }

    /** Everything in the data directory is killed; when nothing is left, the term is given up. */
    private void fence(String why) {
        over = true;
        names.end();
        lifecycle.kill(
                "term " + term + " ends: " + why,
                () -> place.send(new RecoveryCommand.ReportDown(place.host(), term, why)));
    }

    private void renew() {
        boolean writes = primary && !stopping;
        long ageNanos = place.now() - writtenNanos;
        boolean fencerSilent = primary && place.now() - fencer.answeredNanos() > place.leaseNanos() / 2;
        if (fencerSilent) {
            // It answers only what it is told, and is told nothing new before a renewal: after a stall of the whole
            // host it is asked.
            fencer.deadline(deadlineNanos);
        }
        if (fencerSilent || (writes && ageNanos > place.leaseNanos() / 2)) {
            return; // the lease runs out
        }
        long sentNanos = place.now();
        renewNanos = sentNanos;
        RecoveryCommand renewal = new RecoveryCommand.RenewLease(
                place.host(), term, writes ? writtenLsn : 0, writes ? (int) (ageNanos / 1_000_000) : 0);
        place.outbox().send(renewal, reply -> {
            if (reply.code() == ReplyCode.OK && !over) {
                deadlineNanos = Math.max(deadlineNanos, sentNanos + place.leaseNanos());
                if (place.now() < deadlineNanos) {
                    fencer.deadline(deadlineNanos);
                }
            }
        });
    }

    /** Before the office is lost, what may be taking the writes' time is given up. */
    private void endClones() {
        if (place.rules().sparesSourceOfClone() && place.now() - endedNanos >= CLONES_NANOS) {
            endedNanos = place.now();
            instance.endClones();
        }
    }

    /** Only under a lease that the fencer counts as well. */
    private void promote() {
        if (promoting || !stands() || deadlineNanos == 0) {
            return;
        }
        if (fencer.answeredDeadline() != deadlineNanos) {
            fencer.deadline(deadlineNanos); // one that was started after the lease came has not heard of it
            return;
        }
        if (deadlineNanos <= place.now() + place.leaseNanos() / 4) {
            return; // too little is left of it; the next renewal is under way
        }
        place.memory().becomesPrimary();
        promoting = true;
        long beganNanos = place.now();
        instance.promote(term, view.promotion().standbyNames(), view.names().number(), promoted -> {
            if (!over) {
                primary = true;
                writtenNanos = beganNanos;
                writtenLsn = promoted.writtenLsn();
                place.note("is primary of term " + term + " on timeline " + promoted.timeline());
                place.send(new RecoveryCommand.ReportPromoted(
                        place.host(), term, promoted.timeline(), promoted.forkLsn()));
            }
        });
    }

    private boolean stands() {
        boolean first = view.promotion().mode() == PromotionMode.FIRST
                && view.promotion().term() == term;
        if (first && !instance.hasData()) {
            lifecycle.initialise();
            return false;
        }
        return lifecycle.stand();
    }

    /** A fast shutdown: no more commits; what is written goes to the standbys; then every process ends. */
    private void stopInOrder() {
        if (!stopping) {
            stopping = true;
            place.note("stops in order: " + view.phase().reason());
            instance.stop(() -> {
                if (!over) {
                    fence("it was stopped in order");
                }
            });
        }
    }

    /** A durable write through a connection made for it. One that tells nothing is given up after half a lease. */
    private void write() {
        long sinceNanos = place.now() - writeNanos;
        if (writing
                && !blockersEnded
                && sinceNanos >= BLOCKED_NANOS
                && place.rules().endsBlockers()) {
            blockersEnded = true;
            instance.endBlockers();
        }
        if (sinceNanos < (writing ? place.leaseNanos() / 2 : WRITE_NANOS)) {
            return;
        }
        long beganNanos = place.now();
        writeNanos = beganNanos;
        writing = true;
        blockersEnded = false;
        instance.write(term, lsn -> {
            writing = false;
            writtenNanos = Math.max(writtenNanos, beganNanos);
            writtenLsn = Math.max(writtenLsn, lsn);
        });
    }
}
