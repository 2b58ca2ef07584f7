package dev.holdfast.recovery;

import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaInput;
import dev.holdfast.protocol.ReplicaState;

/** Takes in what agents report, and moves their copies to the states that follow from it. */
final class Observations {

    /** An agent that was not heard for this long has no say. */
    static final long SILENT_NANOS = 3_000_000_000L;

    /** Figures that change all the time are told to readers this often. */
    static final long TELL_NANOS = 1_000_000_000L;

    private final State state;
    private final Standbys standbys;
    private final Rebuilds rebuilds;

    Observations(State state, Standbys standbys, Rebuilds rebuilds) {
        this.state = state;
        this.standbys = standbys;
        this.rebuilds = rebuilds;
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
                && (!state.isSpoilt(copy) || copy.state() == ReplicaState.REBUILDING)
                && !report.diverged()
                && report.followedTerm() == state.routed.term()
                && report.followedTerm() == state.lease.term();
        switch (copy.state()) {
            case ABSENT, DETACHED -> {
                if (follows) {
                    state.move(copy, ReplicaInput.FOLLOWS, "it streams from term " + report.followedTerm(), decision);
                } else if (copy.state() == ReplicaState.ABSENT) {
                    state.move(copy, ReplicaInput.DETACHED, rebuilds.words(copy, report), decision);
                }
            }
            case FOLLOWING -> {
                if (!follows) {
                    state.move(copy, ReplicaInput.DETACHED, rebuilds.words(copy, report), decision);
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

    /** Damage is of the data directory: it goes with it. */
    Answer damaged(RecoveryCommand.ReportDamage report, Decision decision) {
        Copies.Copy copy = state.copies.find(report.host());
        if (copy == null || report.checksumFailures() < 0) {
            return Answer.refused("there is no host '" + report.host() + "' in the configuration, or "
                    + report.checksumFailures() + " is no count of checksum failures");
        }
        if (copy.damage.checksumFailures() != report.checksumFailures()) {
            decision.emit(new RecoveryEvent.DamageSeen(report.host(), report.checksumFailures(), report.detail()));
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
