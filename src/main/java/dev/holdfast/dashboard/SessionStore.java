package dev.holdfast.dashboard;

import java.time.Duration;
import java.util.Optional;

/** Where sessions live, so that another dashboard knows them. Every call may throw {@link Down} after a bounded time. */
interface SessionStore extends AutoCloseable {

    void put(String id, Session session, Duration timeToLive);

    Optional<Session> get(String id);

    void remove(String id);

    /** Asks for a sign of life. */
    void ping();

    @Override
    void close();

    /** The store cannot be reached. */
    final class Down extends RuntimeException {
        Down(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
