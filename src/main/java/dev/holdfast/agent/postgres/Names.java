package dev.holdfast.agent.postgres;

import dev.holdfast.agent.postgres.Instance.Standby;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import java.util.List;

/**
 * Carries out whom the primary of one term waits for. A standby is confirmed in this order: it is sync and every other one is
 * async; then a marker row is committed; then the standby has flushed it.
 */
final class Names {

    private static final long LOOK_AGAIN_NANOS = 25_000_000L;

    /** Until another order comes, somebody may change it again. */
    private static final long PUT_RIGHT_NANOS = 100_000_000L;

    private final Place place;
    private final long term;
    private long number;
    private boolean over;

    /** Whether the order was seen in force; what is not any more was changed by somebody else. */
    private boolean inForce;

    /** The order that nothing is confirmed for any more. */
    private long withdrawn;

    private long putRightNanos = Long.MIN_VALUE / 2;

    Names(Place place, long term) {
        this.place = place;
        this.term = term;
    }

    /** Nothing is confirmed any more. */
    void end() {
        over = true;
    }

    void step() {
        RecoveryEvent.NamesOrdered order = place.view().names();
        boolean mine = order.host().equals(place.host()) && order.term() == term;
        if (!mine || !place.instance().sight().answers()) {
            return;
        }
        if (order.number() == number) {
            lookAgain(place.instance().sight());
            return;
        }
        number = order.number();
        inForce = false;
        if (place.instance().sight().namesNumber() < order.number()) {
            place.instance().setNames(order.standbyNames(), order.number());
        }
        confirm(order);
    }

    /** First it is told that the standby may lack rows, so that it is not promoted; what was changed is put right at the same time. */
    private void lookAgain(Instance.Sight sight) {
        if (sight.namesNumber() == number) {
            inForce = true;
            return;
        }
        if (!inForce || !place.rules().looksAgain() || place.now() - putRightNanos < PUT_RIGHT_NANOS) {
            return;
        }
        putRightNanos = place.now();
        if (withdrawn != number) {
            withdrawn = number;
            String why = "what was confirmed is not in force any more: " + sight.trouble();
            place.note(why);
            place.send(new RecoveryCommand.WithdrawNames(place.host(), term, number, why));
        }
        place.instance().putRight();
    }

    private void confirm(RecoveryEvent.NamesOrdered order) {
        if (isReplaced(order)) {
            return;
        }
        if (place.instance().sight().namesNumber() < order.number()) {
            place.after(LOOK_AGAIN_NANOS, () -> confirm(order));
        } else if (order.standby().isEmpty()) {
            place.send(new RecoveryCommand.ConfirmNames(place.host(), term, order.number(), 0));
        } else {
            place.instance().standbys(standbys -> mark(order, standbys));
        }
    }

    private void mark(RecoveryEvent.NamesOrdered order, List<Standby> standbys) {
        if (isReplaced(order)) {
            return;
        }
        if (place.rules().maySayConfirmed(standbys, order.standby())) {
            // The marker row waits for the standby like any other commit.
            place.instance().marker(lsn -> awaitMarker(order, lsn));
        } else {
            place.after(LOOK_AGAIN_NANOS, () -> confirm(order));
        }
    }

    private void awaitMarker(RecoveryEvent.NamesOrdered order, long markerLsn) {
        if (!isReplaced(order)) {
            place.instance().standbys(standbys -> flushed(order, markerLsn, standbys));
        }
    }

    private void flushed(RecoveryEvent.NamesOrdered order, long markerLsn, List<Standby> standbys) {
        if (isReplaced(order)) {
            return;
        }
        boolean there = standbys.stream()
                .anyMatch(each -> each.host().equals(order.standby()) && each.flushedLsn() >= markerLsn);
        if (there && place.rules().maySayConfirmed(standbys, order.standby())) {
            place.send(new RecoveryCommand.ConfirmNames(place.host(), term, order.number(), markerLsn));
        } else {
            place.after(LOOK_AGAIN_NANOS, () -> awaitMarker(order, markerLsn));
        }
    }

    private boolean isReplaced(RecoveryEvent.NamesOrdered order) {
        return over || number != order.number() || withdrawn == order.number();
    }
}
