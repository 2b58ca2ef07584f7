package dev.holdfast.dashboard;

import dev.holdfast.projection.Sessions;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Sessions in Redis, through Sentinel. */
final class RedisSessions implements SessionStore {

    private final Sessions sessions;

    RedisSessions(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public void put(String id, Session session, Duration timeToLive) {
        Map<String, String> fields = Map.of(
                "user", session.user(),
                "role", session.role().name(),
                "csrf", session.csrf(),
                "expiresMillis", Long.toString(session.expiresMillis()),
                "userStamp", session.userStamp());
        ask(() -> {
            sessions.put(id, fields, timeToLive);
            return true;
        });
    }

    @Override
    public Optional<Session> get(String id) {
        return ask(() -> sessions.find(id)).map(RedisSessions::session);
    }

    private static Session session(Map<String, String> fields) {
        return new Session(
                field(fields, "user"),
                Role.valueOf(field(fields, "role")),
                field(fields, "csrf"),
                Long.parseLong(field(fields, "expiresMillis")),
                fields.getOrDefault("userStamp", "")); // an older release wrote none
    }

    private static String field(Map<String, String> fields, String name) {
        return Objects.requireNonNull(fields.get(name), () -> "a session in Redis has no field '" + name + "'");
    }

    @Override
    public void remove(String id) {
        ask(() -> {
            sessions.delete(id);
            return true;
        });
    }

    @Override
    public void ping() {
        ask(() -> {
            sessions.ping();
            return true;
        });
    }

    private static <T> T ask(Supplier<T> question) {
        try {
            return question.get();
        } catch (Sessions.Unavailable unavailable) {
            throw new Down(String.valueOf(unavailable.getMessage()), unavailable);
        }
    }

    @Override
    public void close() {
        sessions.close();
    }
}
