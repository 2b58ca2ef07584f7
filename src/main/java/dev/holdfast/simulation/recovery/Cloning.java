package dev.holdfast.simulation.recovery;

import dev.holdfast.protocol.CloneOutcome;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaState;

/** What an agent does about an ordered clone. */
final class Cloning {

    private static final double BREAKS_OFF = 0.1;

    private final Place place;
    private final Host host;
    private long number;
    private long told;
    private long failed;

    Cloning(Place place) {
        this.place = place;
        this.host = place.host();
    }

    boolean isUnderWay() {
        return number != 0;
    }

    /** @return whether the copy here is being replaced */
    boolean step(RecoveryEvent.ReplicaChanged decided) {
        if (decided.state() != ReplicaState.REBUILDING) {
            return false;
        }
        if (decided.cloneNumber() == host.clonedNumber) {
            if (told != host.clonedNumber) {
                finished(host.clonedNumber, CloneOutcome.DONE, "done by an earlier start of the agent");
            }
            return false;
        }
        if (decided.cloneNumber() > Math.max(Math.max(number, failed), host.clonedNumber)) {
            begin(decided);
        }
        return true;
    }

    private void begin(RecoveryEvent.ReplicaChanged order) {
        long mine = order.cloneNumber();
        number = mine;
        host.instance.killAll(false);
        host.instance.hasData = false;
        place.send(new RecoveryCommand.ReportClone(host.name, mine, CloneOutcome.BEGUN, order.source()));
        place.after(place.dice().millis(800, 3_000), () -> {
            if (number == mine) {
                end(mine, place.hosts().apply(order.source()));
            }
        });
    }

    private void end(long mine, Host source) {
        boolean whole = source.instance.isPrimary()
                && source.instance.backends.runs()
                && place.links().connects(host.name, source.name)
                && !place.dice().chance(BREAKS_OFF);
        if (whole) {
            host.instance.cloneFrom(source.instance);
            host.mustClone = false;
            host.clonedNumber = mine;
            finished(mine, CloneOutcome.DONE, "");
        } else {
            finished(mine, CloneOutcome.FAILED, "the connection to " + source.name + " broke off");
        }
    }

    private void finished(long mine, CloneOutcome outcome, String detail) {
        if (outcome == CloneOutcome.DONE) {
            told = mine;
        } else {
            failed = mine;
        }
        number = 0;
        place.send(new RecoveryCommand.ReportClone(host.name, mine, outcome, detail));
    }
}
