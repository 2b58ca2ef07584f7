package dev.holdfast.dashboard;

import dev.holdfast.runtime.Configuration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the gateways, in which the recorders run, why they do not record. Thread-safe. */
final class GatewayReasons implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final JsonMapper JSON = new JsonMapper();

    private final List<URI> gateways;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();

    GatewayReasons(Configuration configuration) {
        this.gateways = configuration.hostsWith(Configuration.Role.GATEWAY).stream()
                .map(host ->
                        URI.create("http://" + host.address() + ":" + Configuration.GATEWAY_HEALTH_PORT + "/health"))
                .toList();
    }

    /** The first one's reason; empty when none gives one within a second each. */
    String whyNotDurable() {
        for (URI gateway : gateways) {
            try {
                HttpRequest request =
                        HttpRequest.newBuilder(gateway).timeout(LIMIT).build();
                JsonNode health = JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofString())
                        .body());
                String reason = health.path("durableReason").asString("");
                if (!reason.isEmpty()) {
                    return reason;
                }
            } catch (IOException | JacksonException silent) {
                // The other one may know.
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
                return "";
            }
        }
        return "";
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
