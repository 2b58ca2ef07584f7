package dev.holdfast.recovery;

import dev.holdfast.protocol.DatabaseInput;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.PromotionMode;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.RequestStep;

/** What follows from the state as it stands: asked again after each decision until nothing follows. */
final class Automation {

    private final State state;
    private final Primaries primaries;
    private final Candidates candidates;
    private final Standbys standbys;
    private final Observations observations;
    private final Rebuilds rebuilds;

    Automation(
            State state,
            Primaries primaries,
            Candidates candidates,
            Standbys standbys,
            Observations observations,
            Rebuilds rebuilds) {
        this.state = state;
        this.primaries = primaries;
        this.candidates = candidates;
        this.standbys = standbys;
        this.observations = observations;
        this.rebuilds = rebuilds;
    }

    /** At most one step; the decision stays empty when there is nothing to decide. */
    void next(Decision decision) {
        if (state.configuration == null) {
            return;
        }
        if (state.phase() == DatabasePhase.EMPTY && state.lease.term() > 0) {
            // Begun anew: nobody knows who was primary, so whoever has most becomes it.
            decision.emit(new RecoveryEvent.PrimaryLost("", state.lease.term(), state.lease.reason()));
            state.move(DatabaseInput.LOSS_ACCEPTED, state.lease.reason(), decision);
            return;
        }
        if (state.phase() == DatabasePhase.EMPTY) {
            primaries.appoint(
                    state.settings().firstPrimary(),
                    PromotionMode.FIRST,
                    "the configuration names it as the first primary",
                    decision);
            return;
        }
        primaries.overdue(decision);
        if (decision.isEmpty()) {
            observations.silent(decision);
        }
        if (decision.isEmpty()) {
            leaveDamaged(decision);
        }
        if (decision.isEmpty()) {
            switchover(decision);
        }
        if (decision.isEmpty() && state.phase() == DatabasePhase.LOST) {
            candidates.choose(decision);
        }
        if (decision.isEmpty()) {
            standbys.next(decision);
        }
        if (decision.isEmpty()) {
            rebuilds.next(decision);
        }
        if (decision.isEmpty()) {
            incident(decision);
        }
    }

    /** A damaged primary gives its office to the eligible standby, if that one is sound and there. */
    private void leaveDamaged(Decision decision) {
        RequestStep step = state.switchover.step();
        boolean underWay = step == RequestStep.ACCEPTED || step == RequestStep.STOPPING;
        if (state.phase() != DatabasePhase.GUARDED || !state.eligible.eligible() || underWay || !state.automatic()) {
            return;
        }
        Copies.Copy primary = state.copy(state.lease.host());
        Copies.Copy standby = state.copy(state.eligible.standby());
        if (primary.damaged() && !standby.damaged() && candidates.isThere(standby)) {
            decision.emit(new RecoveryEvent.SwitchoverChanged(
                    RequestStep.ACCEPTED,
                    primary.host,
                    standby.host,
                    state.lease.term(),
                    "the recovery machine",
                    primary.host + " has " + primary.damage.detail() + ", and " + standby.host + " is sound"));
        }
    }

    /** A switchover whose target is eligible stops the primary; one whose ground is gone is dropped. */
    private void switchover(Decision decision) {
        RecoveryEvent.SwitchoverChanged wish = state.switchover;
        if (wish.step() != RequestStep.ACCEPTED) {
            return;
        }
        switch (state.phase()) {
            case GUARDED -> {
                if (state.isEligible(wish.to())) {
                    decision.emit(changed(wish, RequestStep.STOPPING, wish.to() + " is eligible and may take over"));
                    state.move(
                            DatabaseInput.STOP_ORDERED,
                            wish.user() + " wants " + wish.to() + " as primary: " + wish.reason(),
                            decision);
                } else {
                    standbys.replace(wish.to(), wish.user() + " wants it as primary: " + wish.reason(), decision);
                }
            }
            case TIGHTENING -> {}
            case EMPTY, PROMOTING, SINGLE, RELAXING, STOPPING, FENCING, LOST ->
                decision.emit(changed(
                        wish,
                        RequestStep.DROPPED,
                        "the database is " + state.phase() + " meanwhile: " + state.phase.reason()));
        }
    }

    private static RecoveryEvent.SwitchoverChanged changed(
            RecoveryEvent.SwitchoverChanged wish, RequestStep step, String reason) {
        return new RecoveryEvent.SwitchoverChanged(step, wish.from(), wish.to(), wish.term(), wish.user(), reason);
    }

    private void incident(Decision decision) {
        boolean redundant = observations.redundant();
        RecoveryEvent.IncidentOpened open = state.incident;
        if (open == null && !redundant) {
            decision.emit(new RecoveryEvent.IncidentOpened(
                    state.incidents + 1, state.lease.host(), state.lease.term(), missing()));
        } else if (open != null && redundant) {
            decision.emit(new RecoveryEvent.IncidentClosed(
                    open.incident(),
                    (state.elapsed - state.incidentNanos) / 1_000_000,
                    "redundancy is back: " + state.lease.host() + " is primary, " + state.eligible.standby()
                            + " eligible, every other copy follows"));
        }
    }

    private String missing() {
        if (state.phase() != DatabasePhase.GUARDED) {
            return "the database is " + state.phase() + ": " + state.phase.reason();
        }
        for (Copies.Copy copy : state.copies.all()) {
            switch (copy.state()) {
                case ABSENT, DETACHED, REBUILDING -> {
                    return copy.host + " is " + copy.state() + ": " + copy.decided.reason();
                }
                case FOLLOWING, ELIGIBLE, PRIMARY -> {}
            }
        }
        throw new IllegalStateException("an incident is opened and nothing is missing");
    }
}
