package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import dev.holdfast.runtime.BoundedDisk;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.namespaces.HostNetwork;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandLineTest {

    @TempDir
    Path home;

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    @Test
    void help_shows_what_there_is_and_hides_what_is_internal() {
        int exitCode = Main.execute("--help");

        assertThat(exitCode).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("up", "down", "status")
                .doesNotContain("rehearse");
    }

    @Test
    void a_home_without_a_system_is_a_usage_error_that_says_what_to_do() {
        int exitCode = Main.execute("status", "--home", home.toString());

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("./holdfast up");
    }

    @Test
    void with_json_a_failure_too_is_one_document() {
        int exitCode = Main.execute("down", "--json", "--home", home.toString());

        JsonNode document = new JsonMapper().readTree(out.toString(StandardCharsets.UTF_8));
        assertThat(exitCode).isEqualTo(2);
        assertThat(document.path("ok").asBoolean(true)).isFalse();
        assertThat(document.path("error").asString()).contains("no system");
    }

    @Test
    void an_argument_that_would_forge_a_line_is_refused() {
        int exitCode = Main.execute("kill", "off", "--reason", "none\nkill switch released", "--home", home.toString());

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("has the character U+000A at place 5");
    }

    @Test
    void a_reason_that_the_log_would_cut_is_refused() {
        assertThatThrownBy(() ->
                        CommandTexts.require(new dev.holdfast.protocol.Command.CancelOrder(1, "asha", "x".repeat(201))))
                .hasMessage("reason has 201 bytes, expected at most 200");
    }

    @Test
    void text_of_others_cannot_move_the_terminals_cursor_or_forge_a_row() {
        Console console = new Console(System.out, System.err, false);

        console.result("", () -> Console.table(List.of(List.of("REASON"), List.of("bad\u001B[2J\n7 FILLED"))));

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("REASON", "bad\\u001B[2J\\u000A7 FILLED");
    }

    @Test
    void a_released_kill_switch_names_what_stays_stopped_and_how_it_is_started() {
        Kill.Released released = new Kill.Released(List.of("canary", "sma-cross"), Map.of(), " --home other");

        assertThat(released.text()).isEqualTo("""
                kill switch released
                still stopped, until you start it:
                  ./holdfast strategy start canary --home other
                  ./holdfast strategy start sma-cross --home other
                or all of them: ./holdfast kill off --restart --reason TEXT --home other""");
        assertThat(released.stillStopped()).containsExactly("canary", "sma-cross");
    }

    @Test
    void with_restart_it_names_what_started_and_what_did_not() {
        Map<String, Reply> starts = new LinkedHashMap<>();
        starts.put("canary", new Reply(1, 1, ReplyCode.OK, 0, 9, ""));
        starts.put("sma-cross", new Reply(1, 2, ReplyCode.REFUSED, 0, 9, "a kill switch covers strategy sma-cross"));

        Kill.Released released = new Kill.Released(List.of("canary", "sma-cross"), starts, "");

        assertThat(released.text()).isEqualTo("""
                kill switch released
                canary: started
                sma-cross: not started: a kill switch covers strategy sma-cross
                still stopped, until you start it:
                  ./holdfast strategy start sma-cross""");
        assertThat(new Kill.Released(List.of(), Map.of(), "").text()).isEqualTo("kill switch released");
    }

    @Test
    void a_user_is_added_listed_changed_and_disabled_and_a_made_password_is_printed_once() throws IOException {
        Files.copy(
                Objects.requireNonNull(CommandLineTest.class.getResourceAsStream("/holdfast.yaml")),
                home.resolve("holdfast.yaml"));
        String at = "--home=" + home;

        assertThat(Main.execute("user", "add", "asha", "--role", "operator", "--json", at))
                .isZero();
        String password = new JsonMapper()
                .readTree(out.toString(StandardCharsets.UTF_8))
                .path("password")
                .asString();
        assertThat(password).matches("[a-z2-9]{5}(-[a-z2-9]{5}){3}");
        assertThat(Main.execute("user", "role", "asha", "viewer", at)).isZero();
        assertThat(Main.execute("user", "disable", "asha", at)).isZero();
        out.reset();
        assertThat(Main.execute("user", "list", at)).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("NAME  ROLE    STATE", "asha  viewer  disabled");
        assertThat(Files.readString(home.resolve("secrets/users.json"))).doesNotContain(password);
    }

    @Test
    void a_password_is_read_from_a_prompt_and_never_an_argument() throws IOException {
        Files.copy(
                Objects.requireNonNull(CommandLineTest.class.getResourceAsStream("/holdfast.yaml")),
                home.resolve("holdfast.yaml"));
        InputStream realIn = System.in;
        try {
            System.setIn(new ByteArrayInputStream("correct horse battery\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(Main.execute("user", "add", "bo", "--role=viewer", "--prompt", "--home=" + home))
                    .isZero();
            System.setIn(new ByteArrayInputStream("short\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(Main.execute("user", "password", "bo", "--prompt", "--home=" + home))
                    .isEqualTo(2);
        } finally {
            System.setIn(realIn);
        }

        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("correct horse battery");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("password has 5 characters, expected 12 to 200");
        assertThat(Main.execute("user", "password", "bo", "a-password-here", "--home=" + home))
                .isEqualTo(2);
        assertThat(Main.execute("user", "role", "nobody", "viewer", "--home=" + home))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("there is no user 'nobody'; there are [bo]");
    }

    @Test
    void a_wrong_configuration_is_refused_with_its_lines() throws IOException {
        Files.writeString(home.resolve("holdfast.yaml"), "region: x\nhosst: []\n");

        int exitCode = Main.execute("up", "--home", home.toString());

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("line 2: hosst is unknown here");
    }

    @Test
    void a_taken_port_is_named_with_its_holder() throws IOException {
        try (InputStream template = Objects.requireNonNull(Main.class.getResourceAsStream("/holdfast.yaml"))) {
            // Addresses of its own: a system may run on the default ones while this test does.
            String text = new String(template.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("127.0.1.", "127.0.35.20")
                    .replace("127.0.3.1", "127.0.35.204");
            Files.writeString(home.resolve("holdfast.yaml"), text);
        }
        Home opened = Home.open(home);
        String address = opened.configuration().hosts().getFirst().address();
        assertThat(Ports.taken(opened.configuration())).isEmpty();

        try (ServerSocket holder = new ServerSocket(8081, 1, InetAddress.ofLiteral(address))) {
            List<String> taken = Ports.taken(opened.configuration());

            assertThat(holder.isBound()).isTrue();
            assertThat(taken)
                    .singleElement()
                    .asString()
                    .contains(
                            address + ":8081",
                            "agent of host a",
                            "process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void a_home_keeps_the_network_that_it_was_made_with() throws IOException {
        assumeTrue(
                HostNetwork.unavailable().isEmpty(),
                () -> HostNetwork.unavailable().orElse(""));
        Home.openOrCreate(home, "random:1");
        Path other = home.resolve("other");
        Home made = Home.openOrCreate(other, "random:1", DefaultConfiguration::inNamespaces);

        int asNamespaces = Main.execute("up", "--network", "namespaces", "--home", home.toString());
        int asLoopback = Main.execute("up", "--network", "loopback", "--home", other.toString());

        assertThat(made.configuration().hosts())
                .extracting(Configuration.Host::address)
                .containsExactly("10.77.1.1", "10.77.1.2", "10.77.1.3");
        assertThat(made.configuration().broker().restUrl()).isEqualTo("http://10.77.3.1:8090");
        assertThat(asNamespaces).isEqualTo(2);
        assertThat(asLoopback).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("the hosts of " + home + " are not network namespaces")
                .contains("the hosts of " + other + " are network namespaces");
    }

    @Test
    void without_root_namespaces_are_refused_before_a_home_is_made() {
        Optional<String> reason = HostNetwork.unavailable();
        assumeTrue(reason.isPresent(), "this user may make network namespaces");
        Path fresh = home.resolve("fresh");

        int exitCode = Main.execute("up", "--network", "namespaces", "--home", fresh.toString());

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--network namespaces: " + reason.orElse(""));
        assertThat(fresh).doesNotExist();
    }

    @Test
    void a_home_keeps_the_disks_that_it_was_made_with_and_their_size_is_checked_before_it_is_made() throws IOException {
        assumeTrue(
                BoundedDisk.unavailable().isEmpty(),
                () -> BoundedDisk.unavailable().orElse(""));
        Path fresh = home.resolve("fresh");
        Home.openOrCreate(home, "random:1");

        int tooSmall = Main.execute("up", "--database-disk", "12", "--home", fresh.toString());
        int tooLate = Main.execute("up", "--database-disk", "2048", "--home", home.toString());

        assertThat(List.of(tooSmall, tooLate)).containsOnly(2);
        assertThat(fresh).doesNotExist();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("--database-disk is 12, expected 1024 to 1048576 megabytes")
                .contains("--database-disk is for a new home");
        Home made = Home.openOrCreate(fresh, "random:1", text -> DefaultConfiguration.withDatabaseDisks(text, 2_048));
        assertThat(made.configuration().databaseDiskMegabytes()).hasValue(2_048);
    }

    @Test
    void up_checks_its_options_before_it_makes_or_starts_anything() throws IOException {
        Path fresh = home.resolve("fresh");
        Path empty = Files.createDirectories(home.resolve("empty"));
        for (List<String> wrong : List.of(
                List.of("--speed=0"),
                List.of("--speed=-1"),
                List.of("--speed=NaN"),
                List.of("--speed=Infinity"),
                List.of("--speed=1e300"),
                List.of("--speed=fast"),
                List.of("--market=random:x"),
                List.of("--market=" + home.resolve("nowhere")),
                List.of("--market=" + empty),
                List.of("--network=cables"))) {
            int exitCode = Main.execute("up", "--home", fresh.toString(), wrong.getFirst());

            assertThat(exitCode)
                    .as(wrong + ": " + err.toString(StandardCharsets.UTF_8))
                    .isEqualTo(2);
            assertThat(fresh).as(wrong.getFirst()).doesNotExist();
        }
    }

    @Test
    void a_measurement_of_nothing_is_refused() {
        assertThat(Main.execute("bench", "feed", "--runs", "0", "--home", home.toString()))
                .isEqualTo(2);
        assertThat(Main.execute("bench", "feed", "--run-millis", "-5", "--home", home.toString()))
                .isEqualTo(2);
        assertThat(Main.execute("bench")).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("--runs is 0; expected at least 1", "--run-millis is -5", "Missing required subcommand");
    }

    @Test
    void prices_are_rupees_with_two_decimals() {
        assertThat(Paise.parse("1520.55")).isEqualTo(152_055);
        assertThat(Paise.parse("7")).isEqualTo(700);
        assertThat(Paise.text(152_055)).isEqualTo("1520.55");
        assertThatThrownBy(() -> Paise.parse("1.005")).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> Paise.parse("ten")).isInstanceOf(Failure.class);
    }

    @Test
    void columns_are_as_wide_as_their_widest_cell() {
        assertThat(Console.table(List.of(List.of("A", "BB"), List.of("long", "c")))
                        .lines())
                .containsExactly("A     BB", "long  c");
    }
}
