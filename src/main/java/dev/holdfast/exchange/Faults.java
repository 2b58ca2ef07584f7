package dev.holdfast.exchange;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The faults switched on at present. Each ends by itself, by its count or its time, whichever comes first. */
final class Faults {

    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);
    private static final int MAX_ACTIVE = 100;

    private final LongSupplier wallNanos;
    private final Consumer<LedgerEntry.FaultChanged> witness;
    private final List<Active> active = new ArrayList<>();
    private long lastNumber;

    Faults(LongSupplier wallNanos, Consumer<LedgerEntry.FaultChanged> witness) {
        this.wallNanos = wallNanos;
        this.witness = witness;
    }

    /**
     * An active fault.
     *
     * @param number names it for lifting
     * @param remaining how many it will still take
     * @param millisLeft null if it is bound by its count only
     */
    record View(
            long number,
            FaultKind kind,
            int remaining,
            @org.jspecify.annotations.Nullable Long millisLeft,
            Fault fault) {}

    synchronized long set(Fault fault) {
        expire();
        if (active.size() >= MAX_ACTIVE) {
            throw new IllegalArgumentException(MAX_ACTIVE + " faults are active already; lift some first");
        }
        long until = fault.durationMillis() == 0
                ? Long.MAX_VALUE
                : wallNanos.getAsLong() + fault.durationMillis() * Ist.NANOS_PER_MILLI;
        Active added = new Active(++lastNumber, fault, until);
        // A fault that acts at once is over when it has been recorded.
        if (fault.kind().bound != FaultKind.Bound.AT_ONCE || fault.durationMillis() > 0) {
            active.add(added);
        }
        record(added, "SET");
        return added.number;
    }

    /** Uses one of this kind up, the oldest first. */
    Optional<Fault> take(FaultKind kind) {
        return take(kind, _ -> true);
    }

    /** Uses one of this kind up that meets this target, the oldest first. */
    synchronized Optional<Fault> take(FaultKind kind, Predicate<FaultTarget> meets) {
        expire();
        Optional<Active> found = active.stream()
                .filter(each -> each.fault.kind() == kind && meets.test(each.fault.target()))
                .findFirst();
        found.ifPresent(taken -> {
            if (--taken.remaining == 0) {
                active.remove(taken);
                record(taken, "SPENT");
            }
        });
        return found.map(taken -> taken.fault);
    }

    /** Whether a fault of this kind lasts at present; uses nothing up. */
    Optional<Fault> lasting(FaultKind kind) {
        return all(kind).stream().findFirst();
    }

    /** The faults of this kind that last at present, the oldest first; uses nothing up. */
    synchronized List<Fault> all(FaultKind kind) {
        expire();
        return active.stream()
                .map(candidate -> candidate.fault)
                .filter(fault -> fault.kind() == kind)
                .toList();
    }

    /** @return whether there was such a fault */
    synchronized boolean lift(long number) {
        expire();
        Optional<Active> found =
                active.stream().filter(candidate -> candidate.number == number).findFirst();
        found.ifPresent(lifted -> {
            active.remove(lifted);
            record(lifted, "LIFTED");
        });
        return found.isPresent();
    }

    synchronized int liftAll() {
        expire();
        int lifted = active.size();
        active.forEach(each -> record(each, "LIFTED"));
        active.clear();
        return lifted;
    }

    synchronized List<View> active() {
        expire();
        long now = wallNanos.getAsLong();
        return active.stream()
                .map(each -> new View(
                        each.number,
                        each.fault.kind(),
                        each.remaining,
                        each.untilNanos == Long.MAX_VALUE ? null : (each.untilNanos - now) / Ist.NANOS_PER_MILLI,
                        each.fault))
                .toList();
    }

    private void expire() {
        long now = wallNanos.getAsLong();
        for (Iterator<Active> each = active.iterator(); each.hasNext(); ) {
            Active candidate = each.next();
            if (candidate.untilNanos <= now) {
                each.remove();
                record(candidate, "SPENT");
            }
        }
    }

    private void record(Active changed, String change) {
        LOG.info("fault number={} {} {}", changed.number, change, changed.fault.text());
        witness.accept(
                new LedgerEntry.FaultChanged(changed.number, changed.fault.kind(), change, changed.fault.text()));
    }

    private static final class Active {
        private final long number;
        private final Fault fault;
        private final long untilNanos;
        private int remaining;

        private Active(long number, Fault fault, long untilNanos) {
            this.number = number;
            this.fault = fault;
            this.untilNanos = untilNanos;
            this.remaining = Math.max(1, fault.count());
        }
    }
}
