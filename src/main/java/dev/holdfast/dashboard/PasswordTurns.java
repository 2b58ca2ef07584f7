package dev.holdfast.dashboard;

import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who may have a password checked next. A check takes 19 MiB and a core, so that few run at once and few wait: whoever
 * failed least comes first, among equals who came last. Under a flood the newest gets an answer in time; first come, first
 * served would answer everybody too late. Thread-safe.
 */
final class PasswordTurns {

    static final int PLACES = 2;
    static final int MAX_WAITING = 32;
    static final long MAX_WAIT_MILLIS = 1_500;

    private final TreeSet<Waiting> waiting = new TreeSet<>();
    private int free = PLACES;
    private long arrivals;

    private static final class Waiting implements Comparable<Waiting> {
        private final long failures;
        private final long arrival;
        private final CountDownLatch called = new CountDownLatch(1);
        private boolean admitted;

        private Waiting(long failures, long arrival) {
            this.failures = failures;
            this.arrival = arrival;
        }

        @Override
        public int compareTo(Waiting other) {
            int byFailures = Long.compare(failures, other.failures);
            return byFailures != 0 ? byFailures : Long.compare(other.arrival, arrival);
        }
    }

    /**
     * Waits for a turn, not for long.
     *
     * @param failures of this name and this address lately
     * @return whether there is one; then {@link #leave} must follow
     */
    boolean enter(long failures) throws InterruptedException {
        Waiting me = join(failures);
        try {
            boolean called = me.called.await(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS);
            return called ? me.admitted : giveUp(me);
        } catch (InterruptedException interrupted) {
            if (giveUp(me)) {
                leave();
            }
            throw interrupted;
        }
    }

    private synchronized Waiting join(long failures) {
        Waiting me = new Waiting(failures, arrivals++);
        waiting.add(me);
        callNext();
        if (waiting.size() > MAX_WAITING) {
            waiting.removeLast().called.countDown();
        }
        return me;
    }

    /** @return whether the turn came just before the caller gave up */
    private synchronized boolean giveUp(Waiting me) {
        waiting.remove(me);
        return me.admitted;
    }

    synchronized void leave() {
        free++;
        callNext();
    }

    private void callNext() {
        @Nullable Waiting next = free > 0 ? waiting.pollFirst() : null;
        if (next != null) {
            free--;
            next.admitted = true;
            next.called.countDown();
        }
    }

    synchronized int waiting() {
        return waiting.size();
    }
}
