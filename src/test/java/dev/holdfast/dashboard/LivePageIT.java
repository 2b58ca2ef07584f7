package dev.holdfast.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.holdfast.drill.HeldDrill;
import dev.holdfast.drill.UnderWay;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import dev.holdfast.types.Side;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live page in a real browser: what an operator does on a normal and on a bad day. */
class LivePageIT {

    private static final String ADDRESS = "127.0.36.12";
    private static final Path CHROMIUM = Path.of(System.getProperty("chromium", "/usr/bin/chromium"));
    private static final int DEADLINE_MILLIS = 90_000;
    private static final long PULSE_MILLIS = 500;
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final FakeLog log = new FakeLog();
    private final FakeRows rows = new FakeRows();
    private final FakeSessions sessions = new FakeSessions();
    private final FakeMarket market = new FakeMarket(log, 42);
    private final RecoverySystem recovery = new RecoverySystem().guarded();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService pulses = Executors.newSingleThreadScheduledExecutor();
    private final Path drills;
    private final Dashboard dashboard;
    private final Playwright playwright =
            Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    private final Browser browser;
    private final Page page;

    LivePageIT(@TempDir Path home) {
        drills = home.resolve("chaos");
        dashboard = Callers.dashboard(
                ADDRESS,
                home,
                new Dependencies(
                        log, sessions, rows, recovery.log(), new Agents(List.of(), ""), Callers.heldDrills(home)));
        PlaywrightAssertions.setDefaultAssertionTimeout(DEADLINE_MILLIS);
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of("--no-sandbox")));
        page = browser.newContext(new Browser.NewContextOptions().setViewportSize(1_440, 900))
                .newPage();
        // The page must do without it: only loopback addresses, such as a test's, have it without TLS.
        page.addInitScript("delete Crypto.prototype.randomUUID");
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
    }

    @BeforeEach
    void start() {
        market.begin();
        market.past();
        market.pulse();
        ScheduledFuture<?> _ =
                pulses.scheduleAtFixedRate(market::pulse, PULSE_MILLIS, PULSE_MILLIS, TimeUnit.MILLISECONDS);
        recovery.beat();
        dashboard.start();
    }

    @AfterEach
    void stop() {
        browser.close();
        playwright.close();
        dashboard.close();
        pulses.shutdownNow();
        recovery.close();
        UnderWay.read(drills).flatMap(each -> ProcessHandle.of(each.pid())).ifPresent(ProcessHandle::destroyForcibly);
    }

    private void login(String name) {
        page.navigate("http://" + ADDRESS + ":8080/");
        page.getByLabel("Name").fill(name);
        page.getByLabel("Password").fill(Callers.PASSWORD);
        page.getByRole(AriaRole.BUTTON).click();
        assertThat(page.locator("#verdict")).isVisible();
    }

    private Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private Locator region(String name) {
        return page.getByRole(
                AriaRole.REGION, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static long nowNanos() {
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    }

    private void giveReason(String reason, String verb) {
        Locator dialog = page.locator("dialog[open]");
        dialog.getByLabel("Reason").fill(reason);
        dialog.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(verb).setExact(true))
                .click();
    }

    @Test
    void an_operator_watches_a_fill_stops_a_strategy_and_kills_trading() {
        login("asha");
        assertThat(page.locator("#verdict")).hasText("Can trade");
        assertThat(region("Positions").locator("tr.differs")).containsText("SBIN");

        market.fill(FakeMarket.RELIANCE, Side.BUY, 17, "canary", nowNanos());
        assertThat(region("Orders").locator("tbody tr").first()).containsText("17 / 17");
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve("live.png")));

        button("Stop canary").click();
        giveReason("drifts from its mean", "Stop");
        assertThat(region("Strategies").locator("tbody tr").first()).containsText("stopped");
        assertThat(button("Start canary")).isVisible();

        button("Kill switch").click();
        giveReason("prices look wrong", "Kill all trading");
        assertThat(page.locator("#verdict")).hasText("Cannot trade");
        assertThat(page.locator("header.strip")).containsText("kill switch for all trading is engaged");
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve("killed.png")));

        assertThat(log.commands())
                .containsExactly(
                        new Command.ControlStrategy(false, "canary", "asha", "drifts from its mean"),
                        new Command.SetSwitch(SwitchKind.KILL, SwitchScope.ALL, true, "", "asha", "prices look wrong"));
        assertThat(complaints).isEmpty();
    }

    @Test
    void a_killed_system_is_released_with_a_reason() {
        login("asha");
        button("Kill switch").click();
        giveReason("prices look wrong", "Kill all trading");
        assertThat(page.locator("#verdict")).hasText("Cannot trade");

        page.locator("#kill").click();
        button("Release").click();
        assertThat(page.locator("dialog[open]")).containsText("canary was killed and stays stopped until started");
        giveReason("prices are right again", "Release");

        assertThat(page.locator("#verdict")).hasText("Can trade");
        assertThat(page.locator(".messages")).containsText("canary was killed and stays stopped");
        assertThat(region("Strategies").first()).containsText("1 killed, stopped until started");
        assertThat(page.locator("#kill")).hasText("Kill switch");
    }

    @Test
    void a_kill_needs_no_reason_and_the_release_can_start_what_was_killed() {
        login("asha");
        button("Kill switch").click();
        dialogButton("Kill all trading").click();
        assertThat(page.locator("#verdict")).hasText("Cannot trade");

        page.locator("#kill").click();
        assertThat(page.locator("dialog[open]").getByRole(AriaRole.BUTTON))
                .hasText(new String[] {"Release", "Close", "Engage another"});
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve("engaged.png")));
        dialogButton("Release").click();
        page.getByLabel("Start canary again at once").check();
        giveReason("prices are right again", "Release");

        assertThat(button("Stop canary")).isVisible();
        assertThat(log.commands())
                .containsExactly(
                        new Command.SetSwitch(SwitchKind.KILL, SwitchScope.ALL, true, "", "asha", "none given"),
                        new Command.SetSwitch(
                                SwitchKind.KILL, SwitchScope.ALL, false, "", "asha", "prices are right again"),
                        new Command.ControlStrategy(true, "canary", "asha", "prices are right again"));
    }

    private Locator dialogButton(String name) {
        return page.locator("dialog[open]")
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    @Test
    void an_order_by_hand_needs_a_reason_and_shows_the_refusal() {
        login("asha");
        Locator ticket = region("Order by hand");
        ticket.getByLabel("Quantity").fill("6000");

        button("Buy 6000 RELIANCE").click();
        assertThat(log.commands()).isEmpty();
        ticket.getByLabel("Reason").fill("hedge");
        button("Buy 6000 RELIANCE").click();

        assertThat(page.locator(".message.bad")).containsText("order quantity 6000 is over the limit 5000");
        ticket.getByLabel("Quantity").fill("6");
        button("Buy 6 RELIANCE").click();
        assertThat(page.locator(".message.good")).containsText("accepted");
        assertThat(region("Orders").locator("tbody tr").first()).containsText("6 / 6");
    }

    @Test
    void a_viewer_sees_everything_and_can_touch_nothing() {
        login("vik");

        assertThat(page.locator("#verdict")).hasText("Can trade");
        assertThat(region("Strategies").locator("tbody tr").first()).containsText("canary");
        assertThat(button("Stop canary")).hasCount(0);
        assertThat(button("Buy 1 RELIANCE")).isDisabled();
        button("Kill switch").click();
        assertThat(page.locator("dialog[open]")).containsText("Only an operator may engage");
    }

    @Test
    void silence_of_the_log_is_shown_as_unknown_and_the_loss_of_redis_is_named() {
        login("asha");
        sessions.down = true;
        log.setDown(true);

        assertThat(page.locator("#verdict")).hasText("Unknown");
        assertThat(page.locator("header.strip")).containsText("no pulse from the engine; last event");
        assertThat(region("Behind the log")).containsText("logins last until this process restarts");
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve("silent.png")));

        log.setDown(false);
        assertThat(page.locator("#verdict")).hasText("Can trade");
    }

    @Test
    void a_recorder_that_stopped_is_shown_with_its_cause_and_what_to_do() {
        login("asha");
        assertThat(region("Behind the log")).containsText("recorder 0 events behind");

        rows.stopped = true;

        assertThat(region("Behind the log"))
                .containsText("recording stopped: table trades is missing; ./holdfast rebuild rows trades --reason TEXT"
                        + " writes it anew from the log (event 3 was recorded 14 s ago");
        assertThat(page.locator("#verdict")).hasText("Can trade");
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve("recording-stopped.png")));

        rows.stopped = false;
        assertThat(region("Behind the log")).containsText("recorder 0 events behind");
    }

    @Test
    void an_operator_pauses_automation_is_refused_a_risky_fail_over_and_watches_a_real_one() {
        login("asha");
        assertThat(region("Recovery")).containsText("guarded");
        assertThat(region("Recovery")).containsText("no incident is open");
        button("Recovery").click();
        assertThat(region("PostgreSQL").locator("tbody tr")).hasCount(3);
        assertThat(region("PostgreSQL").locator("tbody tr").nth(2)).containsText("following");

        button("Pause automation").click();
        giveReason("work on host b", "Pause");
        assertThat(region("Recovery")).containsText("paused");
        button("Resume automation").click();
        giveReason("work is over", "Resume");
        assertThat(region("Decisions").locator("tbody tr").first()).containsText("automation resumed");

        button("Fail-over").click();
        Locator dialog = page.locator("dialog[open]");
        dialog.getByLabel("New primary").selectOption("c");
        giveReason("a is no good", "Fail over");
        assertThat(page.locator(".message.bad")).containsText("rows that a acknowledged could be lost");
        dialog.getByRole(AriaRole.CHECKBOX).check();
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Fail over"))
                .click();

        assertThat(region("Incident")).containsText("open for");
        assertThat(region("Incident")).containsText("fence ordered");
        assertThat(region("Recovery")).containsText("nobody");
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve("recovery.png")));
        // The browser itself reports the refused call.
        assertThat(complaints).allMatch(complaint -> complaint.contains("409"));
    }

    @Test
    void a_viewer_watches_recovery_and_has_no_button() {
        login("vik");
        button("Recovery").click();

        assertThat(region("PostgreSQL")).containsText("guarded");
        assertThat(button("Switchover")).hasCount(0);
        assertThat(button("Fail-over")).hasCount(0);
        assertThat(button("Pause automation")).hasCount(0);
    }

    @Test
    void silence_of_the_voters_is_shown_and_the_trading_view_lives_on() {
        login("asha");
        assertThat(region("Recovery")).containsText("guarded");

        recovery.close();

        assertThat(region("Recovery")).containsText("nothing heard from the voters for");
        assertThat(page.locator("#verdict")).hasText("Can trade");
    }

    @Test
    void an_operator_starts_a_drill_sees_its_fault_on_the_time_line_and_its_verdict() throws IOException {
        login("asha");
        button("Drills").click();
        Locator row = region("Drills")
                .locator("tbody tr")
                .filter(new Locator.FilterOptions().setHasText("Kills the dashboard."));
        assertThat(row).containsText("never run");
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve("drills.png")));

        button("Run dashboard-kill").click();
        giveReason("after the update", "Run the drill");

        assertThat(region("Run")).containsText("asha on the page: after the update");
        assertThat(region("Run").locator("li.now")).containsText("fault: dashboard-kill of a-dashboard");
        assertThat(region("Run").locator(".span i.bad")).hasCount(1);
        assertThat(region("Recovery")).containsText("dashboard-kill: fault");
        assertThat(button("Run trader-leader-kill")).isDisabled();

        HeldDrill.letGo(drills, "recovery");
        assertThat(region("Run").locator("li.now")).containsText("recovery");
        HeldDrill.letGo(drills, "report");
        assertThat(region("Run")).containsText("Its agent starts it again; trading does not notice.");
        assertThat(region("Run")).containsText("pass");
        assertThat(row).containsText("340 ms");
        assertThat(button("Run trader-leader-kill")).isEnabled();
        assertThat(complaints).isEmpty();
    }

    @Test
    void a_viewer_reads_what_drills_found_and_starts_none() {
        login("vik");
        button("Drills").click();

        assertThat(region("Drills")).containsText("Another leads and orders go on");
        assertThat(button("Run dashboard-kill")).hasCount(0);
    }
}
