package dev.holdfast.drill;

import dev.holdfast.log.EventListener;
import dev.holdfast.log.EventReader;
import dev.holdfast.log.ReplicatedLog;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a log from its last checkpoint on in a thread of its own, whatever happens to its members.
 *
 * @param <C> the log's commands
 * @param <E> the log's events
 */
final class LogFollower<C, E> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int BATCH = 1_024;
    private static final long AFTER_FAILURE_MILLIS = 100;

    private final ReplicatedLog<C, E> log;
    private final C probe;
    private final EventListener<E> listener;
    private final Thread thread;
    private volatile boolean closed;
    private volatile long sequence;
    private volatile long knownFrom;

    /** @param probe answered with the last checkpoint's sequence as its value */
    LogFollower(String name, ReplicatedLog<C, E> log, C probe, EventListener<E> listener) {
        this.log = log;
        this.probe = probe;
        this.listener = listener;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::follow);
    }

    void start() {
        thread.start();
    }

    /** The last one that was heard; 0 before the first. */
    long sequence() {
        return sequence;
    }

    /** Whether all that was true when this began has been heard. */
    boolean knows() {
        return knownFrom > 0 && sequence >= knownFrom;
    }

    private void follow() {
        while (!closed) {
            try (EventReader<E> reader = open()) {
                while (!closed) {
                    reader.poll(this::heard, BATCH, POLL);
                }
            } catch (RuntimeException failure) {
                if (!closed) {
                    LOG.warn(
                            "event reader failed after={} reason=\"{}\"; opening another",
                            sequence,
                            failure.toString());
                    pause();
                }
            }
        }
    }

    private void heard(EventHeader header, E event) {
        listener.onEvent(header, event);
        sequence = header.sequence();
    }

    private EventReader<E> open() {
        if (sequence > 0) {
            return log.readAfter(sequence);
        }
        Reply checkpoint = log.submitAndWait(probe, PROBE_LIMIT);
        knownFrom = checkpoint.sequence();
        return log.readAfter(Math.max(0, checkpoint.value() - 1));
    }

    private void pause() {
        try {
            Thread.sleep(AFTER_FAILURE_MILLIS);
        } catch (InterruptedException stopping) {
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
