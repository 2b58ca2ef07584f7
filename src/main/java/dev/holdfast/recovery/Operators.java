package dev.holdfast.recovery;

import dev.holdfast.protocol.DatabaseInput;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaState;
import dev.holdfast.protocol.ReplyCode;
import dev.holdfast.protocol.RequestStep;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What people order. Works while automation is paused. */
final class Operators {

    private final State state;
    private final Primaries primaries;
    private final Candidates candidates;

    Operators(State state, Primaries primaries, Candidates candidates) {
        this.state = state;
        this.primaries = primaries;
        this.candidates = candidates;
    }

    Answer configure(RecoveryCommand.Configure c, Decision decision) {
        Set<String> hosts = new LinkedHashSet<>(List.of(c.hosts().split(",", -1)));
        RecoveryEvent.RecoveryConfigured known = state.configuration;
        if (known != null && !known.hosts().equals(c.hosts())) {
            return Answer.refused("the hosts are " + known.hosts() + "; replacing one is not done by configuring");
        }
        if (!hosts.contains(c.firstPrimary())) {
            return Answer.refused("the first primary '" + c.firstPrimary() + "' is none of the hosts " + c.hosts());
        }
        if (c.renewMillis() <= 0 || c.leaseMillis() < 2 * c.renewMillis()) {
            return Answer.refused("a lease of " + c.leaseMillis() + " ms must last two renewals of " + c.renewMillis()
                    + " ms or more");
        }
        if (c.marginMillis() * 1_000_000L <= MachineTime.MAX_STEP_NANOS) {
            return Answer.refused("the margin of " + c.marginMillis() + " ms must exceed "
                    + MachineTime.MAX_STEP_NANOS / 1_000_000 + " ms, what a clock set forward may take from a lease");
        }
        if (Math.min(Math.min(c.patienceMillis(), c.promotionMillis()), Math.min(c.standbyMillis(), c.namesMillis()))
                        <= 0
                || Math.min(c.rebuildMillis(), c.stopMillis()) <= 0) {
            return Answer.refused("every duration must be above zero");
        }
        decision.emit(new RecoveryEvent.RecoveryConfigured(
                c.hosts(),
                c.firstPrimary(),
                c.leaseMillis(),
                c.renewMillis(),
                c.marginMillis(),
                c.patienceMillis(),
                c.promotionMillis(),
                c.standbyMillis(),
                c.namesMillis(),
                c.rebuildMillis(),
                c.stopMillis(),
                c.user(),
                c.reason()));
        return Answer.OK;
    }

    Answer failover(RecoveryCommand.OrderFailover c, Decision decision) {
        return recorded(
                c.reason().isBlank() ? Answer.refused("a fail-over needs a reason") : ordered(c, decision),
                c.user(),
                "failover" + (c.acceptLoss() ? " accepting loss" : ""),
                c.to(),
                c.reason(),
                decision);
    }

    private Answer ordered(RecoveryCommand.OrderFailover c, Decision decision) {
        if (state.phase() == DatabasePhase.EMPTY) {
            return Answer.refused("there is no database yet");
        }
        if (!c.to().isEmpty() && state.copies.find(c.to()) == null) {
            return Answer.refused("there is no host '" + c.to() + "'");
        }
        boolean lost = state.phase() == DatabasePhase.LOST;
        if (!lost && c.to().equals(state.lease.host())) {
            return Answer.refused(c.to() + " is the primary");
        }
        boolean complete = c.to().isEmpty()
                ? state.eligible.eligible() || candidates.losesNothing(state.lease.host())
                : candidates.losesNothing(c.to());
        if (!complete && !c.acceptLoss()) {
            return Answer.refused((c.to().isEmpty() ? "no standby is eligible" : c.to() + " is not eligible")
                    + ": rows that " + state.lease.host() + " acknowledged could be lost; accept the loss or wait");
        }
        if (!c.to().isEmpty() && !candidates.isThere(state.copy(c.to()))) {
            return Answer.refused(c.to() + " is not there as a standby");
        }
        decision.emit(new RecoveryEvent.FailoverChanged(
                RequestStep.ACCEPTED,
                state.lease.host(),
                c.to(),
                c.acceptLoss(),
                state.lease.term(),
                c.user(),
                c.reason()));
        if (!lost && state.phase() != DatabasePhase.FENCING) {
            primaries.end(DatabaseInput.FAILOVER_ORDERED, c.user() + " ordered a fail-over: " + c.reason(), decision);
        }
        return Answer.OK;
    }

    Answer switchover(RecoveryCommand.OrderSwitchover c, Decision decision) {
        return recorded(
                c.reason().isBlank() ? Answer.refused("a switchover needs a reason") : ordered(c, decision),
                c.user(),
                "switchover",
                c.to(),
                c.reason(),
                decision);
    }

    private Answer ordered(RecoveryCommand.OrderSwitchover c, Decision decision) {
        String to = c.to().isEmpty() && state.eligible.eligible() ? state.eligible.standby() : c.to();
        if (state.phase() != DatabasePhase.GUARDED || state.switchover.step() == RequestStep.ACCEPTED) {
            return Answer.refused("a switchover needs a primary with an eligible standby, the database is "
                    + state.phase() + ": " + state.phase.reason());
        }
        if (to.equals(state.lease.host())) {
            return Answer.refused(to + " is the primary");
        }
        Copies.Copy copy = state.copies.find(to);
        if (copy == null || (copy.state() != ReplicaState.FOLLOWING && copy.state() != ReplicaState.ELIGIBLE)) {
            return Answer.refused("'" + to + "' does not follow the primary");
        }
        decision.emit(new RecoveryEvent.SwitchoverChanged(
                RequestStep.ACCEPTED, state.lease.host(), to, state.lease.term(), c.user(), c.reason()));
        return Answer.OK;
    }

    Answer pause(RecoveryCommand.PauseAutomation c, Decision decision) {
        Answer answer = c.reason().isBlank() ? Answer.refused("it needs a reason") : Answer.OK;
        if (answer.code() == ReplyCode.OK) {
            decision.emit(new RecoveryEvent.AutomationChanged(c.paused(), c.user(), c.reason()));
        }
        return recorded(answer, c.user(), c.paused() ? "pause" : "resume", "automation", c.reason(), decision);
    }

    Answer beginAnew(RecoveryCommand.BeginAnew c, Decision decision) {
        Answer answer = Answer.OK;
        if (c.reason().isBlank()) {
            answer = Answer.refused("it needs a reason");
        } else if (c.usedTerm() <= 0) {
            answer = Answer.refused("no term was ever used, so nothing is lost; it is configured as a new region is");
        } else if (state.phase() != DatabasePhase.EMPTY || state.lease.term() > 0) {
            answer = Answer.refused("it knows the region already: the database is " + state.phase() + " under term "
                    + state.lease.term() + ": " + state.phase.reason());
        } else {
            decision.emit(new RecoveryEvent.LeaseGranted(
                    "",
                    c.usedTerm(),
                    0,
                    "what was decided up to term " + c.usedTerm() + " is lost, which " + c.user() + " accepted: "
                            + c.reason()));
        }
        return recorded(answer, c.user(), "begin anew accepting loss", "recovery machine", c.reason(), decision);
    }

    private static Answer recorded(
            Answer answer, String user, String action, String target, String reason, Decision decision) {
        String result = answer.code() == ReplyCode.OK ? "accepted" : answer.text();
        decision.emit(new RecoveryEvent.OperatorActed(user, action, target, reason, result));
        return answer;
    }
}
