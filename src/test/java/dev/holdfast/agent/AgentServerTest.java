package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Raw;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentServerTest {

    private static final Configuration.Host HOST = new Configuration.Host("t", "127.0.35.210", List.of());

    private final AtomicInteger stops = new AtomicInteger();
    private final AgentServer server = new AgentServer(HOST, "secret", List.of(), stops::incrementAndGet);
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
        client.close();
    }

    @Test
    void only_who_knows_the_secret_may_ask_or_act() throws IOException, InterruptedException {
        assertThat(status("GET", "/status", "Bearer wrong")).isEqualTo(401);
        assertThat(status("POST", "/stop", "")).isEqualTo(401);
        assertThat(stops).hasValue(0);

        assertThat(status("GET", "/status", "Bearer secret")).isEqualTo(200);
        assertThat(status("POST", "/stop", "Bearer secret")).isEqualTo(202);
        assertThat(stops).hasValue(1);
    }

    @Test
    void a_wrong_method_or_process_is_refused() throws IOException, InterruptedException {
        assertThat(status("GET", "/stop", "Bearer secret")).isEqualTo(405);
        assertThat(status("POST", "/restart?process=nobody", "Bearer secret")).isEqualTo(404);
    }

    @Test
    void a_path_is_that_path_alone_and_a_parameter_is_never_ignored() throws IOException, InterruptedException {
        assertThat(status("POST", "/stopped", "Bearer secret")).isEqualTo(404);
        assertThat(status("POST", "/stop/never", "Bearer secret")).isEqualTo(404);
        assertThat(status("POST", "/stop?when=later", "Bearer secret")).isEqualTo(400);
        assertThat(status("GET", "/status?process=a", "Bearer secret")).isEqualTo(400);
        assertThat(status("POST", "/health", "")).isEqualTo(405);
        assertThat(stops).hasValue(0);
    }

    @Test
    void a_server_called_by_a_name_that_is_not_its_own_does_not_answer() throws IOException {
        for (String path : List.of("/health", "/status", "/nothing")) {
            assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: evil.test\r\n\r\n"))
                    .startsWith("HTTP/1.1 421 ");
        }
        assertThat(raw("GET /health HTTP/1.1\r\nHost: localhost:9000\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        assertThat(raw("GET /health HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /%zz HTTP/1.1\r\nHost: 127.0.35.210\r\n\r\n",
                "GET health HTTP/1.1\r\nHost: 127.0.35.210\r\n\r\n",
                "GET http://[/ HTTP/1.1\r\nHost: 127.0.35.210\r\n\r\n",
                "GET mailto:x HTTP/1.1\r\nHost: 127.0.35.210\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: 127.0.35.210\r\nHost: localhost\r\n\r\n",
                "GET /health HTTP/1.1\r\nno colon\r\n\r\n",
                "\u0000\u0001\u0002\r\n\r\n",
                "BREW /health HTTP/1.1\r\nHost: 127.0.35.210\r\n\r\n",
                "POST /stop HTTP/1.1\r\nHost: 127.0.35.210\r\nContent-Length: -5\r\n\r\n",
                "POST /stop HTTP/1.1\r\nHost: 127.0.35.210\r\nContent-Length: none\r\n\r\n",
                "POST /stop HTTP/1.1\r\nHost: 127.0.35.210\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "POST /restart?process=%ff%0a HTTP/1.1\r\nHost: 127.0.35.210\r\nAuthorization: Bearer secret\r\n\r\n"
            })
    void what_is_no_request_of_ours_gets_a_refusal_without_a_trace_of_our_inside(String request) throws IOException {
        assertThat(raw(request)).matches("(?s)(HTTP/1.1 4.*)?").doesNotContain("dev.holdfast", "\tat ", ".java");
        assertThat(stops).hasValue(0);
    }

    @Test
    void a_request_whose_headers_never_end_is_cut_off() throws Exception {
        Raw.assertCutOff(HOST.address(), Configuration.AGENT_PORT);
    }

    private static String raw(String request) throws IOException {
        return Raw.answer(
                HOST.address(), Configuration.AGENT_PORT, request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    }

    @Test
    void health_and_metrics_are_open() throws IOException, InterruptedException {
        assertThat(status("GET", "/health", "")).isEqualTo(200);
        assertThat(status("GET", "/metrics", "")).isEqualTo(200);
    }

    private int status(String method, String path, String authorization) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + HOST.address() + ":" + Configuration.AGENT_PORT + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", authorization)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
