package dev.holdfast.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dashboard.Callers.Caller;
import dev.holdfast.drill.HeldDrill;
import dev.holdfast.drill.Scenario;
import dev.holdfast.drill.UnderWay;
import dev.holdfast.runtime.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Drills started over HTTP, each a process of its own; what it does meanwhile is for {@code SystemIT}. */
class DrillApiTest {

    private static final String ADDRESS = "127.0.36.16";
    private static final int MAX_UPDATES = 200;
    private static final String KILL = "/api/drills/dashboard-kill";
    private static final String BODY = "{\"reason\": \"after the update\"}";

    private final Callers callers = new Callers(ADDRESS);
    private final Path reports;
    private final Path work;
    private final Dashboard dashboard;

    DrillApiTest(@TempDir Path home) {
        reports = home.resolve("state").resolve("drills");
        work = home.resolve("chaos");
        dashboard = Callers.dashboard(
                ADDRESS,
                home,
                new Dependencies(
                        new FakeLog(),
                        new FakeSessions(),
                        () -> new RecordedRows.Recorded(1_000_000, 0, 0),
                        null,
                        new Agents(List.of(), ""),
                        Callers.heldDrills(home)));
    }

    private DrillDesk desk(String refusal, DrillDesk.Command command) {
        return new DrillDesk(reports, work, EnumSet.allOf(Scenario.class), refusal, command);
    }

    @BeforeEach
    void start() {
        dashboard.start();
    }

    @AfterEach
    void stop() {
        dashboard.close();
        endDrill();
    }

    private void endDrill() {
        UnderWay.read(work)
                .filter(UnderWay.Work::lives)
                .flatMap(each -> ProcessHandle.of(each.pid()))
                .ifPresent(process -> {
                    process.destroyForcibly();
                    process.onExit().join();
                });
    }

    /** There are one to four updates a second. */
    private static JsonNode await(BufferedReader lines, Predicate<JsonNode> wanted) throws IOException {
        for (int updates = 0; updates < MAX_UPDATES; updates++) {
            JsonNode update = Callers.next(lines);
            if (wanted.test(update)) {
                return update;
            }
        }
        throw new AssertionError("not within " + MAX_UPDATES + " updates");
    }

    private static JsonNode row(JsonNode update, String name) {
        for (JsonNode row : update.path("drills").path("drills")) {
            if (row.path("name").asString().equals(name)) {
                return row;
            }
        }
        return update.path("none");
    }

    @Test
    void a_drill_is_seen_phase_by_phase_and_its_verdict_in_the_end_with_who_asked() throws Exception {
        Caller asha = callers.login("asha");
        try (BufferedReader lines = callers.live(callers.login("vik"))) {
            JsonNode idle = await(lines, update -> update.path("drills").isObject());
            assertThat(row(idle, "dashboard-kill").path("last").isNull()).isTrue();
            assertThat(idle.path("work").isNull()).isTrue();

            assertThat(callers.post(KILL, BODY, asha).statusCode()).isEqualTo(200);

            JsonNode fault = await(lines, update -> phase(update).startsWith("fault"));
            assertThat(fault.path("work").path("lives").asBoolean()).isTrue();
            assertThat(fault.path("work").path("purpose").asString()).isEqualTo("asha on the page: after the update");
            assertThat(fault.path("work").path("phases").get(0).path("name").asString())
                    .isEqualTo("steady state");

            HeldDrill.letGo(work, "recovery");
            await(lines, update -> phase(update).equals("recovery"));
            HeldDrill.letGo(work, "report");

            JsonNode over = await(
                    lines, update -> row(update, "dashboard-kill").path("last").isObject());
            JsonNode last = row(over, "dashboard-kill").path("last");
            assertThat(last.path("verdict").asString()).isEqualTo("pass");
            assertThat(last.path("purpose").asString()).isEqualTo("asha on the page: after the update");
            await(lines, update -> update.path("work").isNull());
        }
    }

    private static String phase(JsonNode update) {
        return update.path("work").path("phase").asString("");
    }

    @Test
    void while_one_is_at_work_no_other_is_started() throws Exception {
        Caller asha = callers.login("asha");
        callers.post(KILL, BODY, asha);

        HttpResponse<String> second = callers.post("/api/drills/trader-leader-kill", BODY, asha);

        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(Callers.error(second))
                .startsWith("dashboard-kill is at work (asha on the page: after the update)")
                .endsWith("wait for its end");
        assertThat(UnderWay.read(work).orElseThrow().name()).isEqualTo("dashboard-kill");
    }

    @Test
    void a_drill_that_was_killed_is_told_to_have_no_verdict_and_the_next_one_starts() throws Exception {
        Caller asha = callers.login("asha");
        callers.post(KILL, BODY, asha);
        endDrill();

        try (BufferedReader lines = callers.live(asha)) {
            JsonNode update = await(lines, each -> each.path("work").isObject());
            assertThat(update.path("work").path("lives").asBoolean()).isFalse();
        }
        assertThat(callers.post("/api/drills/trader-leader-kill", BODY, asha).statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_viewer_a_forged_call_a_call_without_reason_and_a_wrong_name_start_nothing() throws Exception {
        Caller asha = callers.login("asha");

        HttpResponse<String> viewer = callers.post(KILL, BODY, callers.login("vik"));
        HttpResponse<String> nobody = callers.post(KILL, BODY);
        HttpResponse<String> withoutToken = callers.post(KILL, BODY, "Cookie", asha.cookie());
        HttpResponse<String> silent = callers.post(KILL, "{\"reason\": \" \"}", asha);
        HttpResponse<String> wrong = callers.post("/api/drills/no-such-drill", BODY, asha);

        assertThat(viewer.statusCode()).isEqualTo(403);
        assertThat(Callers.error(viewer)).isEqualTo("user 'vik' is a VIEWER; this needs [OPERATOR]");
        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(withoutToken.statusCode()).isEqualTo(403);
        assertThat(Callers.error(silent)).isEqualTo("a reason of 3 to 120 characters is needed, got 0");
        assertThat(wrong.statusCode()).isEqualTo(404);
        assertThat(Callers.error(wrong)).contains("dashboard-kill");
        assertThat(work).doesNotExist();
    }

    @Test
    void the_commands_own_refusal_comes_back_in_its_words() throws Exception {
        Path nowhere = work.resolve("nowhere");
        DrillStart start = new DrillStart(
                desk(
                        "",
                        (scenario, reason) -> JavaCommand.commandLine(List.of(
                                "drill", "run", scenario.word(), "--reason=" + reason, "--home=" + nowhere, "--json"))),
                new JsonMapper());

        assertThat(start.start(Scenario.DASHBOARD_KILL, "a test"))
                .isEqualTo(new DrillStart.Outcome.Refused("there is no system in " + nowhere
                        + "; './holdfast up' makes one, --home names another folder"));
    }

    @Test
    void where_the_page_would_be_cut_off_with_its_host_it_starts_none() throws Exception {
        DrillStart start = new DrillStart(
                desk("start drills from the command line", (scenario, reason) -> List.of("false")), new JsonMapper());

        assertThat(start.start(Scenario.DASHBOARD_KILL, "a test"))
                .isEqualTo(new DrillStart.Outcome.Refused("start drills from the command line"));
        assertThat(Files.exists(work)).isFalse();
    }
}
