package dev.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.log.EventReader;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import dev.holdfast.recovery.RecoveryMachine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three voters with the recovery machine in processes of their own, and agents that use its log. */
final class VotersIT {

    /** So long that nothing runs out while a busy machine elects: what is timed out is the machine's own matter. */
    private static final int LONG_MILLIS = 300_000;

    private static final RecoveryCommand CONFIGURE = new RecoveryCommand.Configure(
            "a,b,c",
            "a",
            LONG_MILLIS,
            400,
            300,
            LONG_MILLIS,
            LONG_MILLIS,
            LONG_MILLIS,
            LONG_MILLIS,
            LONG_MILLIS,
            LONG_MILLIS,
            "op",
            "a test");

    private static final RecoveryCommand RENEW = new RecoveryCommand.RenewLease("a", 1, 0, 0);

    @TempDir
    private Path folder;

    private List<TraderProcess> voters = List.of();

    @BeforeEach
    void start() {
        voters = IntStream.range(0, ClusterHosts.ADDRESSES.size())
                .mapToObj(member -> TraderProcess.startVoter(member, folder))
                .toList();
    }

    @AfterEach
    void kill() throws InterruptedException {
        for (TraderProcess voter : voters) {
            voter.kill();
        }
    }

    @Test
    void when_the_leader_is_killed_the_next_renewal_is_answered_by_another_one_which_lets_leases_count_anew()
            throws InterruptedException {
        try (RecoveryLog log = AeronRecoveryLog.connect(ClusterHosts.client(folder, "agent"));
                EventReader<RecoveryEvent> reader = log.readAfter(0)) {
            accepted(log, CONFIGURE);
            accepted(log, RENEW);
            int killed = log.status().leader();
            voters.get(killed).kill();

            Reply renewed = accepted(log, RENEW);

            List<Long> sequences = new ArrayList<>();
            List<RecoveryEvent> events = new ArrayList<>();
            read(reader, renewed.sequence(), sequences, events);
            assertThat(log.status().leader()).isNotEqualTo(killed).isNotNegative();
            assertThat(sequences)
                    .isEqualTo(LongStream.rangeClosed(1, renewed.sequence())
                            .boxed()
                            .toList());
            assertThat(events)
                    .filteredOn(RecoveryEvent.LeaseRenewed.class::isInstance)
                    .hasSize(2);
            assertThat(events)
                    .filteredOn(RecoveryEvent.LeasesRestarted.class::isInstance)
                    .map(RecoveryEvent.LeasesRestarted.class::cast)
                    .last()
                    .satisfies(restarted -> {
                        assertThat(restarted.leadershipTerm())
                                .isEqualTo(log.status().term());
                        assertThat(restarted.leader()).isEqualTo(log.status().leader());
                    });
            assertThat(events.getLast()).isInstanceOf(RecoveryEvent.LeaseRenewed.class);
        }
    }

    @Test
    void an_agent_uses_the_driver_of_its_own_voter_and_goes_on_when_that_one_is_started_again()
            throws InterruptedException {
        voters.getFirst().kill();
        TraderOptions own = ClusterHosts.options(MemberProfile.VOTER, 0, folder);
        List<Long> sequences = new ArrayList<>();
        try (RecoveryLog log = AeronRecoveryLog.attached("agent", own);
                EventReader<RecoveryEvent> reader = log.readAfter(0)) {
            try (Trader _ = started(own)) {
                accepted(log, CONFIGURE);
                read(reader, accepted(log, RENEW).sequence(), sequences, new ArrayList<>());
            }

            try (Trader again = started(own)) {
                Reply renewed = accepted(log, RENEW);

                read(reader, renewed.sequence(), sequences, new ArrayList<>());
                assertThat(sequences)
                        .isEqualTo(LongStream.rangeClosed(1, renewed.sequence())
                                .boxed()
                                .toList());
                ClusterHosts.await(
                        "the own voter to stand where the others do",
                        () -> again.status().eventSequence() >= renewed.sequence());
            }
        }
    }

    private static Trader started(TraderOptions options) {
        Trader voter = new Trader(options, RecoveryMachine::new);
        voter.start();
        return voter;
    }

    private static Reply accepted(RecoveryLog log, RecoveryCommand command) {
        Reply reply = log.submitAndWait(command, ClusterHosts.LIMIT);
        assertThat(reply.code()).as("%s: %s", command, reply.text()).isEqualTo(ReplyCode.OK);
        return reply;
    }

    private static void read(
            EventReader<RecoveryEvent> reader, long upTo, List<Long> sequences, List<RecoveryEvent> events) {
        while (reader.sequence() < upTo) {
            int delivered = reader.poll(
                    (header, event) -> {
                        sequences.add(header.sequence());
                        events.add(event);
                    },
                    100,
                    ClusterHosts.LIMIT);
            assertThat(delivered).as("events after %s", reader.sequence()).isPositive();
        }
    }
}
