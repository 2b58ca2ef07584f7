package dev.holdfast.recovery;

import dev.holdfast.protocol.PromotionMode;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaState;
import dev.holdfast.protocol.RequestStep;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Whom to appoint when there is no primary. */
final class Candidates {

    /** Whoever was seen as a standby this lately can be appointed. */
    static final long FRESH_NANOS = 1_500_000_000L;

    /** Appointments of one host, in one outage, that ended before it was primary; then it waits for the patience to end. */
    static final int MAX_ATTEMPTS = 3;

    /** A person's wish is dropped when its target has not been there for this long. */
    static final long WISH_NANOS = 10_000_000_000L;

    private final State state;
    private final Primaries primaries;

    Candidates(State state, Primaries primaries) {
        this.state = state;
        this.primaries = primaries;
    }

    /** In LOST: appoints whoever may be, a person's choice first. */
    void choose(Decision decision) {
        if (state.failover.step() == RequestStep.ACCEPTED) {
            wished(decision);
            return;
        }
        if (!state.automatic()) {
            return;
        }
        String lost = state.lease.host();
        if (state.eligible.eligible() && mayTry(state.eligible.standby())) {
            String standby = state.eligible.standby();
            boolean planned = state.switchover.step() == RequestStep.STOPPING
                    && state.switchover.to().equals(standby);
            primaries.appoint(
                    standby,
                    planned ? PromotionMode.PLANNED : PromotionMode.SAFE,
                    standby + " is eligible: it holds every row that " + lost + " acknowledged under term "
                            + state.lease.term(),
                    decision);
        } else if (endedComplete() && mayTry(lost)) {
            primaries.appoint(
                    lost,
                    PromotionMode.SAME_HOST,
                    "no standby can be had, and " + lost + ", which ended, holds every row that it acknowledged",
                    decision);
        } else if (state.elapsed - state.outageNanos > state.settings().patienceMillis() * 1_000_000L) {
            Copies.Copy best = best();
            if (best != null) {
                primaries.appoint(
                        best.host,
                        PromotionMode.BEST_COPY,
                        "nobody eligible was there for " + (state.elapsed - state.outageNanos) / 1_000_000 + " ms; "
                                + best.host + "'s copy is the furthest, at " + best.flushedLsn() + " on timeline "
                                + best.timeline() + "; rows behind that are missing until written again from the log",
                        decision);
            }
        }
    }

    private void wished(Decision decision) {
        RecoveryEvent.FailoverChanged wish = state.failover;
        String target = wish.to().isEmpty() ? unnamed(wish.acceptLoss()) : wish.to();
        if (!target.isEmpty() && state.copy(target).attempts >= MAX_ATTEMPTS) {
            drop(wish, target + " was tried " + MAX_ATTEMPTS + " times in vain", decision);
        } else if (target.isEmpty() || !isThere(state.copy(target))) {
            if (state.elapsed - state.requestNanos > WISH_NANOS) {
                drop(wish, "its target was not there for " + WISH_NANOS / 1_000_000_000 + " s", decision);
            }
        } else if (losesNothing(target)) {
            primaries.appoint(
                    target,
                    state.isEligible(target) ? PromotionMode.PLANNED : PromotionMode.SAME_HOST,
                    wish.user() + " wanted it (" + wish.reason() + ") and no row is missing there",
                    decision);
        } else if (wish.acceptLoss()) {
            primaries.appoint(
                    target,
                    PromotionMode.ACCEPTED_LOSS,
                    wish.user() + " wanted it and accepted the loss of rows: " + wish.reason(),
                    decision);
        } else {
            drop(wish, target + " could have lost rows by now, and that was not accepted", decision);
        }
    }

    private static void drop(RecoveryEvent.FailoverChanged wish, String reason, Decision decision) {
        decision.emit(new RecoveryEvent.FailoverChanged(
                RequestStep.DROPPED, wish.from(), wish.to(), wish.acceptLoss(), wish.term(), wish.user(), reason));
    }

    private String unnamed(boolean acceptLoss) {
        if (state.eligible.eligible() && isThere(state.copy(state.eligible.standby()))) {
            return state.eligible.standby();
        }
        if (endedComplete() && isThere(state.copy(state.lease.host()))) {
            return state.lease.host();
        }
        Copies.Copy best = acceptLoss ? best() : null;
        return best == null ? "" : best.host;
    }

    /** Whether this host, appointed now, certainly has every acknowledged row. */
    boolean losesNothing(String host) {
        return state.isEligible(host) || (endedComplete() && state.lease.host().equals(host));
    }

    /**
     * Whether the last holder is known to have ended and has all that there was: not one that was appointed in spite of what it
     * lacked and never came into service.
     */
    private boolean endedComplete() {
        boolean served = state.routed.term() == state.lease.term();
        return state.fenced && (served || state.promotion.mode().complete());
    }

    boolean isThere(Copies.Copy copy) {
        return copy.isStandby()
                && state.elapsed - copy.seenNanos < FRESH_NANOS
                && copy.state() != ReplicaState.REBUILDING;
    }

    private boolean mayTry(String host) {
        Copies.Copy copy = state.copy(host);
        return isThere(copy) && copy.attempts < MAX_ATTEMPTS;
    }

    /** A sound copy, and of those the furthest: highest timeline, then most WAL flushed; of equals the first by name. */
    private Copies.@Nullable Copy best() {
        return state.copies.all().stream()
                .filter(this::isThere)
                .max(Comparator.comparingInt((Copies.Copy copy) -> copy.damaged() ? 0 : 1)
                        .thenComparingInt(Copies.Copy::timeline)
                        .thenComparingLong(Copies.Copy::flushedLsn)
                        .thenComparing(copy -> copy.host, Comparator.reverseOrder()))
                .orElse(null);
    }
}
