package dev.holdfast.log;

import dev.holdfast.protocol.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * One edge's connection to a replicated log. Thread-safe. It reconnects by itself.
 *
 * @param <C> the commands that its machine takes
 * @param <E> the events that it gives
 */
public interface ReplicatedLog<C, E> extends AutoCloseable {

    /** Most commands submitted and not yet answered. */
    int MAX_OUTSTANDING = 4_096;

    /**
     * Submits a command reliably: applied exactly once and in the order of submission, also across a new leader.
     *
     * @return the machine's reply; completes exceptionally with {@link LogUnavailable} when too many are outstanding or this
     *     connection is closed
     */
    CompletableFuture<Reply> submit(C command);

    /** Submits, and waits for the reply. */
    Reply submitAndWait(C command, Duration timeout) throws LogUnavailable;

    /**
     * Offers a command that only matters now, on a session of its own: no resend, no reply, never in the way of
     * {@link #submit}.
     *
     * @return false when it was dropped because the log cannot take it now
     */
    boolean offer(C command);

    /** Offers will come: the first one is to find its session open. */
    default void expectOffers() {}

    /**
     * Opens a reader of the event stream.
     *
     * @param afterSequence the reader's first event is the next one; 0 for the first ever
     */
    EventReader<E> readAfter(long afterSequence);

    /**
     * Opens a reader that reads from two members at once; the first copy of each event wins. For what must not wait until the
     * silence of a dead member is noticed.
     */
    default EventReader<E> readFromTwoAfter(long afterSequence) {
        return readAfter(afterSequence);
    }

    /** Who leads, as far as this connection knows. */
    LogStatus status();

    @Override
    void close();
}
