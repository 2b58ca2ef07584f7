package dev.holdfast.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** A process's own small HTTP server: {@code /health} (200 or 503, JSON), {@code /metrics} and routes of the process. */
public final class HealthServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final int BACKLOG = 64;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Binds the port, answers nothing before {@link #start}.
     *
     * @throws UncheckedIOException if the port is taken
     */
    public HealthServer(String address, int port, Metrics metrics, Supplier<Health> health) {
        try {
            this.server = HttpServer.create(new InetSocketAddress(address, port), BACKLOG);
        } catch (IOException taken) {
            throw new UncheckedIOException(
                    "cannot listen on " + address + ":" + port + ": " + taken.getMessage(), taken);
        }
        server.setExecutor(threads);
        route("/health", exchange -> answerHealth(exchange, health.get()));
        route(
                "/metrics",
                exchange -> answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape()));
    }

    /** Adds a handler for this path and what lies below it. What it throws is logged and answered with 500. */
    public HealthServer route(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                handler.handle(exchange);
            } catch (RuntimeException fault) {
                LOG.warn("request failed path={}", exchange.getRequestURI().getPath(), fault);
                answerJson(exchange, 500, Map.of("error", fault.toString()));
            }
        });
        return this;
    }

    public void start() {
        server.start();
    }

    /** Answers with JSON; call once for each exchange. */
    public static void answerJson(HttpExchange exchange, int status, Object document) throws IOException {
        answer(exchange, status, "application/json", JSON.writeValueAsString(document) + "\n");
    }

    /** Answers 200 for healthy, 503 for not, with the reason and the details. */
    public static void answerHealth(HttpExchange exchange, Health health) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("ok", health.healthy());
        document.put("reason", health.reason());
        document.putAll(health.details());
        answerJson(exchange, health.healthy() ? 200 : 503, document);
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
