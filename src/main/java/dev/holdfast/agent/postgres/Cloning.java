package dev.holdfast.agent.postgres;

import dev.holdfast.protocol.CloneOutcome;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaInput;
import dev.holdfast.protocol.ReplicaState;

/** What a keeper does about an ordered clone. */
final class Cloning {

    private final Place place;
    private final Lifecycle lifecycle;
    private long number;
    private long told;
    private long failed;
    private String failure = "";
    private final ClonePace pace = new ClonePace();

    Cloning(Place place, Lifecycle lifecycle) {
        this.place = place;
        this.lifecycle = lifecycle;
    }

    /** @return whether the copy here is being replaced */
    boolean step(RecoveryEvent.ReplicaChanged decided) {
        remember(decided);
        if (number != 0 && place.rules().sparesSourceOfClone()) {
            place.instance().paceClone(pace.percent(place.view().clonesHeld(), place.now()));
        }
        if (decided.state() != ReplicaState.REBUILDING) {
            if (number != 0) {
                place.note("abandons clone " + number + ": " + decided.reason());
                number = 0;
                place.instance().abandonClone();
            }
            return false;
        }
        long finished = place.memory().clonedNumber();
        if (decided.cloneNumber() == finished) {
            if (told != finished) {
                told = finished;
                tell(finished, CloneOutcome.DONE, "done by an earlier start of the agent");
            }
            return false;
        }
        if (decided.cloneNumber() > Math.max(Math.max(number, failed), finished)) {
            begin(decided);
        }
        return true;
    }

    /** Why the last clone failed; empty when it did not, or the copy streams again. Known again after a restart of the agent. */
    String failure() {
        return failure;
    }

    private void remember(RecoveryEvent.ReplicaChanged decided) {
        if (decided.input() == ReplicaInput.REBUILD_FAILED) {
            failure = decided.reason();
        } else if (decided.state() == ReplicaState.FOLLOWING || decided.state() == ReplicaState.ELIGIBLE) {
            failure = "";
        }
    }

    /** Then every acknowledged row is there and on the primary, and nobody needs the old data here. */
    private boolean anotherIsEligible() {
        RecoveryEvent.EligibleChanged eligible = place.view().eligible();
        return eligible.eligible()
                && eligible.term() == place.view().lease().term()
                && !eligible.standby().equals(place.host());
    }

    private void begin(RecoveryEvent.ReplicaChanged order) {
        long mine = order.cloneNumber();
        number = mine;
        pace.begins(place.now());
        place.instance().abandonClone();
        tell(mine, CloneOutcome.BEGUN, order.source());
        lifecycle.kill("clone " + mine + " of " + order.source() + " replaces it", () -> {
            if (number == mine) {
                place.instance().cloneFrom(order.source(), mine, anotherIsEligible(), outcome -> ended(mine, outcome));
            }
        });
    }

    private void ended(long mine, Instance.Outcome outcome) {
        if (number != mine) {
            return; // a newer order replaced it
        }
        number = 0;
        if (outcome.succeeded()) {
            place.memory().cloned(mine);
            told = mine;
            tell(mine, CloneOutcome.DONE, "");
        } else {
            failed = mine;
            pace.failed();
            tell(mine, outcome.refused() ? CloneOutcome.REFUSED : CloneOutcome.FAILED, outcome.failure());
        }
    }

    private void tell(long mine, CloneOutcome outcome, String detail) {
        place.note("clone " + mine + " " + outcome + (detail.isEmpty() ? "" : ": " + detail));
        place.send(new RecoveryCommand.ReportClone(place.host(), mine, outcome, detail));
    }
}
