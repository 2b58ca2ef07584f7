package dev.holdfast.bench;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Submits orders to one log, as fast as answers come or at a given pace. The same orders go to engine and echo. */
final class IntentLoad {

    /** Orders unanswered at any time: enough to keep all busy, few enough that none waits for long. */
    private static final int WINDOW = 512;

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final long LOOK_NANOS = 1_000_000;

    private final BenchCluster cluster;
    private final Log log;
    private long orders;

    IntentLoad(BenchCluster cluster) {
        this.cluster = cluster;
        this.log = cluster.log();
    }

    /** As fast as answers come, until so many have come. */
    void warmUp(int intents) {
        Burst burst = new Burst();
        burst.begin();
        burst.awaitAnswered(intents);
        burst.end();
    }

    /** Each answer lets the next order go. The first part of the time does not count. */
    double perSecond(Duration warmUp, Duration measured) throws InterruptedException {
        Burst burst = new Burst();
        burst.begin();
        TimeUnit.NANOSECONDS.sleep(warmUp.toNanos());
        long answeredBefore = burst.answered;
        long beganNanos = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(measured.toNanos());
        long answered = burst.answered - answeredBefore;
        long tookNanos = System.nanoTime() - beganNanos;
        burst.end();
        return answered * 1e9 / tookNanos;
    }

    /** From the moment each order was due, so that one that is late delays no clock; in milliseconds. */
    Samples latencies(int perSecond, Duration measured) throws InterruptedException {
        int count = Math.max(1, (int) (perSecond * measured.toMillis() / 1_000));
        long stepNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        double[] millis = new double[count];
        CountDownLatch open = new CountDownLatch(count);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        long beganNanos = System.nanoTime();
        for (int index = 0; index < count; index++) {
            long dueNanos = beganNanos + index * stepNanos;
            for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            int slot = index;
            var _ = log.submit(next()).whenComplete((reply, problem) -> {
                millis[slot] = (System.nanoTime() - dueNanos) / 1e6;
                failure.compareAndSet(null, problem(reply, problem));
                open.countDown();
            });
        }
        if (!open.await(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw unanswered(open.getCount());
        }
        raise(failure.get());
        return Samples.of(Arrays.copyOf(millis, count));
    }

    private Command next() {
        return EnginePreparation.order(orders++);
    }

    private static @Nullable Throwable problem(@Nullable Reply reply, @Nullable Throwable problem) {
        if (problem != null || reply == null) {
            return problem;
        }
        return reply.accepted()
                ? null
                : new BenchFailure("an order was answered " + reply.code() + ": " + reply.text());
    }

    private BenchFailure unanswered(long count) {
        return new BenchFailure(count + " orders were not answered within " + ANSWER_LIMIT.toSeconds()
                + " s; the members' last words: " + cluster.complaint());
    }

    private static void raise(@Nullable Throwable failure) {
        if (failure != null) {
            throw new BenchFailure("the load broke off: " + failure.getMessage(), failure);
        }
    }

    /** One time of full load. Answers come on the connection's thread, which alone submits and counts after the beginning. */
    private final class Burst {
        private final AtomicInteger unanswered = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private volatile boolean ending;
        private volatile long answered;

        void begin() {
            for (int index = 0; index < WINDOW; index++) {
                submit();
            }
        }

        private synchronized void submit() {
            unanswered.incrementAndGet();
            var _ = log.submit(next()).whenComplete(this::onAnswer);
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // the connection's thread alone writes
        private void onAnswer(@Nullable Reply reply, @Nullable Throwable problem) {
            Throwable found = problem(reply, problem);
            if (found != null) {
                failure.compareAndSet(null, found);
                ending = true;
            } else {
                answered++;
            }
            if (!ending) {
                submit();
            }
            unanswered.decrementAndGet();
        }

        void awaitAnswered(long count) {
            long seen = -1;
            long deadlineNanos = 0;
            while (!ending && answered < count) {
                if (answered != seen) {
                    seen = answered;
                    deadlineNanos = System.nanoTime() + ANSWER_LIMIT.toNanos();
                } else if (System.nanoTime() - deadlineNanos > 0) {
                    throw unanswered(unanswered.get());
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }

        void end() {
            ending = true;
            long deadlineNanos = System.nanoTime() + ANSWER_LIMIT.toNanos();
            while (unanswered.get() > 0) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw unanswered(unanswered.get());
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
            raise(failure.get());
        }
    }
}
