package dev.holdfast.runtime.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.ConfigurationFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three hosts as the kernel makes them, each with a process that talks to the others over connections that stand throughout. */
class HostNetworkIT {

    private static final long LIMIT_NANOS = 90_000_000_000L;

    @TempDir
    Path home;

    private HostNetwork network;
    private Cuts cuts;
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private int lastNumber;

    @BeforeEach
    void make() throws IOException, InterruptedException {
        assumeTrue(
                HostNetwork.unavailable().isEmpty(),
                () -> HostNetwork.unavailable().orElse(""));
        network = new HostNetwork(home, configuration());
        try {
            network.make();
        } catch (IOException refused) {
            abort(String.valueOf(refused.getMessage()));
        }
        cuts = new Cuts(network);
        for (String name : List.of("a", "b", "c")) {
            hosts.put(name, new Host(name));
        }
        everyone_hears_everyone();
    }

    @AfterEach
    void remove() throws IOException, InterruptedException {
        for (Host host : hosts.values()) {
            host.process.destroyForcibly().waitFor();
        }
        if (network != null) {
            network.remove();
        }
    }

    @Test
    void a_host_that_is_cut_off_is_unheard_and_what_it_said_arrives_after_healing()
            throws IOException, InterruptedException {
        cuts.cut("c");
        cuts.cut("c");
        int fromCut = say("c", "a");
        int toCut = say("a", "c");
        awaitHeard("a", say("b", "a"));

        assertThat(host("a").heard).doesNotContain(fromCut);
        assertThat(host("c").heard).doesNotContain(toCut);
        assertThat(cuts.standing()).containsExactly("c is cut off from all");

        cuts.heal("c");
        cuts.heal("c");
        awaitHeard("a", fromCut);
        awaitHeard("c", toCut);
        everyone_hears_everyone();
    }

    @Test
    void two_hosts_that_are_cut_from_each_other_still_hear_the_third() throws IOException, InterruptedException {
        cuts.cut("a", "b");
        cuts.cut("a", "b");
        int toA = say("b", "a");
        int toB = say("a", "b");
        awaitHeard("a", say("c", "a"));
        awaitHeard("b", say("c", "b"));

        assertThat(host("a").heard).doesNotContain(toA);
        assertThat(host("b").heard).doesNotContain(toB);
        assertThat(cuts.standing()).containsExactly("a hears nothing of b", "b hears nothing of a");

        cuts.heal("a", "b");
        cuts.heal("a", "b");
        awaitHeard("a", toA);
        awaitHeard("b", toB);
    }

    @Test
    void cut_one_way_the_sender_still_hears_the_receiver() throws IOException, InterruptedException {
        cuts.cutFrom("a", "b");
        int toA = say("b", "a");
        int toB = say("a", "b");
        awaitHeard("b", toB);
        awaitHeard("a", say("c", "a"));

        assertThat(host("a").heard).doesNotContain(toA);

        cuts.healFrom("a", "b");
        awaitHeard("a", toA);
    }

    @Test
    void another_process_heals_all_by_the_homes_name_alone() throws IOException, InterruptedException {
        cuts.cut("c");
        cuts.cut("a", "b");
        cuts.cutFrom("outside", "a");

        Cuts another = new Cuts(new HostNetwork(home, configuration()));
        another.healAll();
        another.healAll();

        assertThat(cuts.standing()).isEmpty();
        everyone_hears_everyone();
    }

    @Test
    void what_a_crash_left_is_replaced_and_after_removal_nothing_is_left() throws IOException, InterruptedException {
        cuts.cut("a", "b");
        IpCommand.run("netns del " + namespaces().getFirst());
        assertThat(network.complete()).isFalse();
        for (Host host : hosts.values()) {
            host.process.destroyForcibly().waitFor();
        }

        network.make();

        assertThat(network.complete()).isTrue();
        assertThat(cuts.standing()).isEmpty();
        assertThatThrownBy(() -> new HostNetwork(home.resolve("other"), configuration()).make())
                .hasMessageContaining("10.99.0.1/16");
        network.remove();
        network.remove();
        assertThat(network.exists()).isFalse();
        assertThat(namespaces()).isEmpty();
        assertThat(IpCommand.run("-o link")).doesNotContain(Names.of(home).operatorLink());
        assertThatThrownBy(() -> cuts.cut("a")).hasMessageContaining("./holdfast up --network namespaces");
    }

    private void everyone_hears_everyone() throws InterruptedException {
        for (String from : hosts.keySet()) {
            for (String to : hosts.keySet()) {
                if (!from.equals(to)) {
                    awaitHeard(to, say(from, to));
                }
            }
        }
    }

    private Host host(String name) {
        return Objects.requireNonNull(hosts.get(name));
    }

    /** @return the number that the other will hear, once the sender's kernel has it */
    private int say(String from, String to) throws InterruptedException {
        int number = ++lastNumber;
        host(from).input.println("send " + network.address(to) + " " + number);
        await(host(from).sent, number, from + " to send " + number);
        return number;
    }

    private void awaitHeard(String host, int number) throws InterruptedException {
        await(host(host).heard, number, host + " to hear " + number);
    }

    private void await(Set<Integer> numbers, int number, String what) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        synchronized (numbers) {
            while (!numbers.contains(number)) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                assertThat(left).as("milliseconds left for " + what).isPositive();
                numbers.wait(left);
            }
        }
    }

    private List<String> namespaces() throws IOException, InterruptedException {
        return IpCommand.run("netns list")
                .lines()
                .map(line -> line.split(" ", -1)[0])
                .filter(name -> name.startsWith(Names.of(home).bridge()))
                .sorted()
                .toList();
    }

    private Configuration configuration() throws IOException {
        Path file = home.resolve(ConfigurationFile.NAME);
        try (var template = ConfigurationFile.class.getResourceAsStream("/holdfast.yaml")) {
            assertThat(template).isNotNull();
            Files.writeString(
                    file,
                    new String(template.readAllBytes(), StandardCharsets.UTF_8).replace("127.0.", "10.99.")
                            + "\nnamespaces:\n  operator: 10.99.0.1/16\n");
        }
        return ConfigurationFile.read(file);
    }

    /** A Java machine inside the host. */
    private final class Host {

        private final Process process;
        private final PrintStream input;
        private final Set<Integer> heard = ConcurrentHashMap.newKeySet();
        private final Set<Integer> sent = ConcurrentHashMap.newKeySet();
        private final Set<Integer> ready = ConcurrentHashMap.newKeySet();

        Host(String name) throws IOException, InterruptedException {
            process = new ProcessBuilder(network.inside(
                            name,
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx16m",
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Peer.class.getName(),
                                    network.address(name))))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
            Thread.ofPlatform().daemon().start(this::read);
            await(ready, 0, "the process of " + name + " to listen");
        }

        private void read() {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                lines.lines().forEach(this::take);
            } catch (IOException | java.io.UncheckedIOException killed) {
                tell(ready, -1);
            }
        }

        private void take(String line) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "ready" -> tell(ready, 0);
                case "sent" -> tell(sent, Integer.parseInt(words[1]));
                case "heard" -> tell(heard, Integer.parseInt(words[1]));
                default -> System.out.println(line);
            }
        }

        private void tell(Set<Integer> numbers, int number) {
            synchronized (numbers) {
                numbers.add(number);
                numbers.notifyAll();
            }
        }
    }
}
