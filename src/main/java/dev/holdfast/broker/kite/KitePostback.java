package dev.holdfast.broker.kite;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * {@code POST /postback}: the broker tells that an order changed. It may come late, twice or never, so it is only a hint to
 * read the book.
 */
public final class KitePostback implements HttpHandler {

    private static final int MAX_BYTES = 64 * 1024;

    private final String apiSecret;
    private final Consumer<String> hint;
    private final Counter accepted;
    private final Counter refused;

    /** @param hint given the broker's order id */
    public KitePostback(String apiSecret, Consumer<String> hint, MeterRegistry metrics) {
        this.apiSecret = apiSecret;
        this.hint = hint;
        this.accepted = metrics.counter("holdfast.gateway.postbacks", "result", "accepted");
        this.refused = metrics.counter("holdfast.gateway.postbacks", "result", "refused");
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BYTES + 1);
            boolean genuine = body.length <= MAX_BYTES && offer(new String(body, StandardCharsets.UTF_8));
            (genuine ? accepted : refused).increment();
            exchange.sendResponseHeaders(genuine ? 200 : 403, -1);
        }
    }

    /** True when the checksum proves that the broker sent it. */
    boolean offer(String body) {
        JsonNode row = Json.parse(body).orElse(null);
        if (row == null) {
            return false;
        }
        String orderId = Json.text(row, "order_id");
        String expected = Checksum.sha256Hex(orderId + Json.text(row, "order_timestamp") + apiSecret);
        if (orderId.isEmpty() || !Checksum.matches(expected, Json.text(row, "checksum"))) {
            return false;
        }
        hint.accept(orderId);
        return true;
    }
}
