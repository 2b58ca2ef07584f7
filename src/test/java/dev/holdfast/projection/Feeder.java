package dev.holdfast.projection;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Trades in the background until it is closed, so that a test never finds the log at rest. */
final class Feeder implements AutoCloseable {

    private static final long MOST_EVENTS = 200_000;
    private static final long PAUSE_NANOS = 2_000_000;

    private final FakeLog log;
    private final SeededTrading trading;
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final Thread thread;

    private Feeder(FakeLog log, SeededTrading trading) {
        this.log = log;
        this.trading = trading;
        this.thread = Thread.ofPlatform().unstarted(this::run);
    }

    static Feeder start(FakeLog log, SeededTrading trading) {
        Feeder feeder = new Feeder(log, trading);
        feeder.thread.start();
        return feeder;
    }

    private void run() {
        while (running.get() && log.last() < MOST_EVENTS) {
            trading.trade();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public void close() {
        running.set(false);
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
