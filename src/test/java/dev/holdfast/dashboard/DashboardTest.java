package dev.holdfast.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dashboard.Callers.Caller;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The dashboard over HTTP, before a log that a test fills. */
class DashboardTest {

    private static final String ADDRESS = "127.0.36.11";
    private static final String PLACE = """
            {"instrument": 2, "side": "BUY", "product": "MIS", "orderType": "LIMIT", "quantity": 3, "pricePaise": 284500,
             "clientKey": "k-1", "reason": "hedge"}""";

    private final FakeLog log = new FakeLog();
    private final FakeSessions sessions = new FakeSessions();
    private final FakeMarket market = new FakeMarket(log, 42);
    private final Callers callers = new Callers(ADDRESS);
    private final Dashboard dashboard;

    DashboardTest(@TempDir Path home) {
        dashboard = Callers.dashboard(
                ADDRESS,
                home,
                new Dependencies(
                        log,
                        sessions,
                        () -> new RecordedRows.Recorded(1_000_000, 0, 0),
                        null,
                        new Agents(List.of(), ""),
                        Callers.heldDrills(home)));
    }

    @BeforeEach
    void start() {
        market.begin();
        dashboard.start();
    }

    @AfterEach
    void stop() {
        dashboard.close();
    }

    @Test
    void the_cookie_is_out_of_reach_of_scripts_and_other_sites() throws Exception {
        HttpResponse<String> response =
                callers.post("/api/login", "{\"name\": \"asha\", \"password\": \"" + Callers.PASSWORD + "\"}");

        assertThat(response.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("HttpOnly")
                .contains("SameSite=Strict");
    }

    @Test
    void pages_forbid_inline_scripts_but_the_import_map_and_framing() throws Exception {
        HttpResponse<String> response = callers.get("/login", "");

        String policy = response.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertThat(policy)
                .contains("script-src 'self' 'sha256-")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @Test
    void without_a_login_there_is_no_data_and_the_page_leads_to_the_login() throws Exception {
        assertThat(callers.get("/api/live", "").statusCode()).isEqualTo(401);
        assertThat(callers.get("/api/ticks?instrument=2", "").statusCode()).isEqualTo(401);
        assertThat(callers.post("/api/orders", PLACE).statusCode()).isEqualTo(401);
        assertThat(callers.get("/", "").statusCode()).isEqualTo(302);
    }

    @Test
    void a_wrong_password_is_refused_and_repeats_must_wait() throws Exception {
        String wrong = "{\"name\": \"asha\", \"password\": \"wrong\"}";
        for (int attempt = 0; attempt <= FailedLogins.FREE_FAILURES; attempt++) {
            assertThat(callers.post("/api/login", wrong).statusCode()).isEqualTo(401);
        }

        HttpResponse<String> throttled = callers.post("/api/login", wrong);

        assertThat(throttled.statusCode()).isEqualTo(429);
        assertThat(throttled.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void an_order_becomes_a_command_with_user_and_reason() throws Exception {
        Caller asha = callers.login("asha");

        HttpResponse<String> response = callers.post("/api/orders", PLACE, asha);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(log.commands())
                .containsExactly(new Command.PlaceOrder(
                        2, Side.BUY, Product.MIS, OrderType.LIMIT, 3, 284_500, "k-1", "asha", "hedge"));
    }

    @Test
    void cancel_stop_and_kill_become_commands() throws Exception {
        Caller asha = callers.login("asha");

        callers.post("/api/orders/1001/cancel", "{\"reason\": \"wrong price\"}", asha);
        callers.post("/api/strategies/canary/stop", "{\"reason\": \"lunch time\"}", asha);
        callers.post("/api/switches", """
                {"kind": "KILL", "scope": "ALL", "engaged": true, "target": "", "reason": "bad prices"}""", asha);

        assertThat(log.commands())
                .containsExactly(
                        new Command.CancelOrder(1_001, "asha", "wrong price"),
                        new Command.ControlStrategy(false, "canary", "asha", "lunch time"),
                        new Command.SetSwitch(SwitchKind.KILL, SwitchScope.ALL, true, "", "asha", "bad prices"));
    }

    @Test
    void the_engines_refusal_is_shown_as_it_stands() throws Exception {
        log.answerWith(command -> "position would be 20 000, the limit is 10 000");

        HttpResponse<String> response = callers.post("/api/orders", PLACE, callers.login("asha"));

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(Callers.error(response)).isEqualTo("position would be 20 000, the limit is 10 000");
    }

    @Test
    void a_log_without_an_answer_leaves_the_outcome_unknown_and_says_so() throws Exception {
        Caller asha = callers.login("asha");
        log.setDown(true);

        HttpResponse<String> response = callers.post("/api/orders", PLACE, asha);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(Callers.error(response)).contains("unknown");
    }

    @Test
    void a_viewer_sees_but_cannot_trade() throws Exception {
        Caller vik = callers.login("vik");

        HttpResponse<String> response = callers.post("/api/orders", PLACE, vik);

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(Callers.error(response)).isEqualTo("user 'vik' is a VIEWER; this needs [OPERATOR]");
        assertThat(callers.get("/api/ticks?instrument=2", vik.cookie()).statusCode())
                .isEqualTo(200);
        assertThat(log.commands()).isEmpty();
    }

    @Test
    void a_call_without_the_token_or_from_another_site_is_refused() throws Exception {
        Caller asha = callers.login("asha");

        HttpResponse<String> without = callers.post("/api/orders", PLACE, "Cookie", asha.cookie());
        HttpResponse<String> wrong =
                callers.post("/api/orders", PLACE, new Caller(asha.cookie(), "guessed-guessed-guessed"));
        HttpResponse<String> foreign = callers.post(
                "/api/orders",
                PLACE,
                "Cookie",
                asha.cookie(),
                Access.CSRF_HEADER,
                asha.csrf(),
                "Origin",
                "http://evil.test");

        assertThat(List.of(without.statusCode(), wrong.statusCode(), foreign.statusCode()))
                .containsOnly(403);
        assertThat(log.commands()).isEmpty();
    }

    @Test
    void bad_requests_are_told_what_was_expected() throws Exception {
        Caller asha = callers.login("asha");

        assertThat(Callers.error(callers.post("/api/orders", PLACE.replace("\"hedge\"", "\" \""), asha)))
                .isEqualTo("a reason of 3 to 120 characters is needed, got 0");
        assertThat(Callers.error(callers.post("/api/orders", PLACE.replace("284500", "0"), asha)))
                .isEqualTo("pricePaise is 0, expected 0 for MARKET and more than 0 for others");
        assertThat(callers.post("/api/orders", "{", asha).statusCode()).isEqualTo(400);
        assertThat(callers.post("/api/orders", PLACE.replace("hedge", "x".repeat(20_000)), asha)
                        .statusCode())
                .isEqualTo(413);
        assertThat(callers.get("/api/ticks?instrument=two", asha.cookie()).statusCode())
                .isEqualTo(400);
        assertThat(log.commands()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"quantity\": 3|\"quantity\": 1.5",
                "\"quantity\": 3|\"quantity\": 1.9",
                "\"quantity\": 3|\"quantity\": \"3\"",
                "\"quantity\": 3|\"quantity\": 3, \"quantity\": 300",
                "\"quantity\": 3|\"quantity\": 3, \"validity\": \"IOC\"",
                "\"side\": \"BUY\"|\"side\": 1",
                "\"side\": \"BUY\"|\"side\": \"BUY\", \"side\": \"SELL\"",
                "\"hedge\"|\"hedge\\n2026-11-23T03:00:00.000Z INFO  kill switch released\"",
                "\"hedge\"|\"\\u001b[2Jhedge\"",
                "\"hedge\"|\"\\u202eegdeh\"",
                "\"k-1\"|\"k\\u0000\""
            })
    void an_order_that_must_be_guessed_at_is_refused(String edit) throws Exception {
        String[] sides = edit.split("\\|", -1);

        HttpResponse<String> response =
                callers.post("/api/orders", PLACE.replace(sides[0], sides[1]), callers.login("asha"));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(log.commands()).isEmpty();
    }

    @Test
    void on_no_route_is_null_or_a_list_a_body() throws Exception {
        Caller asha = callers.login("asha");

        for (String path : List.of(
                "/api/login",
                "/api/orders",
                "/api/orders/1/cancel",
                "/api/strategies/canary/start",
                "/api/strategies/canary/stop",
                "/api/switches",
                "/api/recovery/switchover",
                "/api/recovery/failover",
                "/api/recovery/automation",
                "/api/drills/postgres-kill")) {
            for (String body : List.of("null", "[]", "", "{\"reason\": \"a good one\"} 1")) {
                assertThat(callers.post(path, body, asha).statusCode())
                        .describedAs("%s with %s", path, body)
                        .isEqualTo(400);
            }
        }
        assertThat(log.commands()).isEmpty();
    }

    @Test
    void numbers_in_paths_and_queries_are_digits() throws Exception {
        Caller asha = callers.login("asha");

        for (String number : List.of("1.5", "+1", "-1", "0x1", "%E0%A5%A7", "1_0", "99999999999999999999")) {
            assertThat(callers.post("/api/orders/" + number + "/cancel", "{\"reason\": \"wrong\"}", asha)
                            .statusCode())
                    .isEqualTo(400);
        }
        for (String query : List.of("", "?instrument=4294967298", "?instrument=1&instrument=2", "?instrument=1.5")) {
            assertThat(callers.get("/api/ticks" + query, asha.cookie()).statusCode())
                    .isEqualTo(400);
        }
        assertThat(log.commands()).isEmpty();
    }

    @Test
    void the_stream_begins_with_everything_and_goes_on_with_changes() throws Exception {
        Caller asha = callers.login("asha");
        try (BufferedReader lines = callers.live(asha)) {
            JsonNode first = firstLoaded(lines);
            assertThat(first.get("live").get("instruments")).hasSize(12);
            log.emit(new dev.holdfast.protocol.Event.Alarm(
                    dev.holdfast.protocol.Severity.WARNING, "test", "\u20b9 and \u0939\u093f"));
            JsonNode next = Callers.next(lines);
            while (next.get("live").get("journal").isEmpty()) {
                next = Callers.next(lines);
            }
            assertThat(next.get("live").get("whole").asBoolean()).isFalse();
            assertThat(next.get("live").get("journal").get(0).get("text").asString())
                    .isEqualTo("\u20b9 and \u0939\u093f");
        }
    }

    private static JsonNode firstLoaded(BufferedReader lines) throws IOException {
        JsonNode update = Callers.next(lines);
        while (!update.get("live").get("whole").asBoolean()
                || !update.get("live").get("status").get("loaded").asBoolean()) {
            update = Callers.next(lines);
        }
        return update;
    }

    @Test
    void health_and_metrics_need_no_login() throws Exception {
        Await.until("the page can trade", () -> {
            try {
                return callers.get("/health", "").statusCode() == 200;
            } catch (IOException | InterruptedException failure) {
                throw new IllegalStateException(failure);
            }
        });

        assertThat(Callers.json(callers.get("/health", "")).get("ok").asBoolean())
                .isTrue();
        assertThat(callers.get("/health/durable", "").statusCode()).isEqualTo(200);
        assertThat(callers.get("/metrics", "").body()).contains("dashboard_event_age_seconds");
    }

    @Test
    void the_page_goes_on_while_the_session_store_is_down() throws Exception {
        Caller before = callers.login("asha");
        sessions.down = true;

        Caller after = callers.login("asha");

        assertThat(callers.get("/api/session", before.cookie()).statusCode()).isEqualTo(200);
        assertThat(callers.post("/api/orders", PLACE, after).statusCode()).isEqualTo(200);
    }
}
