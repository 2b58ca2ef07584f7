package dev.holdfast.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.holdfast.agent.ChildStatus.State;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Health;
import dev.holdfast.runtime.HealthServer;
import dev.holdfast.runtime.Metrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** An agent's HTTP interface. Everything but health and metrics needs the secret "agent" as a bearer token. */
final class AgentServer implements AutoCloseable {

    private final Configuration.Host host;
    private final byte[] expected;
    private final List<Attended> attended;
    private final List<Child> children;
    private final HealthServer server;

    AgentServer(Configuration.Host host, String secret, List<Attended> attended, Runnable stop) {
        this.host = host;
        this.attended = List.copyOf(attended);
        this.children = attended.stream()
                .flatMap(each -> each instanceof Child child ? Stream.of(child) : Stream.empty())
                .toList();
        this.expected = ("Bearer " + secret).getBytes(StandardCharsets.UTF_8);
        this.server = new HealthServer(
                        host.address(), Configuration.AGENT_PORT, new Metrics(host.name(), "agent"), this::health)
                .route("/status", guarded("GET", alone(this::answerStatus)))
                .route("/restart", guarded("POST", this::restart))
                .route("/forgive", guarded("POST", exchange -> forChild(exchange, Child::forgive)))
                .route("/hold", guarded("POST", exchange -> forChild(exchange, Child::hold)))
                .route("/stop", guarded("POST", alone(exchange -> {
                    HealthServer.answerJson(exchange, 202, Map.of("stopping", true));
                    stop.run();
                })));
    }

    void start() {
        server.start();
    }

    @Override
    public void close() {
        server.close();
    }

    private Health health() {
        List<String> notRunning = attended.stream()
                .map(Attended::status)
                .filter(child -> child.state() != State.RUNNING)
                .map(child -> child.name() + " is " + child.state())
                .toList();
        return new Health(notRunning.isEmpty(), String.join(", ", notRunning), Map.of("host", host.name()));
    }

    private void answerStatus(HttpExchange exchange) throws IOException {
        HealthServer.answerJson(
                exchange,
                200,
                new HostStatus(
                        host.name(),
                        ProcessHandle.current().pid(),
                        attended.stream().map(Attended::status).toList()));
    }

    /** Adds a question that anybody may ask: 200 for yes, 503 for no, as load balancers want it. */
    AgentServer answering(String path, Supplier<Health> answer) {
        server.question(path, exchange -> HealthServer.answerHealth(exchange, answer.get()));
        return this;
    }

    /** The database restarts only where that costs no primary. */
    private void restart(HttpExchange exchange) throws IOException {
        for (Attended each : attended) {
            if (each instanceof DatabaseAttendant database && asks(exchange, database)) {
                String refusal = refusal(database);
                HealthServer.answerJson(
                        exchange,
                        refusal.isEmpty() ? 202 : 409,
                        refusal.isEmpty() ? Map.of("process", database.name()) : Map.of("error", refusal));
                return;
            }
        }
        forChild(exchange, Child::restart);
    }

    private static String refusal(DatabaseAttendant database) {
        try {
            return database.restart();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return "its agent stops";
        }
    }

    private static boolean asks(HttpExchange exchange, Attended named) {
        return ("process=" + named.name()).equals(exchange.getRequestURI().getQuery());
    }

    /** Applies what is asked to the child named by the query {@code process=NAME}. */
    private void forChild(HttpExchange exchange, Consumer<Child> action) throws IOException {
        Optional<Child> named =
                children.stream().filter(child -> asks(exchange, child)).findFirst();
        if (named.isEmpty()) {
            List<String> names = children.stream().map(Child::name).toList();
            HealthServer.answerJson(exchange, 404, Map.of("error", "expected process=NAME with one of " + names));
            return;
        }
        action.accept(named.get());
        HealthServer.answerJson(exchange, 202, Map.of("process", named.get().name()));
    }

    private HttpHandler guarded(String method, HttpHandler handler) {
        return exchange -> {
            String given = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                    .orElse("");
            if (!MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected)) {
                HealthServer.answerJson(exchange, 401, Map.of("error", "needs the agent's secret as a bearer token"));
            } else if (HealthServer.method(exchange, method)) {
                handler.handle(exchange);
            }
        };
    }

    /** A handler that takes no parameters. A request with one is refused, because its sender meant something else. */
    private static HttpHandler alone(HttpHandler handler) {
        return exchange -> {
            if (exchange.getRequestURI().getQuery() != null) {
                HealthServer.answerJson(exchange, 400, Map.of("error", "expected no parameters"));
            } else {
                handler.handle(exchange);
            }
        };
    }
}
