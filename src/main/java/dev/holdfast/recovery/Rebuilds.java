package dev.holdfast.recovery;

import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaInput;
import dev.holdfast.protocol.ReplicaState;
import org.jspecify.annotations.Nullable;

/**
 * When a copy that is of no use is made anew. A clone costs the primary time: reading all its data, it can starve the writes by which
 * that keeps its office. So there is one clone at a time, and what went wrong is tried again after pauses that grow.
 */
final class Rebuilds {

    /** After the first clone of a copy that failed, and in service after the first term that ended during one. */
    static final long FIRST_PAUSE_MILLIS = 2_000;

    /** Each pause is twice the one before, up to this after a failure that may have passed by then. */
    static final long LONGEST_PAUSE_MILLIS = 16_000;

    /** The same where waiting does not help, and in service after a term that ended during a clone. */
    static final long LONGEST_REST_MILLIS = 32_000;

    /** A newest write older than this part of the lease was slow. */
    private static final long SLOW_PERCENT = 35;

    /** One younger than this part was not. */
    private static final long CALM_PERCENT = 25;

    /** With a short lease too: a write is made each 300 ms, and told with the next renewal. */
    private static final long SLOW_MILLIS = 550;

    private static final long CALM_MILLIS = 450;

    /** A primary renews at a fifth of its lease; one that has not for this part of it may not be able to write. */
    private static final long LATE_PERCENT = 50;

    private final State state;
    private final Rules rules;

    Rebuilds(State state, Rules rules) {
        this.state = state;
        this.rules = rules;
    }

    Answer cloned(RecoveryCommand.ReportClone report, Decision decision) {
        Copies.Copy copy = state.copies.find(report.host());
        if (copy == null
                || copy.state() != ReplicaState.REBUILDING
                || copy.decided.cloneNumber() != report.cloneNumber()) {
            return Answer.refused(
                    "clone " + report.cloneNumber() + " of " + report.host() + " is not what was ordered");
        }
        decision.emit(new RecoveryEvent.CloneProgressed(
                report.host(), report.cloneNumber(), report.outcome(), report.detail()));
        switch (report.outcome()) {
            case BEGUN -> {}
            case DONE ->
                decision.change(() -> {
                    copy.cloned = true;
                    copy.clonedNanos = state.elapsed;
                });
            case FAILED ->
                failed(
                        copy,
                        LONGEST_PAUSE_MILLIS,
                        "clone " + report.cloneNumber() + " failed: " + report.detail(),
                        decision);
            case REFUSED ->
                failed(
                        copy,
                        LONGEST_REST_MILLIS,
                        "clone " + report.cloneNumber() + " is impossible as things are: " + report.detail(),
                        decision);
        }
        return Answer.OK;
    }

    /** At most one decision: a clone is held back, given up, or ordered while there is a primary in service. */
    void next(Decision decision) {
        hold(decision);
        if (!decision.isEmpty()) {
            return;
        }
        for (Copies.Copy copy : state.copies.all()) {
            if (copy.state() == ReplicaState.REBUILDING) {
                giveUp(copy, decision);
                if (!decision.isEmpty()) {
                    return;
                }
            }
        }
        if (!mayOrder()) {
            return;
        }
        for (Copies.Copy copy : state.copies.all()) {
            String reason = because(copy);
            if (!reason.isEmpty()) {
                state.move(copy, ReplicaInput.REBUILD_ORDERED, reason, decision);
                return;
            }
        }
    }

    private boolean mayOrder() {
        return isInService()
                && state.automatic()
                && !state.clonesHeld.held()
                && !isSlow()
                && state.elapsed
                        >= state.inServiceNanos
                                + rules.pauseMillis(state.copies.endedTerms, LONGEST_REST_MILLIS) * 1_000_000L
                && !handsOverSoon()
                && (!rules.clonesOneAtATime() || state.copies.underWay() == 0);
    }

    /** A damaged primary is no source while a sound copy may take its office. */
    private boolean handsOverSoon() {
        return state.copy(state.lease.host()).damaged()
                && state.copies.all().stream()
                        .anyMatch(copy -> !copy.damaged()
                                && (copy.state() == ReplicaState.FOLLOWING || copy.state() == ReplicaState.ELIGIBLE));
    }

    /** A clone under way is held back while the primary's writes are slow: a health write that waits for it may cost the lease. */
    private void hold(Decision decision) {
        boolean held = state.clonesHeld.held();
        boolean underWay = isInService() && state.copies.underWay() > 0;
        long silent = sinceRenewal();
        if (!held && underWay && isSlow()) {
            decision.emit(held(
                    true,
                    "its newest write was " + state.writeAgeMillis + " ms old when it last renewed its lease, " + silent
                            + " ms ago"));
        } else if (held
                && (!underWay
                        || (state.writeAgeMillis < Math.max(CALM_MILLIS, percentOfLease(CALM_PERCENT)) && !isSlow()))) {
            decision.emit(held(
                    false,
                    underWay
                            ? "its writes are fast again, the newest was " + state.writeAgeMillis + " ms old"
                            : "nothing is cloned from it any more"));
        }
    }

    private RecoveryEvent.ClonesHeld held(boolean held, String reason) {
        return new RecoveryEvent.ClonesHeld(state.lease.host(), state.lease.term(), held, reason);
    }

    private boolean isSlow() {
        return state.writeAgeMillis > Math.max(SLOW_MILLIS, percentOfLease(SLOW_PERCENT))
                || sinceRenewal() > percentOfLease(LATE_PERCENT);
    }

    private long sinceRenewal() {
        return (state.elapsed - state.leaseNanos) / 1_000_000;
    }

    private long percentOfLease(long percent) {
        return state.lease.leaseMillis() * percent / 100;
    }

    private boolean isInService() {
        return switch (state.phase()) {
            case SINGLE, TIGHTENING, GUARDED, RELAXING -> true;
            case EMPTY, PROMOTING, STOPPING, FENCING, LOST -> false;
        };
    }

    /** A clone that is of no use any more. One that is complete outlives the primary it came from: its copy is tried as a follower. */
    private void giveUp(Copies.Copy copy, Decision decision) {
        String clone = "clone " + copy.decided.cloneNumber();
        long silent = (state.elapsed - copy.seenNanos) / 1_000_000;
        if (silent > Observations.SILENT_NANOS / 1_000_000) {
            failed(
                    copy,
                    LONGEST_PAUSE_MILLIS,
                    clone + " is given up: its agent has been silent for " + silent + " ms",
                    decision);
            return;
        }
        if (!isInService()) {
            return;
        }
        if (!copy.cloned) {
            if (copy.decided.term() != state.lease.term()) {
                failed(
                        copy,
                        LONGEST_PAUSE_MILLIS,
                        clone + " was to come from the primary of term " + copy.decided.term(),
                        decision);
            }
            return;
        }
        RecoveryCommand.ReportInstance report = copy.seen;
        long waited = (state.elapsed - Math.max(copy.clonedNanos, state.inServiceNanos)) / 1_000_000;
        if (report != null && report.diverged() && copy.seenNanos > copy.clonedNanos) {
            failed(
                    copy,
                    LONGEST_PAUSE_MILLIS,
                    clone + " holds WAL that term " + state.lease.term() + " does not have",
                    decision);
        } else if (waited > state.settings().rebuildMillis()) {
            failed(
                    copy,
                    LONGEST_PAUSE_MILLIS,
                    clone + " is complete and has not streamed from the primary for " + waited + " ms",
                    decision);
        }
    }

    private void failed(Copies.Copy copy, long longestPauseMillis, String reason, Decision decision) {
        state.move(copy, ReplicaInput.REBUILD_FAILED, reason, decision);
        decision.change(() -> {
            copy.failedClones++;
            copy.cloneNotBeforeNanos =
                    state.elapsed + rules.pauseMillis(copy.failedClones, longestPauseMillis) * 1_000_000L;
        });
    }

    /** @return why this copy must be made anew now, empty when it need not, or may not yet */
    private String because(Copies.Copy copy) {
        RecoveryCommand.@Nullable ReportInstance report = copy.seen;
        if (copy.state() != ReplicaState.DETACHED
                || report == null
                || state.elapsed - copy.seenNanos > Candidates.FRESH_NANOS
                || state.elapsed < copy.cloneNotBeforeNanos) {
            return "";
        }
        if (copy.decided.input() == ReplicaInput.DEPOSED) {
            return "it was primary before term " + state.lease.term() + " and may hold WAL that nobody else has";
        }
        long detached = (state.elapsed - copy.decidedNanos) / 1_000_000;
        if (copy.decided.input() == ReplicaInput.REBUILD_FAILED) {
            // What it was to be replaced for has not changed.
            return "try " + (copy.failedClones + 1) + " after " + detached + " ms, " + copy.decided.reason();
        }
        if (report.diverged() || report.role() == InstanceRole.NONE || state.isSpoilt(copy)) {
            return words(copy, report);
        }
        return detached > state.settings().rebuildMillis()
                ? "it has not streamed from the primary for " + detached + " ms"
                : "";
    }

    /** Describes why a copy does not follow, from its agent's report. */
    String words(Copies.Copy copy, RecoveryCommand.ReportInstance report) {
        if (report.role() == InstanceRole.NONE) {
            return "nothing runs there";
        }
        if (state.isSpoilt(copy)) {
            return "it has " + copy.damage.detail();
        }
        return report.diverged()
                ? "it holds WAL that term " + state.lease.term() + " does not have"
                : "it runs as " + report.role() + " and does not stream from term " + state.lease.term();
    }

    /** How long the pause is after so many failures in a row, milliseconds. */
    static long pauseMillis(int failures, long longestMillis) {
        return failures == 0 ? 0 : Math.min(longestMillis, FIRST_PAUSE_MILLIS << Math.min(failures - 1, 10));
    }
}
