package dev.holdfast.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Lets a long command end in order when a terminal interrupts it: the machine stays up until the command has printed. */
final class Interrupt implements AutoCloseable {

    private static final long LIMIT_SECONDS = 180;

    private final AtomicReference<Runnable> action = new AtomicReference<>(() -> {});
    private final CountDownLatch done = new CountDownLatch(1);

    Interrupt() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::interrupted, "interrupt"));
    }

    void calls(Runnable stop) {
        action.set(stop);
    }

    private void interrupted() {
        action.get().run();
        try {
            // The exit code of a command that ended before is kept: then nobody waits here.
            boolean _ = done.await(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
    }
}
