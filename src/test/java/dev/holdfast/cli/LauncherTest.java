package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code holdfast} in a checkout of its own, with a build and a Java that only write down how they were called. */
class LauncherTest {

    private static final long LIMIT_SECONDS = 60;

    private static final String JAVA = """
            #!/bin/sh
            case "$*" in
                *-XshowSettings*) echo "    java.specification.version = 25" ;;
                *) echo "$*" ;;
            esac
            """;

    /** Makes other jars each time, or fails as a compiler does. */
    private static final String BUILD = """
            #!/bin/sh
            cd "$(dirname "$0")"
            echo built >> builds
            [ ! -e src/main/broken ] || { echo "src/main/broken: error" >&2; exit 1; }
            mkdir -p target/lib
            cp builds target/holdfast-1.jar
            echo library > target/lib/library.jar
            """;

    @TempDir
    Path folder;

    private Path checkout;
    private Path home;

    private record Outcome(int exitCode, String out, String err) {

        /** Of the jars that Java was started with. */
        String release() {
            return out.replaceAll("(?s).*/releases/([0-9a-f]+)/.*", "$1");
        }
    }

    @BeforeEach
    void copyTheScript() throws IOException {
        checkout = Files.createDirectories(folder.resolve("checkout"));
        home = Files.createDirectories(folder.resolve("home"));
        Files.createDirectories(checkout.resolve("scripts"));
        Files.createDirectories(checkout.resolve("src/main"));
        Files.writeString(checkout.resolve("pom.xml"), "");
        for (String file : List.of("holdfast", "scripts/jdk.sh", "scripts/packages.sh")) {
            Files.copy(Path.of(file).toAbsolutePath(), checkout.resolve(file));
        }
        program(checkout.resolve("build"), BUILD);
        program(folder.resolve("jdk/bin/java"), JAVA);
        program(folder.resolve("jdk/bin/javac"), JAVA);
        for (String there : List.of("mvn", "postgres", "redis-server", "redis-sentinel")) {
            program(folder.resolve("programs").resolve(there), "#!/bin/sh\n");
        }
    }

    @Test
    void the_first_command_of_a_new_checkout_builds() throws IOException, InterruptedException {
        Outcome first = run("help");

        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out()).contains("dev.holdfast.cli.Main help");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void an_operators_command_never_builds_and_runs_what_the_home_runs() throws IOException, InterruptedException {
        String release = up();
        touchSources();

        Outcome kill = run("kill", "on", "--home", home.toString());

        assertThat(kill.exitCode()).as(kill.err()).isZero();
        assertThat(kill.release()).isEqualTo(release);
        assertThat(kill.err()).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void sources_that_do_not_compile_block_no_command() throws IOException, InterruptedException {
        String release = up();
        Files.writeString(checkout.resolve("src/main/broken"), "no Java");
        touchSources();

        assertThat(run("kill", "on", "--home=" + home).release()).isEqualTo(release);
        assertThat(run("up", "--home", home.toString()).exitCode()).isEqualTo(1);
        assertThat(run("kill", "on", "--home", home.toString()).release()).isEqualTo(release);
    }

    @Test
    void two_homes_run_two_releases_side_by_side() throws IOException, InterruptedException {
        String first = up();
        Path other = Files.createDirectories(folder.resolve("other"));
        try (Standing _ = new Standing(home, first)) {
            touchSources();
            Outcome up = run("up", "--home", other.toString());
            remember(other, up.release());

            assertThat(up.release()).isNotEqualTo(first);
            assertThat(run("status", "--home", home.toString()).release()).isEqualTo(first);
            assertThat(run("status", "--home", other.toString()).release()).isEqualTo(up.release());
        }
    }

    @Test
    void up_on_a_running_home_keeps_its_release_and_says_so() throws IOException, InterruptedException {
        String release = up();
        touchSources();

        try (Standing _ = new Standing(home, release)) {
            Outcome again = run("up", "--home", home.toString());

            assertThat(again.release()).isEqualTo(release);
            assertThat(again.err()).contains("'down' and 'up' move");
        }
        assertThat(builds()).isEqualTo(1);
        assertThat(run("up", "--home", home.toString()).release()).isNotEqualTo(release);
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void build_alone_makes_the_release_that_the_next_command_runs() throws IOException, InterruptedException {
        run("make-release");
        touchSources();

        Outcome old = run("simulate");
        Outcome made = run("make-release");
        Outcome fresh = run("simulate");

        assertThat(old.err()).contains("'./build' makes a new one");
        assertThat(made.out()).as("runs nothing").isEmpty();
        assertThat(fresh.release()).isNotEqualTo(old.release());
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void a_release_that_is_gone_is_named_and_the_homes_own_copy_serves_first()
            throws IOException, InterruptedException {
        up();
        remember(home, "0123456789abcdef");

        Outcome gone = run("status", "--home", home.toString());

        assertThat(gone.exitCode()).isZero();
        assertThat(gone.err()).contains("0123456789abcdef", "is gone", "the newest build");
        Files.createDirectories(home.resolve("releases/0123456789abcdef"));
        Files.writeString(home.resolve("releases/0123456789abcdef/a.jar"), "");
        assertThat(run("status", "--home", home.toString()).release()).isEqualTo("0123456789abcdef");
    }

    /** As a home is after an 'up', whose Java writes the name down. */
    private String up() throws IOException, InterruptedException {
        Outcome up = run("up", "--home", home.toString());
        assertThat(up.exitCode()).as(up.err()).isZero();
        remember(home, up.release());
        return up.release();
    }

    private static void remember(Path home, String release) throws IOException {
        Files.writeString(Files.createDirectories(home.resolve("state")).resolve("release"), release + "\n");
    }

    private void touchSources() throws IOException {
        Path file = checkout.resolve("src/main/Touched.java");
        Files.writeString(file, "");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(1)));
    }

    private long builds() throws IOException {
        try (Stream<String> lines = Files.lines(checkout.resolve("builds"))) {
            return lines.count();
        }
    }

    private Outcome run(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("sh", checkout.resolve("holdfast").toString()));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().remove("HOLDFAST_RELEASE");
        builder.environment().put("JAVA_25_HOME", folder.resolve("jdk").toString());
        builder.environment().merge("PATH", folder.resolve("programs").toString(), (path, ours) -> ours + ":" + path);
        Process process = builder.start();
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                .as(command.toString())
                .isTrue();
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static void program(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A process that looks like one of a running home, until it is closed. */
    private static final class Standing implements AutoCloseable {

        private final Process process;

        Standing(Path home, String release) throws IOException {
            process = new ProcessBuilder(
                            "sh",
                            "-c",
                            "cat; :",
                            "java",
                            "-cp",
                            "/x/releases/" + release + "/a.jar",
                            "--home",
                            home.toString())
                    .start();
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            process.onExit().join();
        }
    }
}
