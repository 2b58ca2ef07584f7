package dev.holdfast.drill;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sends empty commands through the log at a steady rate and remembers when each was answered: how long the log alone is away. */
final class Pinger implements AutoCloseable {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** A little over two minutes. */
    private static final int KEPT = 13_000;

    /** Fewer than the log takes: a long outage must not make it refuse those of others. */
    private static final int MOST_UNANSWERED = 1_000;

    private final Log log;
    private final Deque<Ping> answered = new ArrayDeque<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("drill-ping").unstarted(this::run);
    private int unanswered;
    private volatile boolean closed;

    private record Ping(long submittedNanos, long answeredNanos) {}

    Pinger(Log log) {
        this.log = log;
    }

    void start() {
        thread.start();
    }

    /** When the first ping was answered that was submitted after this instant; 0 when none was yet. */
    synchronized long firstAnswerAfter(long nanos) {
        return answered.stream()
                .filter(ping -> ping.submittedNanos() > nanos)
                .mapToLong(Ping::answeredNanos)
                .min()
                .orElse(0);
    }

    private void run() {
        while (!closed) {
            if (mayAsk()) {
                long submitted = Wall.nanos();
                var _ = log.submit(new Command.Probe())
                        .whenComplete((_, failure) -> answered(submitted, failure == null));
            }
            LockSupport.parkNanos(INTERVAL_NANOS);
        }
    }

    private synchronized boolean mayAsk() {
        if (unanswered >= MOST_UNANSWERED) {
            return false;
        }
        unanswered++;
        return true;
    }

    private synchronized void answered(long submittedNanos, boolean well) {
        unanswered--;
        if (well) {
            answered.addLast(new Ping(submittedNanos, Wall.nanos()));
            if (answered.size() > KEPT) {
                answered.removeFirst();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
