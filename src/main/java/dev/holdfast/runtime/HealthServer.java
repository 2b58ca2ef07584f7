package dev.holdfast.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

    /** Longest time for a request with its body, and for its answer. A slower client is cut off. */
    private static final int LIMIT_SECONDS = 10;

    private static final int MAX_CONNECTIONS = 256;
    private static final int MAX_HEADER_BYTES = 16 * 1024;

    static {
        // The JDK's server reads its limits once, from properties; without them a request may take for ever.
        System.setProperty("sun.net.httpserver.maxReqTime", Integer.toString(LIMIT_SECONDS));
        System.setProperty("sun.net.httpserver.maxRspTime", Integer.toString(LIMIT_SECONDS));
        System.setProperty("sun.net.httpserver.maxReqHeaderSize", Integer.toString(MAX_HEADER_BYTES));
        System.setProperty("jdk.httpserver.maxConnections", Integer.toString(MAX_CONNECTIONS));
    }

    private final HttpServer server;
    private final HostHeader names;
    private final Map<String, HttpHandler> routes = new ConcurrentHashMap<>();
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
        this.names = new HostHeader(List.of(address));
        server.setExecutor(threads);
        server.createContext("/", this::dispatch);
        question("/health", exchange -> answerHealth(exchange, health.get()));
        question(
                "/metrics",
                exchange -> answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape()));
    }

    /** Adds a handler for exactly this path. What it throws is logged and answered with 500. */
    public HealthServer route(String path, HttpHandler handler) {
        routes.put(path, handler);
        return this;
    }

    /** Adds a handler that only answers: any method but GET is refused. */
    public HealthServer question(String path, HttpHandler handler) {
        return route(path, exchange -> {
            if (method(exchange, "GET")) {
                handler.handle(exchange);
            }
        });
    }

    private void dispatch(HttpExchange exchange) throws IOException {
        try (exchange) {
            String fault = nameFault(exchange);
            HttpHandler handler = routes.get(exchange.getRequestURI().getPath());
            if (!fault.isEmpty()) {
                answerJson(exchange, 421, Map.of("error", fault));
            } else if (handler == null) {
                answerJson(exchange, 404, Map.of("error", "there is nothing under this path"));
            } else {
                handle(exchange, handler);
            }
        }
    }

    private String nameFault(HttpExchange exchange) {
        List<String> given = exchange.getRequestHeaders().getOrDefault("Host", List.of());
        return given.size() > 1
                ? "the header Host is given " + given.size() + " times"
                : names.fault(given.isEmpty() ? null : given.getFirst());
    }

    private static void handle(HttpExchange exchange, HttpHandler handler) throws IOException {
        try {
            handler.handle(exchange);
        } catch (RuntimeException fault) {
            LOG.warn("request failed path={}", exchange.getRequestURI().getPath(), fault);
            if (exchange.getResponseCode() == -1) {
                answerJson(exchange, 500, Map.of("error", "the request failed; the log of this process says why"));
            }
        }
    }

    /** Answers at {@link Loop#PATH} whether these loops turn, which may be others at each question. */
    public HealthServer loops(Supplier<List<Loop>> loops) {
        return route(Loop.PATH, exchange -> answerHealth(exchange, Loop.health(loops.get())));
    }

    public void start() {
        server.start();
    }

    /** Whether the request is of this method; otherwise it is answered with 405. */
    public static boolean method(HttpExchange exchange, String expected) throws IOException {
        if (exchange.getRequestMethod().equals(expected)) {
            return true;
        }
        exchange.getResponseHeaders().set("Allow", expected);
        answerJson(exchange, 405, Map.of("error", "expected " + expected));
        return false;
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
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
