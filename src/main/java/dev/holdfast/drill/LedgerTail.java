package dev.holdfast.drill;

import dev.holdfast.audit.LedgerWitness;
import dev.holdfast.audit.Witness;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/** The orders of ours that the exchange accepted lately, by its own ledger. Thread-safe. */
final class LedgerTail {

    private static final int KEPT = 20_000;

    private final LongFunction<LedgerWitness.Page> ledger;
    private final Deque<Witness.Accepted> accepted = new ArrayDeque<>();
    private final Deque<Witness.PlaceRequested> asked = new ArrayDeque<>();
    private long through;

    /** @param ledger a page of what follows a line */
    LedgerTail(LongFunction<LedgerWitness.Page> ledger) {
        this.ledger = ledger;
    }

    /** Skips what is there. @throws Witness.WitnessUnavailable if it cannot be read */
    synchronized void skipToEnd() {
        through = ledger.apply(Integer.MAX_VALUE).last();
    }

    /** Reads what is new, one page. @throws Witness.WitnessUnavailable if it cannot be read */
    synchronized void poll() {
        LedgerWitness.Page page = ledger.apply(through);
        through = page.through();
        for (Witness.Entry entry : page.entries()) {
            if (entry instanceof Witness.Accepted order && order.by() == Witness.Hand.OURS) {
                accepted.addLast(order);
            } else if (entry instanceof Witness.PlaceRequested request) {
                asked.addLast(request);
            }
        }
        while (asked.size() > KEPT) {
            asked.removeFirst();
        }
        while (accepted.size() > KEPT) {
            accepted.removeFirst();
        }
    }

    /** When the first order was accepted whose wish was logged after this instant. */
    synchronized OptionalLong firstWishedAfter(long nanos, EventTail events) {
        return accepted.stream()
                .filter(order -> order.atNanos() > nanos)
                .filter(order -> events.wishedNanos(order.tag()).orElse(0) > nanos)
                .mapToLong(Witness.Accepted::atNanos)
                .min();
    }

    /** 0 before the first. */
    synchronized long lastNanos() {
        return accepted.isEmpty() ? 0 : accepted.getLast().atNanos();
    }

    /** How many orders we asked for from one instant to another, whatever became of them. */
    synchronized long askedBetween(long fromNanos, long toNanos) {
        return asked.stream()
                .filter(request -> request.atNanos() >= fromNanos && request.atNanos() <= toNanos)
                .count();
    }

    /** When orders were accepted from one instant to another. */
    synchronized List<Long> between(long fromNanos, long toNanos) {
        return accepted.stream()
                .map(Witness.Accepted::atNanos)
                .filter(at -> at >= fromNanos && at <= toNanos)
                .sorted()
                .toList();
    }
}
