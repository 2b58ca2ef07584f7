package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.ServerFolder;
import dev.holdfast.runtime.Folders;
import dev.holdfast.runtime.NftCommand;
import dev.holdfast.runtime.OwnedProcess;
import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** The whole system as its user meets it: real processes, on addresses of their own. */
class SystemIT {

    private static final long COMMAND_LIMIT_SECONDS = 150;
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private Path home;

    @BeforeEach
    void configure() throws IOException {
        home = Files.createDirectories(folder.resolve("home"));
        try (InputStream template = Objects.requireNonNull(SystemIT.class.getResourceAsStream("/holdfast.yaml"))) {
            String text = new String(template.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("127.0.1.", "127.0.35.")
                    .replace("127.0.3.1", "127.0.35.100");
            Files.writeString(home.resolve("holdfast.yaml"), text);
        }
    }

    /** Also after a failure: nothing of a test may stay behind. */
    @AfterEach
    void end() throws IOException, InterruptedException {
        run("down");
        for (ProcessHandle left : Home.open(home).processes()) {
            left.destroyForcibly();
        }
    }

    @Test
    void it_trades_survives_kills_stops_whole_and_goes_on_where_it_stood() throws IOException, InterruptedException {
        JsonNode up = document(run("up", "--json"));
        assertThat(up.path("ok").asBoolean()).as(up.toString()).isTrue();
        assertThat(up.path("firstFillMillis").isNumber()).isTrue();
        assertThat(up.path("password").asString()).isNotBlank();

        Outcome again = run("up", "--json");
        assertThat(again.exitCode())
                .as("a second up on a living system: " + again.err())
                .isZero();

        nothing_of_it_can_be_read_by_other_users();
        other_users_cannot_reach_the_members();
        killed_processes_come_back();
        what_is_frozen_is_replaced();
        a_drill_kills_the_primary_database_and_keeps_its_verdict();
        a_drill_outlives_the_dashboard_that_started_it(
                up.path("user").asString(), up.path("password").asString());
        what_the_exchange_does_wrong_is_proved_by_its_book();

        succeed("order", "place", "buy", "3", "NSE:TCS", "--product", "CNC");
        succeed("strategy", "stop", "canary");
        succeed("strategy", "stop", "sma-cross");
        a_trader_that_lost_its_disk_is_filled_from_the_others();
        postgres_is_restarted_host_by_host();
        when_a_majority_of_the_voters_is_lost_the_best_copy_is_promoted_by_one_command();
        succeed("audit");
        JsonNode before = positions();
        assertThat(before.path("NSE:TCS CNC").asLong()).as(before.toString()).isEqualTo(3);

        JsonNode down = document(run("down", "--json"));
        assertThat(down.path("ok").asBoolean()).as(down.toString()).isTrue();
        assertThat(Home.open(home).processes()).isEmpty();

        succeed("up");
        assertThat(positions()).isEqualTo(before);
        succeed("audit");
    }

    private void succeed(String... arguments) throws IOException, InterruptedException {
        Outcome outcome = run(arguments);
        assertThat(outcome.exitCode())
                .as(List.of(arguments) + ": " + outcome.out() + outcome.err())
                .isZero();
    }

    private JsonNode positions() throws IOException, InterruptedException {
        return document(run("status", "--json")).path("engine").path("positions");
    }

    /** Every folder and file, whatever umask this test was started with. Who can read a driver's files can end a member. */
    private void nothing_of_it_can_be_read_by_other_users() throws IOException {
        Path outside = ServerFolder.outside(home);
        List<Path> passages = new ArrayList<>(List.of(home, home.resolve("hosts"), outside));
        for (String host : List.of("a", "b", "c")) {
            passages.addAll(List.of(home.resolve("hosts").resolve(host), outside.resolve(host)));
        }
        List<Path> roots = List.of(home, AeronFolders.beginning(home), outside);
        List<String> open = new ArrayList<>();
        for (Path root : roots) {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) throws IOException {
                    note(each, passages.contains(each) ? "rwx--x--x" : "rwx------");
                    // Whose folder is closed, and whose files belong to a checkout too.
                    return each.equals(home.resolve("releases"))
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                    if (!attributes.isSymbolicLink()) {
                        note(each, "rwx------");
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path each, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }

                private void note(Path each, String most) throws IOException {
                    try {
                        var permissions = Files.getPosixFilePermissions(each);
                        if (!PosixFilePermissions.fromString(most).containsAll(permissions)) {
                            open.add(PosixFilePermissions.toString(permissions) + " " + each);
                        }
                    } catch (NoSuchFileException gone) {
                        return; // the system is at work
                    }
                }
            });
        }
        assertThat(open).isEmpty();
        assertThat(AeronFolders.beginning(home)).exists();
    }

    private void other_users_cannot_reach_the_members() throws InterruptedException {
        if (NftCommand.unavailable().isEmpty()) {
            assertThat(new PortGuard(Home.open(home)).fault()).isEmpty();
        }
    }

    private void killed_processes_come_back() throws IOException, InterruptedException {
        JsonNode before = document(run("status", "--json"));
        for (String process : List.of("trader", "gateway", "dashboard")) {
            long pid = pid(before, process);
            assertThat(ProcessHandle.of(pid)).as(process).isPresent();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(COMMAND_LIMIT_SECONDS);
        JsonNode now = before;
        while (System.nanoTime() - deadline < 0 && !(now.path("canTrade").asBoolean() && restarted(before, now))) {
            now = document(run("status", "--json"));
        }
        assertThat(now.path("canTrade").asBoolean() && restarted(before, now))
                .as(now.toString())
                .isTrue();
    }

    private void what_is_frozen_is_replaced() throws IOException, InterruptedException {
        JsonNode before = document(run("status", "--json"));
        for (String process : List.of("trader", "gateway", "dashboard", "redis", "sentinel")) {
            assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(pid(before, process)))
                            .start()
                            .waitFor())
                    .as(process)
                    .isZero();
        }
        await(now -> now.path("trading").asString().equals("CAN")
                && restarted(before, now)
                && pid(now, "redis") != pid(before, "redis")
                && pid(now, "sentinel") != pid(before, "sentinel"));
    }

    private void a_drill_kills_the_primary_database_and_keeps_its_verdict() throws IOException, InterruptedException {
        JsonNode report = document(run("drill", "run", "postgres-kill", "--reason", "system test", "--json"));

        assertThat(report.path("verdict").asString()).as(report.toString()).isEqualTo("pass");
        assertThat(report.path("rtoTradeMillis").isNumber()).isTrue();
        assertThat(report.path("rtoDurableMillis").isNumber()).isTrue();
        assertThat(report.path("rowsAcknowledged").asLong()).isPositive();
        assertThat(report.path("rowsLost").asLong(-1)).isZero();
        for (JsonNode drill : document(run("drill", "list", "--json")).path("drills")) {
            boolean ran = drill.path("name").asString().equals("postgres-kill");
            assertThat(drill.path("last").isNull()).as(drill.toString()).isEqualTo(!ran);
        }
    }

    private void a_drill_outlives_the_dashboard_that_started_it(String user, String password)
            throws IOException, InterruptedException {
        HttpResponse<String> login =
                page("login", "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(user, password), "", "");
        String cookie = login.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
        String token = JSON.readTree(login.body()).path("csrf").asString();

        HttpResponse<String> started = page("drills/dashboard-kill", "{\"reason\":\"system test\"}", cookie, token);

        assertThat(started.statusCode()).as(started.body()).isEqualTo(200);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(COMMAND_LIMIT_SECONDS);
        JsonNode report = JSON.nullNode();
        while (report.isNull() && System.nanoTime() - deadline < 0) {
            for (JsonNode drill : document(run("drill", "list", "--json")).path("drills")) {
                report = drill.path("name").asString().equals("dashboard-kill") ? drill.path("last") : report;
            }
        }
        assertThat(report.path("verdict").asString()).as(report.toString()).isEqualTo("pass");
        assertThat(report.path("target").asString()).isEqualTo("a-dashboard");
        assertThat(report.path("purpose").asString()).isEqualTo(user + " on the page: system test");
    }

    private static HttpResponse<String> page(String path, String body, String cookie, String token)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.35.1:8080/api/" + path))
                .header("Content-Type", "application/json")
                .header("Cookie", cookie)
                .header("X-CSRF-Token", token)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    /** Each fault is spent by the canary's orders; what it leaves uncertain must end by evidence. */
    private void what_the_exchange_does_wrong_is_proved_by_its_book() throws IOException, InterruptedException {
        for (String fault : List.of(
                "{'kind':'TIMEOUT_AFTER_ACCEPT','count':1,'millis':3000}",
                "{'kind':'ERROR_AFTER_ACCEPT','count':1}",
                "{'kind':'REJECT_ORDERS','count':1}",
                "{'kind':'POSTBACK_DUPLICATE','count':2}",
                "{'kind':'TOKEN_DEATH'}",
                "{'kind':'DROP_TICKER'}")) {
            control("POST", fault.replace('\'', '"'));
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(COMMAND_LIMIT_SECONDS);
        boolean over = false;
        while (!over && System.nanoTime() - deadline < 0) {
            JsonNode engine = document(run("status", "--json")).path("engine");
            over = JSON.readTree(control("GET", "")).path("active").isEmpty()
                    && engine.path("uncertainOrders").asLong(-1) == 0;
        }
        assertThat(over).as("every fault is spent and no order uncertain").isTrue();
    }

    private void a_trader_that_lost_its_disk_is_filled_from_the_others() throws IOException, InterruptedException {
        long before = pid(document(run("status", "--json")), "trader");
        lose(before, "a", "trader");

        JsonNode now = await(status -> status.path("canTrade").asBoolean()
                && pid(status, "trader") != 0
                && pid(status, "trader") != before
                && detail(status, "trader").contains("begun=true"));
        assertThat(Files.readString(home.resolve("logs/a-trader.log")))
                .as(now.toString())
                .contains("EmptyMember trader 0 is filled");
    }

    private void postgres_is_restarted_host_by_host() throws IOException, InterruptedException {
        JsonNode restarted = document(run("restart", "postgres", "--reason", "system test", "--json"));

        assertThat(restarted.path("ok").asBoolean()).as(restarted.toString()).isTrue();
        assertThat(restarted.path("restarted")).hasSize(3);
    }

    private void when_a_majority_of_the_voters_is_lost_the_best_copy_is_promoted_by_one_command()
            throws IOException, InterruptedException {
        JsonNode status = document(run("status", "--json"));
        for (String host : List.of("a", "b")) {
            lose(pid(status, host, "voter"), host, "voter");
        }
        await(now -> detail(now, "voter").contains("[c] have begun"));

        JsonNode recovered = document(run("voters", "recover", "--accept-loss", "--reason", "system test", "--json"));
        assertThat(recovered.path("ok").asBoolean()).as(recovered.toString()).isTrue();
        assertThat(recovered.path("term").asLong()).isGreaterThan(1_000);
    }

    /** Killed, and its folder gone before it is started again. */
    private void lose(long pid, String host, String member) throws IOException, InterruptedException {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        OwnedProcess.awaitExit(process, Duration.ofSeconds(COMMAND_LIMIT_SECONDS));
        for (String part : List.of("cluster", "archive", "begun")) {
            Folders.delete(home.resolve("hosts").resolve(host).resolve(member).resolve(part));
        }
    }

    private JsonNode await(Predicate<JsonNode> awaited) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(COMMAND_LIMIT_SECONDS);
        JsonNode now = document(run("status", "--json"));
        while (!awaited.test(now) && System.nanoTime() - deadline < 0) {
            now = document(run("status", "--json"));
        }
        assertThat(awaited.test(now)).as(now.toString()).isTrue();
        return now;
    }

    private String control(String method, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.35.100:8090/control/faults"))
                .header("Authorization", "Bearer " + new Secrets(home).read("exchange-control"))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(body + ": " + response.body()).isEqualTo(200);
            return response.body();
        }
    }

    private static boolean restarted(JsonNode before, JsonNode now) {
        return List.of("trader", "gateway", "dashboard").stream()
                .allMatch(process -> pid(now, process) != 0 && pid(now, process) != pid(before, process));
    }

    /** On the first host, which runs every role. */
    private static long pid(JsonNode status, String process) {
        return pid(status, "a", process);
    }

    private static long pid(JsonNode status, String host, String process) {
        return process(status, host, process).path("pid").asLong(0);
    }

    private static String detail(JsonNode status, String process) {
        return process(status, "a", process).path("detail").asString("");
    }

    private static JsonNode process(JsonNode status, String host, String process) {
        for (JsonNode each : status.path("hosts")) {
            for (JsonNode one : each.path("processes")) {
                if (each.path("host").asString().equals(host)
                        && one.path("name").asString().equals(process)) {
                    return one;
                }
            }
        }
        return MissingNode.getInstance();
    }

    private record Outcome(int exitCode, String out, String err) {}

    private static JsonNode document(Outcome outcome) {
        assertThat(outcome.out()).as(outcome.err()).isNotBlank();
        return JSON.readTree(outcome.out());
    }

    /** Runs a command as the launcher does, in a process of its own. */
    private Outcome run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dholdfast.log.level=WARN",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.holdfast.cli.Main"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--home", home.toString()));
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended = process.waitFor(COMMAND_LIMIT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended)
                .as(List.of(arguments) + " within " + COMMAND_LIMIT_SECONDS + " s: " + Files.readString(err))
                .isTrue();
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
