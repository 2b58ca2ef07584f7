package dev.holdfast.broker;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * When to read what of the book: all of it regularly and when something is uncertain, single orders when told that they
 * changed. Hints come from any thread; one thread waits and reads. Times are monotonic nanoseconds.
 */
final class ReadSchedule {

    static final Duration BETWEEN_BOOKS = Duration.ofSeconds(5);
    static final Duration BETWEEN_BOOKS_UNSETTLED = Duration.ofSeconds(2);

    /** Often enough that the read at a hand-over finds little that is new. */
    static final Duration BETWEEN_BOOKS_STANDING_BY = Duration.ofSeconds(5);

    /** Reading the book may use at most a tenth of the time, however long it has grown. */
    static final int REST_PER_READ_TIME = 9;

    /** A read can also be long because the log was away, and that says nothing about the book. */
    static final Duration LONGEST_REST = Duration.ofSeconds(10);

    private final Duration least;
    private final int mostOrders;

    private final Set<String> changedOrders = new LinkedHashSet<>();
    private boolean bookWanted = true;
    private boolean urgent;
    private boolean everEnded;
    private long endedNanos;
    private long bookDueNanos;
    private long earliestBookNanos;
    private long earliestOrdersNanos;

    /**
     * @param least between two reads of any kind
     * @param mostOrders that are read one by one; more are cheaper to read as a book
     */
    ReadSchedule(Duration least, int mostOrders, long nowNanos) {
        this.least = least;
        this.mostOrders = mostOrders;
        this.bookDueNanos = nowNanos;
        this.earliestBookNanos = nowNanos;
        this.earliestOrdersNanos = nowNanos;
    }

    /** What is to be read now. */
    enum Due {
        NOTHING,
        ORDERS,
        BOOK
    }

    /** @param brokerOrderId of the order that changed, empty when unknown */
    synchronized void hint(String brokerOrderId) {
        if (brokerOrderId.isEmpty() || (changedOrders.size() >= mostOrders && !changedOrders.contains(brokerOrderId))) {
            bookWanted = true;
        } else {
            changedOrders.add(brokerOrderId);
        }
        notifyAll();
    }

    /** Trading waits for a read: the book is due as soon as the least pause allows, whatever its last reading cost. */
    synchronized void urgent(long nowNanos) {
        long soonest = everEnded ? Math.max(nowNanos, endedNanos + least.toNanos()) : nowNanos;
        bookDueNanos = bookDueNanos - soonest < 0 ? bookDueNanos : soonest;
        urgent = true;
        notifyAll();
    }

    synchronized Due due(long nowNanos) {
        if (bookDueNanos - nowNanos <= 0 || (bookWanted && earliestBookNanos - nowNanos <= 0)) {
            return Due.BOOK;
        }
        return !changedOrders.isEmpty() && earliestOrdersNanos - nowNanos <= 0 ? Due.ORDERS : Due.NOTHING;
    }

    /** Waits until something is due. */
    synchronized void awaitDue(LongSupplier monotonicNanos) throws InterruptedException {
        long left = waitNanos(monotonicNanos.getAsLong());
        while (left > 0) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
            left = waitNanos(monotonicNanos.getAsLong());
        }
    }

    /** How long nothing is due unless a hint comes; 0 or less when something is. */
    synchronized long waitNanos(long nowNanos) {
        long left = bookDueNanos - nowNanos;
        if (bookWanted) {
            left = Math.min(left, earliestBookNanos - nowNanos);
        }
        return changedOrders.isEmpty() ? left : Math.min(left, earliestOrdersNanos - nowNanos);
    }

    /** The book is about to be read: hints up to now are answered by it, later ones ask for another read. */
    synchronized void bookBegins() {
        bookWanted = false;
        urgent = false;
        changedOrders.clear();
    }

    synchronized Set<String> takeChangedOrders() {
        Set<String> taken = new LinkedHashSet<>(changedOrders);
        changedOrders.clear();
        return taken;
    }

    /** @param next from this read's end to the next one's beginning, at least what reading may cost */
    synchronized void bookEnded(long beganNanos, long endedNanos, Duration next) {
        this.endedNanos = endedNanos;
        everEnded = true;
        long rest = Math.min(LONGEST_REST.toNanos(), (endedNanos - beganNanos) * REST_PER_READ_TIME);
        rest = Math.max(least.toNanos(), rest);
        earliestBookNanos = endedNanos + rest;
        earliestOrdersNanos = endedNanos + least.toNanos();
        // What became urgent while this read was under way is not answered by it.
        bookDueNanos = endedNanos + (urgent ? least.toNanos() : Math.max(rest, next.toNanos()));
    }

    /** @param whole false asks for the book, because some order was not shown */
    synchronized void ordersEnded(long endedNanos, boolean whole) {
        earliestOrdersNanos = endedNanos + least.toNanos();
        bookWanted |= !whole;
    }

    /** Nothing could be read: hints wait too. */
    synchronized void failed(long nowNanos, Duration wait) {
        long next = nowNanos + wait.toNanos();
        bookDueNanos = next;
        earliestBookNanos = next;
        earliestOrdersNanos = next;
    }
}
