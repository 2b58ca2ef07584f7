package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cluster.AeronLog;
import dev.holdfast.cluster.AeronLogOptions;
import dev.holdfast.cluster.Trader;
import dev.holdfast.log.EchoMachine;
import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.NftCommand;
import dev.holdfast.runtime.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attacks of another user of this machine on three running traders. Needs root, which can become another user. */
final class IntruderIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<Trader> traders = new ArrayList<>();

    @TempDir
    private Path folder;

    private Home home;
    private PortGuard guard;
    private Log log;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        assumeTrue(
                NftCommand.unavailable().isEmpty(),
                () -> NftCommand.unavailable().orElseThrow());
        OwnerOnly.passage(folder); // the intruder works below it, and so would a server's user
        home = Home.openOrCreate(folder.resolve("home"), "random:1", text -> text.replace("127.0.1.", "127.0.37."));
        guard = new PortGuard(home);
        guard.raise();
        for (Configuration.Host host : home.configuration().hostsWith(Configuration.Role.TRADER)) {
            Trader trader = new Trader(TraderService.options(home, host), EchoMachine::new);
            trader.start();
            traders.add(trader);
        }
        home.closeToOthers();
        log = AeronLog.connect(new AeronLogOptions(
                "friend",
                addresses().getFirst(),
                addresses(),
                home.secrets().read("cluster"),
                AeronFolders.of(home.path(), "a", "friend")));
        log.submitAndWait(new Command.Probe(), LIMIT);
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        if (log != null) {
            log.close();
        }
        traders.forEach(Trader::close);
        if (guard != null) {
            guard.remove();
            AeronFolders.deleteAll(home.path());
        }
    }

    @Test
    void another_user_reads_nothing_changes_nothing_and_is_counted() throws IOException, InterruptedException {
        long term = log.status().term();

        List<String> got = intrude();

        assertThat(got).hasSize(7 + 4 * addresses().size()).allMatch(line -> line.contains(": nothing ("));
        assertThat(guard.refused()).isPositive();
        assertUnharmed(term);
    }

    /** Where there is no packet filter, archives ask who somebody is. What members tell each other cannot ask. */
    @Test
    void without_the_packet_filter_the_recordings_stay_closed_and_the_consensus_is_open()
            throws IOException, InterruptedException {
        guard.remove();

        List<String> got = intrude();

        assertThat(got.stream().filter(line -> line.startsWith("recordings")))
                .hasSize(addresses().size())
                .allMatch(line -> line.contains(": nothing ("))
                .anyMatch(line -> line.contains("authentication rejected"));
        assertThat(traders).anyMatch(trader -> trader.refusals() > 0);
        assertThat(got).anyMatch(line -> line.startsWith("an election") && line.endsWith(": heard"));
    }

    private void assertUnharmed(long term) {
        for (int i = 0; i < 20; i++) {
            log.submitAndWait(new Command.Probe(), LIMIT);
        }
        assertThat(log.status().term()).as("no election").isEqualTo(term);
        assertThat(traders).noneMatch(trader -> trader.status().role().equals("STOPPED"));
        assertThat(traders).allMatch(trader -> trader.refusals() == 0);
    }

    private List<String> addresses() {
        return home.configuration().hostsWith(Configuration.Role.TRADER).stream()
                .map(Configuration.Host::address)
                .toList();
    }

    /** Runs as nobody, who cannot read our own class path. */
    private List<String> intrude() throws IOException, InterruptedException {
        Path place = Files.createDirectories(folder.resolve("intruder"));
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> classpath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":", -1)) {
            if (entry.matches(".*/(aeron|agrona)-[^/]*\\.jar")) {
                classpath.add(readable(Path.of(entry), place).toString());
            } else if (entry.endsWith("test-classes")) {
                Path classes = Files.createDirectories(place.resolve("dev/holdfast/cli"));
                for (String name : List.of("Intruder", "Intruder$Try")) {
                    readable(Path.of(entry, "dev/holdfast/cli", name + ".class"), classes);
                }
                classpath.add(place.toString());
            }
        }
        try (var all = Files.walk(place)) {
            for (Path each : all.filter(Files::isDirectory).toList()) {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxrwxrwx"));
            }
        }
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=nobody",
                "--regid=nogroup",
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                String.join(":", classpath),
                "dev.holdfast.cli.Intruder",
                place.resolve("scratch").toString(),
                home.path().toString(),
                AeronFolders.beginning(home.path()).toString()));
        addresses().forEach(address -> command.add(address + ":7000"));
        Path printed = folder.resolve("printed");
        Process process = new ProcessBuilder(command)
                .directory(place.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        String all = Files.readString(printed);
        assertThat(ended && process.exitValue() == 0).as(all).isTrue();
        return all.lines().toList();
    }

    private static Path readable(Path from, Path folder) throws IOException {
        Path to = folder.resolve(from.getFileName());
        if (!Files.exists(to)) {
            Files.copy(from, to);
            Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-r--r--"));
        }
        return to;
    }
}
