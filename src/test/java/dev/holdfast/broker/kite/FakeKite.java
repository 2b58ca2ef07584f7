package dev.holdfast.broker.kite;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A tiny HTTP server that speaks as much Kite as a test asks for. */
final class FakeKite implements AutoCloseable {

    static final String ADDRESS = "127.0.33.1";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    final List<Request> requests = new CopyOnWriteArrayList<>();

    record Request(String method, String pathAndQuery, String body, String authorization, String version) {}

    /** What is answered; a negative status breaks the connection after the request was read. */
    record Answer(int status, String body, Map<String, String> headers) {}

    FakeKite() {
        try {
            server = HttpServer.create(new InetSocketAddress(ADDRESS, 0), 16);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String root() {
        return "http://" + ADDRESS + ":" + server.getAddress().getPort();
    }

    FakeKite on(String method, String path, int status, String body) {
        answers.put(method + " " + path, new Answer(status, body, Map.of()));
        return this;
    }

    FakeKite redirect(String path, String location) {
        answers.put("GET " + path, new Answer(302, "", Map.of("Location", location)));
        return this;
    }

    static String success(String data) {
        return "{\"status\":\"success\",\"data\":" + data + "}";
    }

    static String error(String type) {
        return "{\"status\":\"error\",\"message\":\"no\",\"error_type\":\"" + type + "\",\"data\":null}";
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    body,
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                    String.valueOf(exchange.getRequestHeaders().getFirst("X-Kite-Version"))));
            Answer answer = answers.getOrDefault(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(),
                    new Answer(404, error("GeneralException"), Map.of()));
            if (answer.status < 0) {
                return;
            }
            answer.headers.forEach(exchange.getResponseHeaders()::set);
            byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
