package dev.holdfast.broker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.holdfast.runtime.HealthServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Hears from another host's agent that its gateway's process has ended: {@code POST ?session=N} with the agents' secret. */
final class SessionEnded implements HttpHandler {

    private static final String PARAMETER = "session=";

    private final byte[] expected;
    private final LongConsumer ended;

    SessionEnded(String secret, LongConsumer ended) {
        this.expected = ("Bearer " + secret).getBytes(StandardCharsets.UTF_8);
        this.ended = ended;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String given = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        if (!MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected)) {
            HealthServer.answerJson(exchange, 401, Map.of("error", "needs the agents' secret as a bearer token"));
        } else if (HealthServer.method(exchange, "POST")) {
            handle(exchange, query);
        }
    }

    private void handle(HttpExchange exchange, String query) throws IOException {
        long session = query.matches(PARAMETER + "[0-9]+") ? number(query.substring(PARAMETER.length())) : 0;
        if (session <= 0) {
            HealthServer.answerJson(
                    exchange,
                    400,
                    Map.of("error", "expected session=NUMBER, from 1 to " + Long.MAX_VALUE + ", not '" + query + "'"));
        } else {
            ended.accept(session);
            HealthServer.answerJson(exchange, 202, Map.of());
        }
    }

    /** The number that the digits make; 0 if it is too large. */
    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            return 0;
        }
    }
}
