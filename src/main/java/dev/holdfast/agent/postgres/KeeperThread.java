package dev.holdfast.agent.postgres;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of a keeper. What fails on it is told once a minute and done again at the next step: its lease goes on running out. */
final class KeeperThread implements Timer, Executor, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(KeeperThread.class);
    private static final long TELL_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long CLOSE_SECONDS = 2;

    private final ScheduledThreadPoolExecutor executor;
    private final BootClock clock;
    private long failures;
    private long toldNanos = System.nanoTime() - TELL_NANOS;

    KeeperThread(String host) throws IOException {
        this.clock = BootClock.open();
        this.executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("postgres-" + host).factory());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public long now() {
        return clock.nanos();
    }

    @Override
    public void after(long nanos, Runnable action) {
        try {
            var _ = executor.schedule(guarded(action), Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            LOGGER.debug("not done any more, the keeper has ended");
        }
    }

    @Override
    public void execute(Runnable action) {
        after(0, action);
    }

    private Runnable guarded(Runnable action) {
        return () -> {
            try {
                action.run();
            } catch (RuntimeException failure) {
                failures++;
                if (System.nanoTime() - toldNanos >= TELL_NANOS) {
                    toldNanos = System.nanoTime();
                    LOGGER.error("a step of the PostgreSQL keeper failed times={}", failures, failure);
                    failures = 0;
                }
            }
        };
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            boolean _ = executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            clock.close();
        } catch (IOException unclosed) {
            LOGGER.debug("the clock was not closed", unclosed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
