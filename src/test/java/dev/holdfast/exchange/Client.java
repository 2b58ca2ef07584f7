package dev.holdfast.exchange;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A plain Kite client for tests. */
final class Client implements AutoCloseable {

    static final String API_KEY = "testkey";
    static final String API_SECRET = "testsecret";
    static final String CONTROL_SECRET = "testcontrol";
    static final String ADDRESS = "127.0.31.1";

    final HttpClient http = HttpClient.newHttpClient();
    final String root;
    String accessToken = "";

    Client(int port) {
        this.root = "http://" + ADDRESS + ":" + port;
    }

    record Answer(int status, JsonNode body) {
        JsonNode data() {
            return body.path("data");
        }

        String errorType() {
            return body.path("error_type").asString("");
        }
    }

    /** Logs in as the redirected browser and its application would. */
    Client login() throws Exception {
        String page = send("GET", "/connect/login?v=3&api_key=" + API_KEY, "").body();
        String requestToken = page.replaceAll("(?s).*request_token\">([0-9a-f]+)<.*", "$1");
        accessToken = call(
                        "POST",
                        "/session/token",
                        Map.of(
                                "api_key",
                                API_KEY,
                                "request_token",
                                requestToken,
                                "checksum",
                                Digest.sha256(API_KEY, requestToken, API_SECRET)))
                .data()
                .path("access_token")
                .stringValue();
        return this;
    }

    Answer get(String path) throws Exception {
        return call("GET", path, Map.of());
    }

    Answer place(Map<String, String> changes) throws Exception {
        return call("POST", "/orders/regular", order(changes));
    }

    /** A market order for one share of INFY, with changes. */
    static Map<String, String> order(Map<String, String> changes) {
        Map<String, String> order = new TreeMap<>(Map.of(
                "exchange", "NSE",
                "tradingsymbol", "INFY",
                "transaction_type", "BUY",
                "quantity", "1",
                "product", "MIS",
                "order_type", "MARKET",
                "market_protection", "-1"));
        order.putAll(changes);
        return order;
    }

    JsonNode order(String orderId) throws Exception {
        JsonNode history = get("/orders/" + orderId).data();
        return history.get(history.size() - 1);
    }

    Answer call(String method, String path, Map<String, String> form) throws Exception {
        HttpResponse<String> response = send(method, path, encode(form));
        String body = response.body();
        return new Answer(response.statusCode(), Rows.JSON.readTree(body.startsWith("{") ? body : "{}"));
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(root + path))
                        .timeout(Duration.ofSeconds(90))
                        .header("X-Kite-Version", "3")
                        .header("Authorization", "token " + API_KEY + ":" + accessToken)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    Answer control(String method, String path, String json) throws Exception {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create(root + "/control" + path))
                        .header("Authorization", "Bearer " + CONTROL_SECRET)
                        .method(method, HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), Rows.JSON.readTree(response.body()));
    }

    Answer fault(String json) throws Exception {
        return control("POST", "/faults", json);
    }

    private static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
