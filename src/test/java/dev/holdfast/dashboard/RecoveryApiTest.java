package dev.holdfast.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dashboard.Callers.Caller;
import dev.holdfast.protocol.RecoveryEvent;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people order of the recovery machine over HTTP; the machine is the real one. */
class RecoveryApiTest {

    private static final String ADDRESS = "127.0.36.15";
    private static final String SWITCHOVER = "/api/recovery/switchover";
    private static final String FAILOVER = "/api/recovery/failover";
    private static final String AUTOMATION = "/api/recovery/automation";

    private final Callers callers = new Callers(ADDRESS);
    private final RecoverySystem system = new RecoverySystem().guarded();
    private final Dashboard dashboard;

    RecoveryApiTest(@TempDir Path home) {
        dashboard = Callers.dashboard(
                ADDRESS,
                home,
                new Dependencies(
                        new FakeLog(),
                        new FakeSessions(),
                        () -> new RecordedRows.Recorded(1_000_000, 0, 0),
                        system.log(),
                        new Agents(List.of(), ""),
                        Callers.heldDrills(home)));
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
        try {
            return callers.get("/metrics", "").body().contains("dashboard_recovery_heard " + (wanted ? "1.0" : "0.0"));
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void a_switchover_is_ordered_with_the_users_name_and_reason() throws Exception {
        HttpResponse<String> response =
                callers.post(SWITCHOVER, "{\"to\": \"\", \"reason\": \"host a is serviced\"}", callers.login("asha"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(system.last(RecoveryEvent.OperatorActed.class))
                .isEqualTo(new RecoveryEvent.OperatorActed("asha", "switchover", "", "host a is serviced", "accepted"));
        assertThat(system.last(RecoveryEvent.SwitchoverChanged.class).to()).isEqualTo("b");
    }

    @Test
    void a_fail_over_that_may_lose_rows_is_refused_in_the_machines_words_until_the_loss_is_accepted() throws Exception {
        Caller asha = callers.login("asha");

        HttpResponse<String> refused =
                callers.post(FAILOVER, "{\"to\": \"c\", \"acceptLoss\": false, \"reason\": \"a is no good\"}", asha);
        HttpResponse<String> accepted =
                callers.post(FAILOVER, "{\"to\": \"c\", \"acceptLoss\": true, \"reason\": \"a is no good\"}", asha);

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(Callers.error(refused))
                .isEqualTo("c is not eligible: rows that a acknowledged could be lost; accept the loss or wait");
        assertThat(accepted.statusCode()).isEqualTo(200);
        assertThat(system.last(RecoveryEvent.FailoverChanged.class).acceptLoss())
                .isTrue();
        assertThat(system.last(RecoveryEvent.FenceOrdered.class).host()).isEqualTo("a");
    }

    @Test
    void automation_is_paused_and_resumed() throws Exception {
        Caller asha = callers.login("asha");

        callers.post(AUTOMATION, "{\"paused\": true, \"reason\": \"work on b\"}", asha);
        assertThat(system.last(RecoveryEvent.AutomationChanged.class))
                .isEqualTo(new RecoveryEvent.AutomationChanged(true, "asha", "work on b"));

        callers.post(AUTOMATION, "{\"paused\": false, \"reason\": \"work is over\"}", asha);
        assertThat(system.last(RecoveryEvent.AutomationChanged.class).paused()).isFalse();
    }

    @Test
    void a_viewer_a_forged_call_and_a_call_without_reason_change_nothing() throws Exception {
        Caller asha = callers.login("asha");
        String body = "{\"paused\": true, \"reason\": \"work on b\"}";

        HttpResponse<String> viewer = callers.post(AUTOMATION, body, callers.login("vik"));
        HttpResponse<String> nobody = callers.post(AUTOMATION, body);
        HttpResponse<String> withoutToken = callers.post(AUTOMATION, body, "Cookie", asha.cookie());
        HttpResponse<String> foreign = callers.post(
                AUTOMATION,
                body,
                "Cookie",
                asha.cookie(),
                Access.CSRF_HEADER,
                asha.csrf(),
                "Origin",
                "http://evil.test");
        HttpResponse<String> silent = callers.post(AUTOMATION, "{\"paused\": true, \"reason\": \" \"}", asha);
        HttpResponse<String> unclear = callers.post(FAILOVER, "{\"to\": \"c\", \"reason\": \"a is no good\"}", asha);

        assertThat(viewer.statusCode()).isEqualTo(403);
        assertThat(Callers.error(viewer)).isEqualTo("user 'vik' is a VIEWER; this needs [OPERATOR]");
        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(List.of(withoutToken.statusCode(), foreign.statusCode())).containsOnly(403);
        assertThat(Callers.error(silent)).isEqualTo("a reason of 3 to 120 characters is needed, got 0");
        assertThat(unclear.statusCode()).isEqualTo(400);
        assertThat(system.all(RecoveryEvent.OperatorActed.class)).isEmpty();
    }

    @Test
    void an_order_is_not_left_with_voters_who_are_away() throws Exception {
        Caller asha = callers.login("asha");
        system.log().close();
        Await.until("the silence is noticed", () -> hears(false));

        HttpResponse<String> response =
                callers.post(SWITCHOVER, "{\"to\": \"\", \"reason\": \"host a is serviced\"}", asha);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(Callers.error(response)).contains("the order was not sent").contains("'./holdfast status'");
    }
}
