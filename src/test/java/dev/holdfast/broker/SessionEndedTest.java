package dev.holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.Health;
import dev.holdfast.runtime.HealthServer;
import dev.holdfast.runtime.Metrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway hears from another host's agent which session has ended, whatever number that session has. */
final class SessionEndedTest {

    private final List<Long> heard = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private HealthServer server;
    private int port;

    @BeforeEach
    void start() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (ServerSocket free = new ServerSocket(0, 1, here)) {
            port = free.getLocalPort();
        }
        server = new HealthServer(
                        here.getHostAddress(), port, new Metrics("x", "gateway"), () -> Health.healthy(Map.of()))
                .route("/session-ended", new SessionEnded("secret", heard::add));
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    @Test
    void the_smallest_and_the_largest_session_are_heard() throws Exception {
        assertThat(post("?session=1", "secret").statusCode()).isEqualTo(202);
        assertThat(post("?session=" + Long.MAX_VALUE, "secret").statusCode()).isEqualTo(202);

        assertThat(heard).containsExactly(1L, Long.MAX_VALUE);
    }

    @Test
    void what_is_no_session_is_refused_with_what_was_expected() throws Exception {
        for (String query :
                List.of("", "?session=", "?session=0", "?session=-1", "?session=9223372036854775808", "?s=1")) {
            HttpResponse<String> answer = post(query, "secret");
            assertThat(answer.statusCode()).as(query).isEqualTo(400);
            assertThat(answer.body()).contains("expected session=NUMBER, from 1 to 9223372036854775807");
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void nobody_without_the_agents_secret_is_heard() throws Exception {
        assertThat(post("?session=1", "guessed").statusCode()).isEqualTo(401);
        assertThat(heard).isEmpty();
    }

    private HttpResponse<String> post(String query, String secret) throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + port + "/session-ended" + query);
        return client.send(
                HttpRequest.newBuilder(address)
                        .header("Authorization", "Bearer " + secret)
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
