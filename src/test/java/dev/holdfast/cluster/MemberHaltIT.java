package dev.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.log.EchoMachine;
import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes a member stop by itself. */
final class MemberHaltIT {

    @TempDir
    private Path folder;

    private List<Trader> traders = List.of();

    @BeforeEach
    void start() {
        traders = IntStream.range(0, ClusterHosts.ADDRESSES.size())
                .mapToObj(member -> new Trader(ClusterHosts.options(member, folder), EchoMachine::new))
                .toList();
        traders.forEach(Trader::start);
    }

    @AfterEach
    void stop() throws InterruptedException {
        List<Thread> stopping = traders.stream()
                .map(trader -> Thread.ofPlatform().start(trader::close))
                .toList();
        for (Thread thread : stopping) {
            thread.join();
        }
    }

    @Test
    void a_member_that_differs_from_the_majority_stays_down_until_a_person_has_looked() throws InterruptedException {
        try (Log log = AeronLog.connect(ClusterHosts.client(folder, "operator"))) {
            var _ = log.submit(new Command.ControlStrategy(true, EchoMachine.HALT, "tester", "1"));

            Termination termination = traders.get(1).awaitTermination();

            assertThat(termination.orderly()).isFalse();
            assertThat(termination.reason()).contains("told to halt");
            assertThat(traders.get(1).status().role()).isEqualTo("STOPPED");
            Trader again = new Trader(ClusterHosts.options(1, folder), EchoMachine::new);
            assertThatThrownBy(again::start)
                    .isInstanceOf(TraderFailure.class)
                    .hasMessageContaining("told to halt")
                    .hasMessageContaining("HALTED");
            assertThat(log.submitAndWait(new Command.Probe(), ClusterHosts.LIMIT)
                            .accepted())
                    .isTrue();
        }
    }

    @Test
    void what_the_machine_throws_stops_every_member_that_applies_it() throws InterruptedException {
        try (Log log = AeronLog.connect(ClusterHosts.client(folder, "operator"))) {
            var _ = log.submit(new Command.ControlStrategy(true, EchoMachine.THROW, "tester", ""));

            for (Trader trader : traders) {
                Termination termination = trader.awaitTermination();
                assertThat(termination.orderly()).isFalse();
                assertThat(termination.reason()).contains("told to throw");
            }
        }
    }

    @Test
    void a_second_trader_in_the_same_folder_is_refused() {
        Trader second = new Trader(ClusterHosts.options(0, folder), EchoMachine::new);

        assertThatThrownBy(second::start)
                .isInstanceOf(TraderFailure.class)
                .hasMessageContaining("another trader runs in");
    }
}
