package dev.holdfast.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.drill.HeldDrill;
import dev.holdfast.drill.Scenario;
import dev.holdfast.runtime.HostHeader;
import dev.holdfast.runtime.Secrets;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who calls a dashboard over HTTP, as a browser would: asha is an operator, vik a viewer. */
final class Callers {

    static final String PASSWORD = "correct horse battery";

    private final HttpClient http = HttpClient.newHttpClient();
    private final String root;

    /** What a browser keeps after the login. */
    record Caller(String cookie, String csrf) {}

    /** @param address where the dashboard listens */
    Callers(String address) {
        this.root = "http://" + address + ":8080";
    }

    /** One that knows both. */
    static Dashboard dashboard(String address, Path home, Dependencies dependencies) {
        Secrets secrets = new Secrets(home);
        Users users = new Users(secrets);
        users.add("asha", Role.OPERATOR, PASSWORD);
        users.add("vik", Role.VIEWER, PASSWORD);
        return new Dashboard(
                address,
                new HostHeader(List.of(address)),
                secrets,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                dependencies);
    }

    /** Of a home whose drills hold still until a test lets them go on. */
    static DrillDesk heldDrills(Path home) {
        Path reports = home.resolve("state").resolve("drills");
        Path work = home.resolve("chaos");
        return new DrillDesk(
                reports,
                work,
                EnumSet.allOf(Scenario.class),
                "",
                (scenario, reason) -> HeldDrill.words(work, reports, scenario, reason));
    }

    HttpResponse<String> get(String path, String cookie) throws IOException, InterruptedException {
        return http.send(request(path).header("Cookie", cookie).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body, Caller caller) throws IOException, InterruptedException {
        return post(path, body, "Cookie", caller.cookie(), Access.CSRF_HEADER, caller.csrf());
    }

    Caller login(String name) throws IOException, InterruptedException {
        HttpResponse<String> response =
                post("/api/login", "{\"name\": \"" + name + "\", \"password\": \"" + PASSWORD + "\"}");
        assertThat(response.statusCode()).isEqualTo(200);
        String cookie =
                response.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
        return new Caller(cookie, json(response).get("csrf").asString());
    }

    /** The stream of updates; {@link #next} reads it. */
    BufferedReader live(Caller caller) throws IOException, InterruptedException {
        HttpRequest request = request("/api/live")
                .header("Cookie", caller.cookie())
                .header("Accept", "text/event-stream")
                .build();
        return new BufferedReader(new InputStreamReader(
                http.send(request, HttpResponse.BodyHandlers.ofInputStream()).body(), StandardCharsets.UTF_8));
    }

    static JsonNode next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (!line.startsWith("data: ")) {
            line = lines.readLine();
        }
        return new JsonMapper().readTree(line.substring("data: ".length()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(root + path));
    }

    static JsonNode json(HttpResponse<String> response) {
        return new JsonMapper().readTree(response.body());
    }

    static String error(HttpResponse<String> response) {
        return json(response).get("error").asString();
    }
}
