package dev.holdfast.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.runtime.Secrets;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What people order of the recovery machine over HTTP; the machine is the real one. */
class RecoveryApiTest {

    private static final String ADDRESS = "127.0.36.15";
    private static final String ROOT = "http://" + ADDRESS + ":8080";
    private static final String PASSWORD = "correct horse battery";
    private static final String SWITCHOVER = "/api/recovery/switchover";
    private static final String FAILOVER = "/api/recovery/failover";
    private static final String AUTOMATION = "/api/recovery/automation";

    private final HttpClient http = HttpClient.newHttpClient();
    private final RecoverySystem system = new RecoverySystem().guarded();
    private final Dashboard dashboard;

    /** Who calls, as a browser would: the cookie and the token. */
    private record Caller(String cookie, String csrf) {}

    RecoveryApiTest(@TempDir Path home) {
        Secrets secrets = new Secrets(home);
        Users users = new Users(secrets);
        users.put("asha", Role.OPERATOR, PASSWORD);
        users.put("vik", Role.VIEWER, PASSWORD);
        dashboard = new Dashboard(
                ADDRESS,
                secrets,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                new Dependencies(
                        new FakeLog(), new FakeSessions(), () -> 5, () -> {}, system.log(), new Agents(List.of(), "")));
    }

    @BeforeEach
    void start() throws InterruptedException {
        system.beat();
        dashboard.start();
        Await.until("the decisions are heard", () -> hears(true));
    }

    @AfterEach
    void stop() {
        dashboard.close();
        system.close();
    }

    private boolean hears(boolean wanted) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(ROOT + "/metrics")).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .contains("dashboard_recovery_heard " + (wanted ? "1.0" : "0.0"));
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private HttpResponse<String> post(String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(ROOT + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body, Caller caller)
            throws IOException, InterruptedException {
        return post(path, body, "Cookie", caller.cookie(), Access.CSRF_HEADER, caller.csrf());
    }

    private Caller login(String name) throws IOException, InterruptedException {
        HttpResponse<String> response =
                post("/api/login", "{\"name\": \"" + name + "\", \"password\": \"" + PASSWORD + "\"}");
        String cookie =
                response.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
        return new Caller(
                cookie, new JsonMapper().readTree(response.body()).get("csrf").asString());
    }

    private static String error(HttpResponse<String> response) {
        return new JsonMapper().readTree(response.body()).get("error").asString();
    }

    @Test
    void a_switchover_is_ordered_with_the_users_name_and_reason() throws Exception {
        HttpResponse<String> response =
                post(SWITCHOVER, "{\"to\": \"\", \"reason\": \"host a is serviced\"}", login("asha"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(system.last(RecoveryEvent.OperatorActed.class))
                .isEqualTo(new RecoveryEvent.OperatorActed("asha", "switchover", "", "host a is serviced", "accepted"));
        assertThat(system.last(RecoveryEvent.SwitchoverChanged.class).to()).isEqualTo("b");
    }

    @Test
    void a_fail_over_that_may_lose_rows_is_refused_in_the_machines_words_until_the_loss_is_accepted() throws Exception {
        Caller asha = login("asha");

        HttpResponse<String> refused =
                post(FAILOVER, "{\"to\": \"c\", \"acceptLoss\": false, \"reason\": \"a is no good\"}", asha);
        HttpResponse<String> accepted =
                post(FAILOVER, "{\"to\": \"c\", \"acceptLoss\": true, \"reason\": \"a is no good\"}", asha);

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(error(refused))
                .isEqualTo("c is not eligible: rows that a acknowledged could be lost; accept the loss or wait");
        assertThat(accepted.statusCode()).isEqualTo(200);
        assertThat(system.last(RecoveryEvent.FailoverChanged.class).acceptLoss())
                .isTrue();
        assertThat(system.last(RecoveryEvent.FenceOrdered.class).host()).isEqualTo("a");
    }

    @Test
    void automation_is_paused_and_resumed() throws Exception {
        Caller asha = login("asha");

        post(AUTOMATION, "{\"paused\": true, \"reason\": \"work on b\"}", asha);
        assertThat(system.last(RecoveryEvent.AutomationChanged.class))
                .isEqualTo(new RecoveryEvent.AutomationChanged(true, "asha", "work on b"));

        post(AUTOMATION, "{\"paused\": false, \"reason\": \"work is over\"}", asha);
        assertThat(system.last(RecoveryEvent.AutomationChanged.class).paused()).isFalse();
    }

    @Test
    void a_viewer_a_forged_call_and_a_call_without_reason_change_nothing() throws Exception {
        Caller asha = login("asha");
        String body = "{\"paused\": true, \"reason\": \"work on b\"}";

        HttpResponse<String> viewer = post(AUTOMATION, body, login("vik"));
        HttpResponse<String> nobody = post(AUTOMATION, body);
        HttpResponse<String> withoutToken = post(AUTOMATION, body, "Cookie", asha.cookie());
        HttpResponse<String> foreign = post(
                AUTOMATION,
                body,
                "Cookie",
                asha.cookie(),
                Access.CSRF_HEADER,
                asha.csrf(),
                "Origin",
                "http://evil.test");
        HttpResponse<String> silent = post(AUTOMATION, "{\"paused\": true, \"reason\": \" \"}", asha);
        HttpResponse<String> unclear = post(FAILOVER, "{\"to\": \"c\", \"reason\": \"a is no good\"}", asha);

        assertThat(viewer.statusCode()).isEqualTo(403);
        assertThat(error(viewer)).isEqualTo("user 'vik' is a VIEWER; this needs [OPERATOR]");
        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(List.of(withoutToken.statusCode(), foreign.statusCode())).containsOnly(403);
        assertThat(error(silent)).isEqualTo("a reason of 3 to 120 characters is needed, got 0");
        assertThat(unclear.statusCode()).isEqualTo(400);
        assertThat(system.all(RecoveryEvent.OperatorActed.class)).isEmpty();
    }

    @Test
    void an_order_is_not_left_with_voters_who_are_away() throws Exception {
        Caller asha = login("asha");
        system.log().close();
        Await.until("the silence is noticed", () -> hears(false));

        HttpResponse<String> response = post(SWITCHOVER, "{\"to\": \"\", \"reason\": \"host a is serviced\"}", asha);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(error(response)).contains("the order was not sent").contains("'./holdfast status'");
    }
}
