package dev.holdfast.dashboard;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A session store in memory that can be taken down. */
final class FakeSessions implements SessionStore {

    final Map<String, Session> sessions = new ConcurrentHashMap<>();
    volatile boolean down;

    private void requireUp() {
        if (down) {
            throw new Down("the fake session store is down", new IllegalStateException("down"));
        }
    }

    @Override
    public void put(String id, Session session, Duration timeToLive) {
        requireUp();
        sessions.put(id, session);
    }

    @Override
    public Optional<Session> get(String id) {
        requireUp();
        return Optional.ofNullable(sessions.get(id));
    }

    @Override
    public void remove(String id) {
        requireUp();
        sessions.remove(id);
    }

    @Override
    public void ping() {
        requireUp();
    }

    @Override
    public void close() {}
}
