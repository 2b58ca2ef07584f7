package dev.holdfast.recovery;

import dev.holdfast.protocol.DatabaseInput;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaInput;
import dev.holdfast.protocol.ReplicaState;
import dev.holdfast.protocol.RequestStep;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom the primary waits for. Relax: log that the standby no longer counts, then the primary drops its name, then it confirms.
 * Tighten: the primary takes the name, confirms it as sync with a marker row flushed there, then the log says that it counts.
 */
final class Standbys {

    /** A standby further behind than this would hold commits up while it catches up. */
    static final long MAX_LAG_BYTES = 16 * 1024 * 1024;

    /** A host whose name was not confirmed in time is not tried again for this long. */
    static final long RETRY_NANOS = 5_000_000_000L;

    private final State state;
    private final Rules rules;

    Standbys(State state, Rules rules) {
        this.state = state;
        this.rules = rules;
    }

    /** The primary runs with the names it was told. */
    Answer confirm(RecoveryCommand.ConfirmNames report, Decision decision) {
        RecoveryEvent.NamesOrdered order = state.names;
        if (!order.host().equals(report.host()) || order.term() != report.term() || order.number() != report.number()) {
            return Answer.refused("the names in force are order " + order.number() + " for " + order.host()
                    + " under term " + order.term());
        }
        DatabasePhase phase = state.phase();
        if (phase == DatabasePhase.RELAXING) {
            confirmed(report, order.host() + " waits for nobody", decision);
            if (!rules.losesEligibilityFirst() && state.eligible.eligible()) {
                disqualify("the primary waits for nobody", decision);
            }
        } else if (phase == DatabasePhase.TIGHTENING) {
            Copies.Copy standby = state.copy(order.standby());
            if (report.markerLsn() <= 0 || standby.state() != ReplicaState.FOLLOWING) {
                return Answer.refused(order.standby() + " is " + standby.state() + ", the marker row is at "
                        + report.markerLsn() + "; nobody is made eligible by that");
            }
            String reason = order.standby() + " alone is sync and has flushed the marker row at " + report.markerLsn();
            state.move(standby, ReplicaInput.CONFIRMED, reason, decision);
            decision.emit(new RecoveryEvent.EligibleChanged(order.standby(), true, order.term(), reason));
            confirmed(report, reason, decision);
        }
        return Answer.OK;
    }

    /**
     * Takes back a confirmation of names, because somebody changed them behind the keeper's back. The standby stops counting first;
     * then the same names are ordered anew, and the standby counts again when they are confirmed.
     */
    Answer withdraw(RecoveryCommand.WithdrawNames report, Decision decision) {
        RecoveryEvent.NamesOrdered order = state.names;
        boolean present = order.host().equals(report.host())
                && order.term() == report.term()
                && order.number() == report.number();
        if (!present || !rules.mayWithdraw()) {
            return Answer.OK; // another order has replaced it, which is confirmed by itself
        }
        if (state.eligible.eligible()) {
            disqualify(report.why(), decision);
        }
        switch (state.phase()) {
            case GUARDED -> {
                order(order.standby(), report.why(), decision);
                state.move(DatabaseInput.STANDBY_REPLACED, report.why(), decision);
            }
            case SINGLE, RELAXING -> order("", report.why(), decision);
            // Nothing is confirmed under this order any more: it is given up when its time is over.
            case TIGHTENING -> {}
            case EMPTY, PROMOTING, STOPPING, FENCING, LOST -> {}
        }
        return Answer.OK;
    }

    private void confirmed(RecoveryCommand.ConfirmNames report, String reason, Decision decision) {
        decision.emit(new RecoveryEvent.NamesConfirmed(
                report.host(), report.term(), report.number(), report.markerLsn(), reason));
        state.move(DatabaseInput.NAMES_CONFIRMED, reason, decision);
    }

    /**
     * Judges the eligible standby by a report of the primary. Only such a report may relax: from a primary that is not heard
     * nothing is known, and a standby that stopped counting could not replace it.
     */
    void judge(
            RecoveryCommand.ReportInstance report, RecoveryCommand.@Nullable ReportInstance before, Decision decision) {
        boolean ofPrimary = report.role() == InstanceRole.PRIMARY
                && report.host().equals(state.lease.host())
                && report.term() == state.lease.term();
        if (!ofPrimary || state.phase() != DatabasePhase.GUARDED || !state.eligible.eligible()) {
            return;
        }
        String standby = state.eligible.standby();
        boolean connected = connected(report).contains(standby);
        boolean behind =
                before != null && before.term() == report.term() && report.standbyFlushedLsn() < before.flushedLsn();
        if (connected && !behind) {
            decision.change(() -> state.standbyBadNanos = -1);
        } else if (state.standbyBadNanos < 0) {
            decision.change(() -> state.standbyBadNanos = state.elapsed);
        } else if (state.automatic()
                && state.elapsed - state.standbyBadNanos >= state.settings().standbyMillis() * 1_000_000L) {
            long held = (state.elapsed - state.standbyBadNanos) / 1_000_000;
            relax(
                    standby + (connected ? " has flushed nothing new" : " has not been connected") + " for " + held
                            + " ms",
                    report,
                    decision);
        }
    }

    private void relax(String why, RecoveryCommand.ReportInstance report, Decision decision) {
        if (rules.losesEligibilityFirst()) {
            disqualify(why, decision);
        }
        Copies.Copy other = candidate(report, state.eligible.standby());
        if (other != null && rules.losesEligibilityFirst()) {
            order(other.host, why + "; the primary waits for " + other.host + " instead", decision);
            state.move(DatabaseInput.STANDBY_REPLACED, why + "; " + other.host + " takes its place", decision);
        } else {
            order("", why + "; the primary waits for nobody", decision);
            state.move(DatabaseInput.STANDBY_LOST, why, decision);
        }
    }

    private void disqualify(String why, Decision decision) {
        String standby = state.eligible.standby();
        decision.emit(new RecoveryEvent.EligibleChanged(standby, false, state.lease.term(), why));
        state.move(state.copy(standby), ReplicaInput.RELAXED, why, decision);
    }

    private void order(String standby, String reason, Decision decision) {
        String names = standby.isEmpty() ? "" : rules.standbyNames(standby);
        decision.emit(new RecoveryEvent.NamesOrdered(
                state.lease.host(), state.lease.term(), state.names.number() + 1, names, standby, reason));
    }

    /** In SINGLE: lets the primary wait for a standby that keeps up. In TIGHTENING: gives up on one that does not. */
    void next(Decision decision) {
        if (state.phase() == DatabasePhase.TIGHTENING) {
            giveUp(decision);
            return;
        }
        Copies.Copy primary = state.copies.find(state.lease.host());
        RecoveryCommand.ReportInstance report = primary == null ? null : primary.seen;
        if (state.phase() == DatabasePhase.GUARDED && report != null && state.automatic()) {
            replaceDamaged(report, decision);
            return;
        }
        boolean asked = state.switchover.step() == RequestStep.ACCEPTED;
        if (state.phase() != DatabasePhase.SINGLE || report == null || !(state.automatic() || asked)) {
            return;
        }
        Copies.Copy standby = candidate(report, "");
        if (standby != null) {
            String reason = standby.host + " follows term " + state.lease.term() + " and has flushed up to "
                    + standby.flushedLsn();
            order(standby.host, reason, decision);
            state.move(DatabaseInput.STANDBY_FOLLOWS, reason, decision);
        }
    }

    /** A damaged standby that holds every row is better than none, and worse than a sound one. */
    private void replaceDamaged(RecoveryCommand.ReportInstance primary, Decision decision) {
        if (!state.eligible.eligible()) {
            return;
        }
        Copies.Copy standby = state.copy(state.eligible.standby());
        Copies.Copy other = state.isSpoilt(standby) ? candidate(primary, standby.host) : null;
        if (other != null) {
            replace(other.host, standby.host + " has " + standby.damage.detail(), decision);
        }
    }

    private void giveUp(Decision decision) {
        Copies.Copy standby = state.copy(state.names.standby());
        long waited = (state.elapsed - state.namesNanos) / 1_000_000;
        DatabaseInput input;
        String reason;
        if (standby.state() != ReplicaState.FOLLOWING) {
            input = DatabaseInput.STANDBY_LOST;
            reason = standby.host + " is " + standby.state() + ": " + standby.decided.reason();
        } else if (waited > state.settings().namesMillis()) {
            input = DatabaseInput.NAMES_LATE;
            reason = standby.host + " was not confirmed as sync for " + waited + " ms";
        } else {
            return;
        }
        long notBefore = state.elapsed + RETRY_NANOS;
        decision.change(() -> standby.notBeforeNanos = notBefore);
        order("", reason + "; the primary waits for nobody", decision);
        state.move(input, reason, decision);
    }

    /** A standby that follows, keeps up, and is not the one that just failed. A switchover's target comes first and alone. */
    private Copies.@Nullable Copy candidate(RecoveryCommand.ReportInstance primary, String except) {
        List<String> connected = connected(primary);
        boolean asked = state.switchover.step() == RequestStep.ACCEPTED;
        for (Copies.Copy copy : state.copies.all()) {
            if (copy.state() == ReplicaState.FOLLOWING
                    && !state.isSpoilt(copy)
                    && !copy.host.equals(except)
                    && (!asked || copy.host.equals(state.switchover.to()))
                    && connected.contains(copy.host)
                    && state.elapsed - copy.seenNanos < Candidates.FRESH_NANOS
                    && state.elapsed >= copy.notBeforeNanos
                    && copy.flushedLsn() + MAX_LAG_BYTES >= primary.flushedLsn()) {
                return copy;
            }
        }
        return null;
    }

    /** For a switchover: the eligible standby's place is given to its target. */
    void replace(String target, String reason, Decision decision) {
        disqualify(reason, decision);
        order(target, reason, decision);
        state.move(DatabaseInput.STANDBY_REPLACED, reason, decision);
    }

    private static List<String> connected(RecoveryCommand.ReportInstance report) {
        return List.of(report.connected().split(",", -1));
    }
}
