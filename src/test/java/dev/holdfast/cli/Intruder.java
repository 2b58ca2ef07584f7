package dev.holdfast.cli;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.archive.client.AeronArchive;
import io.aeron.cluster.ConsensusModule;
import io.aeron.cluster.client.AeronCluster;
import io.aeron.cluster.codecs.MessageHeaderEncoder;
import io.aeron.cluster.codecs.RequestVoteEncoder;
import io.aeron.cluster.codecs.SessionMessageHeaderEncoder;
import io.aeron.cluster.codecs.TerminationPositionEncoder;
import io.aeron.cluster.service.ClusterMarkFile;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A process of another user who knows where everything is and nothing secret, with the library's own clients. It prints what it
 * got, a line each: {@code WHAT: nothing} or what there was.
 */
final class Intruder {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long ARCHIVE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int TRIES = 20;

    private final Aeron aeron;
    private final String member;

    private Intruder(Aeron aeron, String member) {
        this.aeron = aeron;
        this.member = member;
    }

    /**
     * First own scratch, the home and the system's folder in shared memory, then each member's address with the first port of its
     * machine, such as 127.0.0.1:7000.
     */
    public static void main(String[] arguments) {
        List<String> words = List.of(arguments);
        for (String file : List.of("holdfast.yaml", "secrets/cluster", "hosts/a/trader/archive/archive.catalog")) {
            tell("read " + file, () -> Files.readString(Path.of(words.get(1), file)));
        }
        tell("list the home", () -> list(Path.of(words.get(1))));
        tell("list shared memory", () -> list(Path.of(words.get(2))));
        tell("the driver's counters", () -> Files.readAllBytes(Path.of(words.get(2), "a-trader", "cnc.dat")).length);
        tell("the member's mark file", () -> {
            var folder = Path.of(words.get(1), "hosts/a/trader/cluster").toFile();
            try (var mark =
                    new ClusterMarkFile(folder, "cluster-mark.dat", SystemEpochClock.INSTANCE, 1_000, text -> {})) {
                return mark.candidateTermId();
            }
        });
        try (MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
                        .aeronDirectoryName(words.getFirst())
                        .threadingMode(ThreadingMode.SHARED)
                        .errorHandler(refused -> {}));
                Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()))) {
            words.subList(3, words.size()).forEach(each -> new Intruder(aeron, each).tryAll());
        }
    }

    private void tryAll() {
        tell("recordings of " + member, () -> {
            try (AeronArchive archive = AeronArchive.connect(new AeronArchive.Context()
                    .aeron(aeron)
                    .messageTimeoutNs(ARCHIVE_PATIENCE_NANOS)
                    .controlRequestChannel("aeron:udp?endpoint=" + port(1))
                    .controlResponseChannel("aeron:udp?endpoint=" + address() + ":0"))) {
                for (long recording = 0; recording < TRIES; recording++) {
                    archive.tryStopRecordingByIdentity(recording);
                    archive.purgeRecording(recording);
                }
                return "all of them";
            }
        });
        tell(
                "an election at " + member,
                () -> forge(3, ConsensusModule.Configuration.CONSENSUS_STREAM_ID_DEFAULT, vote()));
        tell(
                "the end of " + member,
                () -> forge(3, ConsensusModule.Configuration.CONSENSUS_STREAM_ID_DEFAULT, termination()));
        tell("a command to " + member, () -> forge(2, AeronCluster.Configuration.INGRESS_STREAM_ID_DEFAULT, command()));
    }

    private String forge(int portOffset, int stream, UnsafeBuffer message) {
        try (Publication publication = aeron.addPublication("aeron:udp?endpoint=" + port(portOffset), stream)) {
            long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
            while (System.nanoTime() - deadlineNanos < 0) {
                if (publication.offer(message) > 0) {
                    return "heard";
                }
                LockSupport.parkNanos(1_000_000);
            }
            throw new IllegalStateException("nobody hears it");
        }
    }

    private static UnsafeBuffer vote() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
        RequestVoteEncoder vote = new RequestVoteEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .logLeadershipTermId(Long.MAX_VALUE / 2)
                .logPosition(Long.MAX_VALUE / 2)
                .candidateTermId(Long.MAX_VALUE / 2)
                .candidateMemberId(1)
                .protocolVersion(ConsensusModule.Configuration.PROTOCOL_SEMANTIC_VERSION);
        return cut(buffer, vote.encodedLength());
    }

    private static UnsafeBuffer termination() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
        TerminationPositionEncoder end = new TerminationPositionEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .leadershipTermId(0)
                .logPosition(0);
        return cut(buffer, end.encodedLength());
    }

    /** In the name of the first session there was. */
    private static UnsafeBuffer command() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
        SessionMessageHeaderEncoder header = new SessionMessageHeaderEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .leadershipTermId(0)
                .clusterSessionId(1)
                .timestamp(0);
        return cut(buffer, header.encodedLength() + 64);
    }

    private static UnsafeBuffer cut(UnsafeBuffer buffer, int lengthAfterHeader) {
        return new UnsafeBuffer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + lengthAfterHeader);
    }

    private String port(int offset) {
        return address() + ":" + (Integer.parseInt(member.substring(member.indexOf(':') + 1)) + offset);
    }

    private String address() {
        return member.substring(0, member.indexOf(':'));
    }

    private static List<Path> list(Path folder) throws Exception {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    private interface Try {
        Object run() throws Exception;
    }

    private static void tell(String what, Try attempt) {
        try {
            System.out.println(what + ": " + attempt.run());
        } catch (Exception refused) {
            System.out.println(what + ": nothing ("
                    + refused.toString().lines().findFirst().orElse("") + ")");
        }
    }
}
