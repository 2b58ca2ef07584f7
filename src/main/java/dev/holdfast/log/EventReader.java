package dev.holdfast.log;

import java.time.Duration;

/**
 * A reader of the event stream, used by one thread. It survives the loss of the member it reads from by changing to
 * another, and resumes by sequence. Each frame's chain hash is checked.
 */
public interface EventReader<E> extends AutoCloseable {

    /**
     * Delivers what is there, at most {@code limit} events; waits up to {@code timeout} when nothing is.
     *
     * @return the number delivered
     */
    int poll(EventListener<E> listener, int limit, Duration timeout);

    /** The last sequence delivered. */
    long sequence();

    @Override
    void close();
}
