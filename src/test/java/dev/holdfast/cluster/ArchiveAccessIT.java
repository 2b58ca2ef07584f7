package dev.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.log.EchoMachine;
import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import io.aeron.Aeron;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.client.ArchiveException;
import io.aeron.archive.client.ArchiveProxy;
import io.aeron.archive.codecs.SourceLocation;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.security.CredentialsSupplier;
import io.aeron.security.NullCredentialsSupplier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what with a member's recordings, over the network, with the library's own clients. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ArchiveAccessIT {

    private static final int REQUESTS = 200;

    private final List<Trader> traders = new ArrayList<>();
    private MediaDriver driver;
    private Log log;

    @TempDir
    private static Path folder;

    @BeforeAll
    void start() {
        for (int member = 0; member < ClusterHosts.ADDRESSES.size(); member++) {
            Trader trader = new Trader(ClusterHosts.options(member, folder), EchoMachine::new);
            trader.start();
            traders.add(trader);
        }
        log = AeronLog.connect(ClusterHosts.client(folder, "friend"));
        log.submitAndWait(new Command.Probe(), ClusterHosts.LIMIT);
        driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(
                        ClusterHosts.client(folder, "stranger").aeronFolder().toString())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED));
    }

    @AfterAll
    void stop() {
        log.close();
        driver.close();
        traders.forEach(Trader::close);
    }

    @Test
    void a_stranger_is_not_let_in_and_counted() {
        long before = traders.getFirst().refusals();

        for (CredentialsSupplier guess : List.of(
                new NullCredentialsSupplier(),
                ArchiveAccess.reader("guessed"),
                ClusterAuthentication.credentials(ClusterHosts.SECRET))) {
            assertThatThrownBy(() -> connect(guess))
                    .isInstanceOfSatisfying(
                            ArchiveException.class,
                            refused -> assertThat(refused.errorCode())
                                    .isEqualTo(ArchiveException.AUTHENTICATION_REJECTED));
        }

        assertThat(traders.getFirst().refusals()).isEqualTo(before + 3);
    }

    @Test
    void who_knows_the_secret_reads_and_changes_nothing() {
        try (AeronArchive archive = connect(ArchiveAccess.reader(ClusterHosts.SECRET))) {
            List<Long> recordings = recordings(archive);
            long refused = traders.getFirst().refusals();

            List<Consumer<AeronArchive>> changes = List.of(
                    each -> each.purgeRecording(recordings.getFirst()),
                    each -> each.truncateRecording(recordings.getFirst(), 0),
                    each -> each.purgeSegments(recordings.getFirst(), 4 << 20),
                    each -> each.tryStopRecordingByIdentity(recordings.getFirst()),
                    each -> each.startRecording("aeron:ipc", 77, SourceLocation.LOCAL),
                    each -> each.replicate(
                            recordings.getFirst(),
                            AeronArchive.NULL_POSITION,
                            each.context().controlRequestStreamId(),
                            each.context().controlRequestChannel(),
                            ""));
            for (Consumer<AeronArchive> change : changes) {
                assertThatThrownBy(() -> change.accept(archive))
                        .isInstanceOfSatisfying(
                                ArchiveException.class,
                                answer ->
                                        assertThat(answer.errorCode()).isEqualTo(ArchiveException.UNAUTHORISED_ACTION));
            }

            assertThat(recordings).isNotEmpty();
            assertThat(recordings(archive)).isEqualTo(recordings);
            assertThat(traders.getFirst().refusals()).isEqualTo(refused + changes.size());
        }
    }

    /** A request names its session by a number. Numbers that follow each other would tell a stranger the owner's. */
    @Test
    void a_stranger_cannot_speak_for_the_sessions_beside_his_own() {
        try (AeronArchive friend = connect(ArchiveAccess.reader(ClusterHosts.SECRET));
                Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()))) {
            long known = friend.controlSessionId();
            List<Long> recordings = recordings(friend);
            ArchiveProxy stranger = new ArchiveProxy(
                    aeron.addExclusivePublication(channel(), friend.context().controlRequestStreamId()),
                    YieldingIdleStrategy.INSTANCE,
                    SystemNanoClock.INSTANCE,
                    ClusterHosts.LIMIT.toNanos(),
                    1_000_000, // tries while the archive takes others
                    new NullCredentialsSupplier(),
                    null);
            ClusterHosts.await(
                    "the stranger's way to the archive",
                    () -> stranger.publication().isConnected());

            for (long session = known - REQUESTS; session < known; session++) {
                for (long recording : recordings) {
                    assertThat(stranger.stopRecordingByIdentity(recording, aeron.nextCorrelationId(), session))
                            .isTrue();
                    assertThat(stranger.purgeRecording(recording, aeron.nextCorrelationId(), session))
                            .isTrue();
                }
                assertThat(stranger.closeSession(session)).isTrue();
            }
            for (int i = 0; i < 50; i++) {
                log.submitAndWait(new Command.Probe(), ClusterHosts.LIMIT);
            }

            assertThat(recordings(friend)).isEqualTo(recordings);
            assertThat(recordings.stream().filter(each -> friend.getRecordingPosition(each) >= 0))
                    .as("the log's and the event stream's recordings go on")
                    .hasSize(2);
            assertThat(traders).noneMatch(trader -> trader.status().role().equals("STOPPED"));
        }
    }

    private AeronArchive connect(CredentialsSupplier credentials) {
        return AeronArchive.connect(new AeronArchive.Context()
                .aeronDirectoryName(driver.aeronDirectoryName())
                .controlRequestChannel(channel())
                .controlResponseChannel(Endpoints.anyPort(ClusterHosts.ADDRESSES.getFirst()))
                .credentialsSupplier(credentials));
    }

    private static String channel() {
        return MemberProfile.TRADER.endpoints().archiveControlChannel(ClusterHosts.ADDRESSES.getFirst());
    }

    private static List<Long> recordings(AeronArchive archive) {
        List<Long> found = new ArrayList<>();
        archive.listRecordings(0, 1_000, ListedRecording.each(recording -> found.add(recording.id())));
        return found;
    }
}
