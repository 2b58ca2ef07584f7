package dev.holdfast.dashboard;

import java.time.Duration;
import java.util.Optional;

/** For a system without Redis: a store that is always down, so that sessions live in this process alone. */
final class NoSharedSessions implements SessionStore {

    private static Down down() {
        return new Down(
                "holdfast.yaml has no host with the role sentinel", new UnsupportedOperationException("no Redis"));
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
