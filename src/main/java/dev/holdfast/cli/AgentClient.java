package dev.holdfast.cli;

import dev.holdfast.agent.HostStatus;
import dev.holdfast.runtime.Configuration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Talks to the agents of a home. */
final class AgentClient implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client;
    private final Duration limit;
    private final String authorization;

    AgentClient(Home home) {
        this(home, LIMIT);
    }

    /** @param limit within which what is asked must answer */
    AgentClient(Home home, Duration limit) {
        this.limit = limit;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(limit)
                .build();
        this.authorization = "Bearer " + home.secrets().read("agent");
    }

    /** Empty when the agent does not answer. */
    Optional<HostStatus> status(Configuration.Host host) throws InterruptedException {
        try {
            HttpResponse<String> response =
                    client.send(request(host, "/status").GET().build(), HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200
                    ? Optional.of(JSON.readValue(response.body(), HostStatus.class))
                    : Optional.empty();
        } catch (IOException | JacksonException noAnswer) {
            return Optional.empty();
        }
    }

    /** What a process says of itself; empty when it says nothing. */
    Map<String, Object> healthDocument(Configuration.Host host, int port) throws InterruptedException {
        return document(host, port, "/health");
    }

    /** What a host's voter says of itself; empty when it says nothing. */
    Map<String, Object> voterDocument(Configuration.Host host) throws InterruptedException {
        return document(host, Configuration.AGENT_PORT, "/voter");
    }

    /** What a host's keeper says of its PostgreSQL; empty when it says nothing. */
    Map<String, Object> databaseDocument(Configuration.Host host) throws InterruptedException {
        return document(host, Configuration.AGENT_PORT, "/replica");
    }

    private Map<String, Object> document(Configuration.Host host, int port, String path) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host.address() + ":" + port + path))
                    .timeout(limit)
                    .build();
            return JSON.readValue(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body(), new TypeReference<>() {});
        } catch (IOException | JacksonException noAnswer) {
            return Map.of();
        }
    }

    /** @return whether the agent took it */
    boolean post(Configuration.Host host, String path) throws InterruptedException {
        try {
            HttpRequest request = request(host, path)
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 202;
        } catch (IOException noAnswer) {
            return false;
        }
    }

    private HttpRequest.Builder request(Configuration.Host host, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + host.address() + ":" + Configuration.AGENT_PORT + path))
                .timeout(limit)
                .header("Authorization", authorization);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
