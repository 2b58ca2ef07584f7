package dev.holdfast.recovery;

import dev.holdfast.protocol.DatabaseInput;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.PromotionMode;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaInput;
import dev.holdfast.protocol.ReplicaState;
import dev.holdfast.protocol.RequestStep;

/** The primary's life: appointed under a new term, holding its lease, declared dead. */
final class Primaries {

    /** So many times longer than a promotion may the first primary of all take. */
    private static final int FIRST_PATIENCE = 6;

    private final State state;
    private final Rules rules;

    Primaries(State state, Rules rules) {
        this.state = state;
        this.rules = rules;
    }

    /** Compare-and-set: who does not hold this very term renews nothing. */
    Answer renew(RecoveryCommand.RenewLease ask, Decision decision) {
        RecoveryEvent.LeaseGranted lease = state.lease;
        if (!rules.isHolder(lease, ask)) {
            return Answer.refused("the lease is " + lease.host() + "'s under term " + lease.term() + ", not "
                    + ask.host() + "'s under term " + ask.term());
        }
        if (isOver()) {
            return Answer.refused("term " + lease.term() + " is over: " + state.phase.reason());
        }
        // One that is about to be primary, or to stop, cannot write.
        boolean writes = state.phase() != DatabasePhase.PROMOTING && state.phase() != DatabasePhase.STOPPING;
        if (writes && (ask.writtenLsn() <= 0 || ask.writeAgeMillis() > lease.leaseMillis() / 2)) {
            return Answer.refused("a renewal needs a durable write at most half a lease old, the last one is "
                    + ask.writeAgeMillis() + " ms old");
        }
        decision.emit(new RecoveryEvent.LeaseRenewed(lease.host(), lease.term(), ask.writtenLsn()));
        decision.change(() -> state.writeAgeMillis = ask.writeAgeMillis());
        return Answer.ok(lease.term());
    }

    /** Whether nobody may renew: the present term ends or has ended. */
    boolean isOver() {
        return switch (state.phase()) {
            case EMPTY, FENCING, LOST -> true;
            case PROMOTING, SINGLE, TIGHTENING, GUARDED, RELAXING, STOPPING -> false;
        };
    }

    /** Dead or fenced, and the lease given up, in one command: nobody need wait for the lease. */
    Answer down(RecoveryCommand.ReportDown report, Decision decision) {
        RecoveryEvent.LeaseGranted lease = state.lease;
        if (!lease.host().equals(report.host()) || lease.term() != report.term() || state.fenced) {
            return Answer.OK; // of an earlier term, or said before
        }
        String reason = "no process of " + report.host() + "'s term " + report.term() + " is left: " + report.why();
        decision.emit(new RecoveryEvent.FenceConfirmed(report.host(), report.term(), reason));
        if (state.phase() == DatabasePhase.PROMOTING) {
            decision.change(() -> state.copy(report.host()).attempts++);
        }
        if (state.phase() != DatabasePhase.LOST) {
            decision.emit(new RecoveryEvent.PrimaryLost(report.host(), report.term(), reason));
            state.move(DatabaseInput.DOWN, reason, decision);
        }
        return Answer.OK;
    }

    Answer promoted(RecoveryCommand.ReportPromoted report, Decision decision) {
        RecoveryEvent.LeaseGranted lease = state.lease;
        if (!lease.host().equals(report.host()) || lease.term() != report.term()) {
            return Answer.refused("term " + lease.term() + " is " + lease.host() + "'s");
        }
        if (state.phase() != DatabasePhase.PROMOTING) {
            return state.routed.term() == report.term()
                    ? Answer.OK
                    : Answer.refused("term " + lease.term() + " is over: " + state.phase.reason());
        }
        String reason = report.host() + " is primary on timeline " + report.timeline() + " and has written term "
                + report.term();
        decision.emit(new RecoveryEvent.PrimaryRouted(
                report.host(), report.term(), report.timeline(), report.forkLsn(), reason));
        state.move(DatabaseInput.PROMOTED, reason, decision);
        RecoveryEvent.SwitchoverChanged switchover = state.switchover;
        if (switchover.step() == RequestStep.STOPPING) {
            boolean there = switchover.to().equals(report.host());
            decision.emit(new RecoveryEvent.SwitchoverChanged(
                    there ? RequestStep.DONE : RequestStep.DROPPED,
                    switchover.from(),
                    switchover.to(),
                    report.term(),
                    switchover.user(),
                    reason));
        }
        RecoveryEvent.FailoverChanged failover = state.failover;
        if (failover.step() == RequestStep.ACCEPTED) {
            decision.emit(new RecoveryEvent.FailoverChanged(
                    RequestStep.DONE,
                    failover.from(),
                    report.host(),
                    failover.acceptLoss(),
                    report.term(),
                    failover.user(),
                    reason));
        }
        return Answer.OK;
    }

    /** Declares a holder dead that was silent for lease and margin; gives up on one that takes too long. */
    void overdue(Decision decision) {
        DatabasePhase phase = state.phase();
        if (phase == DatabasePhase.EMPTY || phase == DatabasePhase.LOST) {
            return;
        }
        RecoveryEvent.LeaseGranted lease = state.lease;
        long silent = state.elapsed - state.leaseNanos;
        if (rules.isExpired(silent, lease, state.settings())) {
            String reason = lease.host() + " did not renew its lease of term " + lease.term() + " for "
                    + silent / 1_000_000 + " ms";
            decision.emit(new RecoveryEvent.LeaseExpired(lease.host(), lease.term(), reason));
            decision.emit(new RecoveryEvent.PrimaryLost(lease.host(), lease.term(), reason));
            decision.emit(new RecoveryEvent.FenceOrdered(
                    lease.host(), lease.term(), "it may be alive behind a fault; when it comes back it must end"));
            state.move(DatabaseInput.LEASE_EXPIRED, reason, decision);
            return;
        }
        long inPhase = state.elapsed - state.phaseNanos;
        if (phase == DatabasePhase.PROMOTING && inPhase > promotionHangs() * 1_000_000L) {
            end(DatabaseInput.PROMOTION_LATE, "it has not become primary for " + inPhase / 1_000_000 + " ms", decision);
        } else if (phase == DatabasePhase.STOPPING && inPhase > state.settings().stopMillis() * 1_000_000L) {
            end(DatabaseInput.STOP_LATE, "it has not stopped for " + inPhase / 1_000_000 + " ms", decision);
        } else if (phase == DatabasePhase.RELAXING && state.automatic() && inPhase > namesHang() * 1_000_000L) {
            // Its commits may wait for a standby that is not there, while its lease, which only needs a local write,
            // goes on.
            end(
                    DatabaseInput.NAMES_LATE,
                    "it has not stopped waiting for its standby for " + inPhase / 1_000_000 + " ms",
                    decision);
        }
    }

    /**
     * How long a primary may take to become one, milliseconds. The first of all makes its data directory before; it holds nothing
     * that another host could have sooner, and what was begun is of no use to the next.
     */
    private long promotionHangs() {
        long millis = state.settings().promotionMillis();
        return state.promotion.mode() == PromotionMode.FIRST ? FIRST_PATIENCE * millis : millis;
    }

    /**
     * How long a primary may take to drop a name. A standby that was never confirmed may only be held up by a checkpoint, as
     * each clone begins with one, and so may what drops it; commits do not wait for it yet.
     */
    private long namesHang() {
        long names = state.settings().namesMillis();
        return state.phase.previous() == DatabasePhase.GUARDED ? names : 2 * names;
    }

    /** The present term ends: its holder is told so, and no renewal is taken any more. */
    void end(DatabaseInput input, String reason, Decision decision) {
        decision.emit(new RecoveryEvent.FenceOrdered(state.lease.host(), state.lease.term(), reason));
        state.move(input, reason, decision);
    }

    /** Appoints a primary: host, new term, mode and names are one entry; the lease begins with it. */
    void appoint(String host, PromotionMode mode, String reason, Decision decision) {
        RecoveryEvent.LeaseGranted before = state.lease;
        long term = before.term() + 1;
        decision.emit(new RecoveryEvent.PromotionDecided(host, term, mode, "", reason));
        decision.emit(
                new RecoveryEvent.LeaseGranted(host, term, state.settings().leaseMillis(), reason));
        decision.emit(new RecoveryEvent.NamesOrdered(
                host,
                term,
                state.names.number() + 1,
                "",
                "",
                "a new primary waits for nobody until a standby follows"));
        if (!before.host().isEmpty() && !before.host().equals(host)) {
            state.move(
                    state.copy(before.host()), ReplicaInput.DEPOSED, "term " + term + " is " + host + "'s", decision);
        }
        String standby = state.eligible.standby();
        if (state.eligible.eligible()) {
            decision.emit(new RecoveryEvent.EligibleChanged(
                    standby, false, term, "what is acknowledged under term " + term + " is not promised to be there"));
            if (!standby.equals(host)) {
                state.move(state.copy(standby), ReplicaInput.RELAXED, "term " + term + " is " + host + "'s", decision);
            }
        }
        if (state.copy(host).state() != ReplicaState.PRIMARY) {
            state.move(state.copy(host), ReplicaInput.APPOINTED, reason, decision);
        }
        DatabaseInput input = mode == PromotionMode.FIRST ? DatabaseInput.CONFIGURED : DatabaseInput.CANDIDATE_FOUND;
        decision.emit(new RecoveryEvent.PhaseChanged(
                Transitions.next(state.phase(), input), state.phase(), input, host, term, reason));
    }
}
