package dev.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.log.EchoMachine;
import dev.holdfast.log.Log;
import dev.holdfast.log.LogContract;
import dev.holdfast.protocol.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract of the log on a real cluster of three members, here within this process. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AeronLogIT implements LogContract {

    private final List<Trader> traders = new ArrayList<>();
    private final AtomicInteger clients = new AtomicInteger();

    @TempDir
    private static Path folder;

    @BeforeAll
    void start() {
        for (int member = 0; member < ClusterHosts.ADDRESSES.size(); member++) {
            Trader trader = new Trader(ClusterHosts.options(member, folder), EchoMachine::new);
            trader.start();
            traders.add(trader);
        }
    }

    @AfterAll
    void stop() throws InterruptedException {
        List<Thread> stopping = traders.stream()
                .map(trader -> Thread.ofPlatform().start(trader::close))
                .toList();
        for (Thread stop : stopping) {
            stop.join();
        }
        for (Trader trader : traders) {
            assertThat(trader.awaitTermination().orderly()).isTrue();
        }
    }

    @Override
    public Log connect() {
        return AeronLog.connect(ClusterHosts.client(folder, "client" + clients.incrementAndGet()));
    }

    @Override
    public void awaitPulse() {
        // It comes by itself.
    }

    @Test
    void a_client_without_the_secret_is_refused() {
        AeronLogOptions known = ClusterHosts.client(folder, "stranger");
        AeronLogOptions stranger = new AeronLogOptions(
                known.name(), known.ownAddress(), known.memberAddresses(), "guessed", known.aeronFolder());

        try (Log friend = connect();
                Log log = AeronLog.connect(stranger)) {
            friend.submitAndWait(new Command.Probe(), LIMIT);
            var reply = log.submit(new Command.Probe());

            ClusterHosts.await(
                    "the members to see both clients", () -> friend.status().connected());
            for (int i = 0; i < 50; i++) {
                friend.submitAndWait(new Command.Probe(), LIMIT);
            }
            assertThat(reply).isNotDone();
            assertThat(log.status().connected()).isFalse();
        }
    }

    @Test
    void members_know_their_leader_and_their_position() {
        try (Log log = connect()) {
            log.submitAndWait(new Command.Probe(), LIMIT);

            ClusterHosts.await(
                    "one leader",
                    () -> traders.stream()
                                    .filter(trader -> trader.status().role().equals("LEADER"))
                                    .count()
                            == 1);
            int leader = log.status().leader();
            ClusterHosts.await(
                    "all members to name leader " + leader,
                    () -> traders.stream()
                            .allMatch(trader -> trader.status().leader() == leader
                                    && trader.status().eventSequence() > 0
                                    && trader.status().logPosition() > 0));
        }
    }
}
