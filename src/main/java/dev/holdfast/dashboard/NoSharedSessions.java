package dev.holdfast.dashboard;

import java.time.Duration;
import java.util.Optional;

/** A store that is always down: sessions live in this process alone. */
final class NoSharedSessions implements SessionStore {

    private static Down down() {
        return new Down(
                "sessions are kept by this process alone", new UnsupportedOperationException("no shared store"));
    }

    @Override
    public void put(String id, Session session, Duration timeToLive) {
        throw down();
    }

    @Override
    public Optional<Session> get(String id) {
        throw down();
    }

    @Override
    public void remove(String id) {
        throw down();
    }

    @Override
    public void ping() {
        throw down();
    }

    @Override
    public void close() {}
}
