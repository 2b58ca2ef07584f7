package dev.holdfast.projection;

import dev.holdfast.log.EventListener;
import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds a projection that keeps no position: from the last checkpoint, and from a newer one after each failure. */
final class CheckpointReader implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(CheckpointReader.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(5);
    private static final int POLL_EVENTS = 1_000;
    private static final long STOP_MILLIS = 3_000;

    /** Used by the reader's thread alone. */
    interface Projection extends EventListener<Event> {

        /** Forget all: a checkpoint follows. */
        void reset();

        /** Called after each poll, so at least once in the poll interval. */
        void afterPoll();
    }

    private final Log log;
    private final Projection projection;
    private final Duration pollInterval;
    private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    private final Thread thread;
    private volatile long sequence;

    CheckpointReader(String name, Log log, Duration pollInterval, Projection projection) {
        this.log = log;
        this.projection = projection;
        this.pollInterval = pollInterval;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            String lastProblem = "";
            while (!backoff.isStopped()) {
                try {
                    read();
                } catch (RuntimeException failure) {
                    // The thread must outlive whatever a reader throws; a new one starts at a checkpoint.
                    String problem = String.valueOf(failure.getMessage());
                    if (!problem.equals(lastProblem)) {
                        LOGGER.warn("{} begins anew at a checkpoint: {}", thread.getName(), problem);
                        lastProblem = problem;
                    }
                }
                backoff.pause();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        Reply reply = log.submitAndWait(new Command.Probe(), PROBE_LIMIT);
        if (!reply.accepted()) {
            throw new IllegalStateException("the log refused a probe: " + reply.code() + " " + reply.text());
        }
        projection.reset();
        try (EventReader<Event> reader = log.readAfter(reply.value() - 1)) {
            while (!backoff.isStopped()) {
                if (reader.poll(projection, POLL_EVENTS, pollInterval) > 0) {
                    backoff.succeeded();
                }
                sequence = reader.sequence();
                // Not while it catches up: the state of minutes ago must not replace that of now.
                if (reader.sequence() >= reply.sequence()) {
                    projection.afterPoll();
                }
            }
        }
    }

    /** Sequence of the newest event that was given to it; 0 before the first. */
    long sequence() {
        return sequence;
    }

    /** Stops after the poll under way; bounded. */
    @Override
    public void close() {
        backoff.stop();
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
