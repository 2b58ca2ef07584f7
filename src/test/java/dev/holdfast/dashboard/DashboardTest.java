package dev.holdfast.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dashboard.Callers.Caller;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import dev.holdfast.runtime.Raw;
import dev.holdfast.runtime.Secrets;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
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

    private final Path home;

    DashboardTest(@TempDir Path home) {
        this.home = home;
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
    void a_kill_needs_no_reason_a_release_does() throws Exception {
        Caller asha = callers.login("asha");
        String kill = "{\"kind\": \"KILL\", \"scope\": \"ALL\", \"engaged\": true, \"target\": \"\"}";

        assertThat(callers.post("/api/switches", kill, asha).statusCode()).isEqualTo(200);
        HttpResponse<String> release = callers.post("/api/switches", kill.replace("true", "false"), asha);
        HttpResponse<String> neither = callers.post("/api/switches", kill.replace("\"engaged\": true, ", ""), asha);

        assertThat(release.statusCode()).isEqualTo(400);
        assertThat(Callers.error(release)).isEqualTo("a reason of 3 to 120 characters is needed, got 0");
        assertThat(Callers.error(neither)).isEqualTo("kind, scope, engaged and target are needed");
        assertThat(log.commands())
                .containsExactly(
                        new Command.SetSwitch(SwitchKind.KILL, SwitchScope.ALL, true, "", "asha", "none given"));
    }

    @Test
    void a_server_called_by_a_name_that_is_not_its_own_does_not_answer() throws Exception {
        for (String path : List.of("/", "/login", "/health", "/api/session", "/nothing")) {
            assertThat(Raw.status(
                            ADDRESS, 8080, "GET " + path + " HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n"))
                    .describedAs(path)
                    .isEqualTo(421);
        }
        for (String name : List.of(ADDRESS, "localhost:9000", "127.0.0.1", "[::1]:8080")) {
            assertThat(Raw.status(
                            ADDRESS, 8080, "GET /login HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n"))
                    .describedAs(name)
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: 127.0.36.11\r\n\r\n",
                "GET /%00 HTTP/1.1\r\nHost: 127.0.36.11\r\n\r\n",
                "GET /..%2f..%2fetc/passwd HTTP/1.1\r\nHost: 127.0.36.11\r\n\r\n",
                "GET /api/ticks?instrument=%ff HTTP/1.1\r\nHost: 127.0.36.11\r\n\r\n",
                "BREW / HTTP/1.1\r\nHost: 127.0.36.11\r\n\r\n",
                "TRACE / HTTP/1.1\r\nHost: 127.0.36.11\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: 127.0.36.11\r\n\r\n",
                "\u0000\u0001\u0002\r\n\r\n",
                "POST /api/login HTTP/1.1\r\nHost: 127.0.36.11\r\nContent-Length: -1\r\n\r\n",
                "POST /api/login HTTP/1.1\r\nHost: 127.0.36.11\r\nContent-Length: 99999999999\r\nContent-Type: application/json\r\n\r\n",
                "POST /api/login HTTP/1.1\r\nHost: 127.0.36.11\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n",
                "POST /api/login HTTP/1.1\r\nHost: 127.0.36.11\r\nContent-Type: application/json; charset=nonsense\r\nContent-Length: 2\r\n\r\n{}",
                "POST /api/login HTTP/1.1\r\nHost: 127.0.36.11\r\nContent-Type: \u00ff\u00fe\r\nContent-Length: 2\r\n\r\n{}",
                "GET /login HTTP/1.1\r\nHost: 127.0.36.11\r\nCookie: a=\u0001;;;=\"\r\n\r\n",
                "DELETE /api/orders HTTP/1.1\r\nHost: 127.0.36.11\r\n\r\n",
                "PUT /login HTTP/1.1\r\nHost: 127.0.36.11\r\nContent-Length: 0\r\n\r\n"
            })
    void what_is_no_request_of_ours_gets_a_refusal_without_a_trace_of_our_inside(String request) throws Exception {
        String answer = Raw.answer(ADDRESS, 8080, request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));

        assertThat(answer).startsWith("HTTP/1.1 ").doesNotContain("Exception", "\tat ", ".java", "jetty", "Jetty");
        assertThat(answer.substring(9, 10)).isIn("2", "4", "5");
    }

    @Test
    void a_wrong_method_is_named_so() throws Exception {
        assertThat(Raw.status(
                        ADDRESS, 8080, "DELETE /api/orders HTTP/1.1\r\nHost: 127.0.36.11\r\nConnection: close\r\n\r\n"))
                .isEqualTo(405);
    }

    @Test
    void a_request_whose_headers_never_end_is_cut_off() throws Exception {
        Raw.assertCutOff(ADDRESS, 8080);
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

    /** Routes that a viewer may use. A new route is named here or is an operator's. */
    private static final Set<String> OF_VIEWERS =
            Set.of("POST /api/logout", "GET /api/session", "GET /api/ticks", "GET /api/live");

    private static final Set<String> OF_ANYONE = Set.of(
            "POST /api/login",
            "GET /",
            "GET /login",
            "GET /alive",
            "GET /health",
            "GET /health/durable",
            "GET /metrics");

    @Test
    void on_every_route_that_is_not_named_for_them_a_viewer_and_a_stranger_are_refused() throws Exception {
        Caller vik = callers.login("vik");

        for (Dashboard.Route route : dashboard.routes()) {
            String name = route.method() + " " + route.path();
            assertThat(route.roles()).describedAs("roles of " + name).hasSize(1);
            if (!OF_ANYONE.contains(name)) {
                assertThat(status(route, new Caller("", "")))
                        .describedAs("a stranger's " + name)
                        .isEqualTo(401);
            }
            if (!OF_ANYONE.contains(name) && !OF_VIEWERS.contains(name)) {
                assertThat(status(route, vik)).describedAs("a viewer's " + name).isEqualTo(403);
            }
        }

        assertThat(dashboard.routes())
                .extracting(route -> route.method() + " " + route.path())
                .containsAll(OF_ANYONE)
                .containsAll(OF_VIEWERS)
                .hasSizeGreaterThan(OF_ANYONE.size() + OF_VIEWERS.size());
        assertThat(log.commands()).isEmpty();
    }

    private int status(Dashboard.Route route, Caller caller) throws Exception {
        String path = route.path().replaceAll("\\{[a-z]+}", "1");
        return route.method().equals("GET")
                ? callers.get(path, caller.cookie()).statusCode()
                : callers.post(path, "{\"reason\": \"a good one\"}", caller).statusCode();
    }

    @Test
    void a_change_of_the_user_ends_an_open_page_too() throws Exception {
        Caller asha = callers.login("asha");
        try (BufferedReader lines = callers.live(asha)) {
            firstLoaded(lines);

            new Users(new Secrets(home)).setRole("asha", Role.VIEWER);

            String line = lines.readLine();
            while (line != null && !line.equals("event: ended")) {
                line = lines.readLine();
            }
            assertThat(line).isEqualTo("event: ended");
        }
        assertThat(callers.post("/api/orders", PLACE, asha).statusCode()).isEqualTo(401);
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
        assertThat(callers.post("/api/orders?quantity=5", PLACE, asha).statusCode())
                .isEqualTo(400);
        assertThat(callers.get("/api/session?user=vik", asha.cookie()).statusCode())
                .isEqualTo(400);
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
