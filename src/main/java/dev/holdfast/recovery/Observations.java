package dev.holdfast.recovery;

import dev.holdfast.protocol.CloneOutcome;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaInput;
import dev.holdfast.protocol.ReplicaState;
import org.jspecify.annotations.Nullable;

/** What agents see, and which copies must be made anew. */
final class Observations {

    /** An agent that was not heard for this long has no say. */
    static final long SILENT_NANOS = 3_000_000_000L;

    /** What changes all the time is told to readers this often. */
    static final long TELL_NANOS = 1_000_000_000L;

    /** After a clone that failed: on a full disk the next one fails at once too, and each is four entries of the log. */
    static final long CLONE_AGAIN_MILLIS = 2_000;

    private final State state;
    private final Standbys standbys;

    Observations(State state, Standbys standbys) {
        this.state = state;
        this.standbys = standbys;
    }

    Answer seen(RecoveryCommand.ReportInstance report, Decision decision) {
        Copies.Copy copy = state.copies.find(report.host());
        if (copy == null) {
            return Answer.refused("there is no host '" + report.host() + "' in the configuration");
        }
        RecoveryCommand.ReportInstance before = copy.seen;
        if (before != null && before.session() == report.session() && before.number() >= report.number()) {
            return Answer.refused("report " + report.number() + " is older than " + before.number());
        }
        decision.change(() -> {
            copy.seen = report;
            copy.seenNanos = state.elapsed;
        });
        if (before == null || differs(before, report) || state.elapsed - copy.toldNanos >= TELL_NANOS) {
            decision.emit(told(report));
        }
        classify(copy, report, decision);
        standbys.judge(report, before, decision);
        return Answer.OK;
    }

    private void classify(Copies.Copy copy, RecoveryCommand.ReportInstance report, Decision decision) {
        boolean follows = report.role() == InstanceRole.STANDBY
                && !report.diverged()
                && report.followedTerm() == state.routed.term()
                && report.followedTerm() == state.lease.term();
        switch (copy.state()) {
            case ABSENT, DETACHED -> {
                if (follows) {
                    state.move(copy, ReplicaInput.FOLLOWS, "it streams from term " + report.followedTerm(), decision);
                } else if (copy.state() == ReplicaState.ABSENT) {
                    state.move(copy, ReplicaInput.DETACHED, words(report), decision);
                }
            }
            case FOLLOWING -> {
                if (!follows) {
                    state.move(copy, ReplicaInput.DETACHED, words(report), decision);
                }
            }
            case REBUILDING -> {
                if (follows && copy.cloned) {
                    state.move(
                            copy,
                            ReplicaInput.FOLLOWS,
                            "clone " + copy.decided.cloneNumber() + " streams from term " + report.followedTerm(),
                            decision);
                }
            }
            case ELIGIBLE, PRIMARY -> {} // the names and the lease decide
        }
    }

    private String words(RecoveryCommand.ReportInstance report) {
        if (report.role() == InstanceRole.NONE) {
            return "nothing runs there";
        }
        return report.diverged()
                ? "it holds WAL that term " + state.lease.term() + " does not have"
                : "it runs as " + report.role() + " and does not stream from term " + state.lease.term();
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
        if (report.outcome() == CloneOutcome.DONE) {
            decision.change(() -> copy.cloned = true);
        } else if (report.outcome() == CloneOutcome.FAILED) {
            state.move(
                    copy,
                    ReplicaInput.REBUILD_FAILED,
                    "clone " + report.cloneNumber() + " failed: " + report.detail(),
                    decision);
        }
        return Answer.OK;
    }

    /** Forgets a silent agent's copy. */
    void silent(Decision decision) {
        for (Copies.Copy copy : state.copies.all()) {
            boolean watched = copy.state() == ReplicaState.FOLLOWING || copy.state() == ReplicaState.DETACHED;
            if (watched && state.elapsed - copy.seenNanos > SILENT_NANOS) {
                state.move(
                        copy,
                        ReplicaInput.SILENT,
                        "its agent has been silent for " + (state.elapsed - copy.seenNanos) / 1_000_000 + " ms",
                        decision);
                return;
            }
        }
    }

    /** While there is a primary in service: orders a clone of a copy that is of no use, or of the wrong source. */
    void rebuild(Decision decision) {
        boolean inService = switch (state.phase()) {
            case SINGLE, TIGHTENING, GUARDED, RELAXING -> true;
            case EMPTY, PROMOTING, STOPPING, FENCING, LOST -> false;
        };
        if (!inService || !state.automatic()) {
            return;
        }
        for (Copies.Copy copy : state.copies.all()) {
            String reason = rebuildBecause(copy, copy.seen);
            if (!reason.isEmpty()) {
                state.move(copy, ReplicaInput.REBUILD_ORDERED, reason, decision);
                return;
            }
        }
    }

    private String rebuildBecause(Copies.Copy copy, RecoveryCommand.@Nullable ReportInstance report) {
        if (copy.state() == ReplicaState.REBUILDING) {
            boolean stale = copy.decided.term() != state.lease.term();
            return stale ? "its clone " + copy.decided.cloneNumber() + " was to come from an earlier primary" : "";
        }
        if (copy.state() != ReplicaState.DETACHED
                || report == null
                || state.elapsed - copy.seenNanos > Candidates.FRESH_NANOS) {
            return "";
        }
        if (copy.decided.input() == ReplicaInput.DEPOSED) {
            return "it was primary before term " + state.lease.term() + " and may hold WAL that nobody else has";
        }
        long detached = (state.elapsed - copy.decidedNanos) / 1_000_000;
        if (copy.decided.input() == ReplicaInput.REBUILD_FAILED) {
            // What it was to be replaced for has not changed.
            return detached < CLONE_AGAIN_MILLIS
                    ? ""
                    : "its clone " + copy.decided.cloneNumber() + " failed " + detached + " ms ago";
        }
        if (report.diverged() || report.role() == InstanceRole.NONE) {
            return words(report);
        }
        return detached > state.settings().rebuildMillis()
                ? "it has not streamed from the primary for " + detached + " ms"
                : "";
    }

    /** Whether the database is whole: a primary, an eligible standby, and every other copy following. */
    boolean redundant() {
        if (state.phase() != DatabasePhase.GUARDED) {
            return false;
        }
        for (Copies.Copy copy : state.copies.all()) {
            boolean good = switch (copy.state()) {
                case PRIMARY, ELIGIBLE, FOLLOWING -> true;
                case ABSENT, DETACHED, REBUILDING -> false;
            };
            if (!good) {
                return false;
            }
        }
        return true;
    }

    private static boolean differs(RecoveryCommand.ReportInstance before, RecoveryCommand.ReportInstance now) {
        return before.role() != now.role()
                || before.term() != now.term()
                || before.timeline() != now.timeline()
                || before.followedTerm() != now.followedTerm()
                || before.diverged() != now.diverged()
                || before.clean() != now.clean()
                || !before.standbyNames().equals(now.standbyNames())
                || !before.connected().equals(now.connected());
    }

    private static RecoveryEvent.InstanceSeen told(RecoveryCommand.ReportInstance report) {
        return new RecoveryEvent.InstanceSeen(
                report.host(),
                report.role(),
                report.term(),
                report.timeline(),
                report.receivedLsn(),
                report.replayedLsn(),
                report.flushedLsn(),
                report.followedTerm(),
                report.diverged(),
                report.standbyNames(),
                report.connected(),
                report.clean(),
                report.diskFreeBytes(),
                report.clockOffsetMillis());
    }
}
