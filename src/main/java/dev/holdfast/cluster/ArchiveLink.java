package dev.holdfast.cluster;

import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.client.ControlResponsePoller;
import io.aeron.archive.codecs.ControlResponseCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.agrona.CloseHelper;
import org.agrona.concurrent.NoOpLock;
import org.jspecify.annotations.Nullable;

/**
 * Asks one member's archive, one question at a time, without ever waiting: the asking thread drives the network itself. A
 * question that is refused or not answered in time throws {@link Fault}.
 */
final class ArchiveLink implements AutoCloseable {

    private static final Duration ANSWER_LIMIT = Duration.ofMillis(1_500);
    private static final int MAX_RECORDINGS = 1_000;

    private final AeronArchive.AsyncConnect connecting;
    private final List<ListedRecording> recordings = new ArrayList<>();
    private @Nullable AeronArchive archive;
    private long question;
    private long askedNanos;

    private ArchiveLink(AeronArchive.AsyncConnect connecting) {
        this.connecting = connecting;
        this.askedNanos = System.nanoTime();
    }

    static ArchiveLink open(Transport transport, String controlChannel, String ownAddress, String clusterSecret) {
        return new ArchiveLink(AeronArchive.asyncConnect(new AeronArchive.Context()
                .aeron(transport.aeron())
                .ownsAeronClient(false)
                .lock(NoOpLock.INSTANCE)
                .agentInvoker(transport.driverInvoker())
                .controlRequestChannel(controlChannel)
                .controlResponseChannel(Endpoints.anyPort(ownAddress))
                .credentialsSupplier(ArchiveAccess.reader(clusterSecret))
                .messageTimeoutNs(ANSWER_LIMIT.toNanos())));
    }

    boolean connected() {
        if (archive == null) {
            archive = connecting.poll();
        }
        return archive != null;
    }

    void askForEventRecordings() {
        AeronArchive peer = peer();
        recordings.clear();
        ask(peer.archiveProxy()
                .listRecordingsForUri(
                        0,
                        MAX_RECORDINGS,
                        EventRecording.ALIAS,
                        EventRecording.STREAM,
                        next(peer),
                        peer.controlSessionId()));
        peer.recordingDescriptorPoller().reset(question, MAX_RECORDINGS, ListedRecording.each(recordings::add));
    }

    /** @return the recordings, newest first, once they are all here */
    @Nullable
    List<ListedRecording> eventRecordings() {
        var poller = peer().recordingDescriptorPoller();
        poller.poll();
        if (!poller.isDispatchComplete()) {
            requireInTime();
            return null;
        }
        return recordings.stream()
                .sorted(Comparator.comparingLong(ListedRecording::id).reversed())
                .toList();
    }

    void askForPosition(long recording) {
        AeronArchive peer = peer();
        ask(peer.archiveProxy().getRecordingPosition(recording, next(peer), peer.controlSessionId()));
    }

    /** The answer is the replay's session. */
    void askForReplay(long recording, long position, long length, String channel, int stream) {
        AeronArchive peer = peer();
        ask(peer.archiveProxy()
                .replay(recording, position, length, channel, stream, next(peer), peer.controlSessionId()));
    }

    /** @return the answer to the last question, once it is here */
    OptionalLong answer() {
        AeronArchive peer = peer();
        ControlResponsePoller poller = peer.controlResponsePoller();
        poller.poll();
        if (poller.isPollComplete()
                && poller.controlSessionId() == peer.controlSessionId()
                && poller.correlationId() == question) {
            if (poller.code() != ControlResponseCode.OK) {
                throw new Fault("the archive refused: " + poller.errorMessage());
            }
            return OptionalLong.of(poller.relevantId());
        }
        requireInTime();
        return OptionalLong.empty();
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(connecting, archive);
    }

    private long next(AeronArchive peer) {
        question = peer.context().aeron().nextCorrelationId();
        askedNanos = System.nanoTime();
        return question;
    }

    private static void ask(boolean sent) {
        if (!sent) {
            throw new Fault("the archive takes no question");
        }
    }

    private void requireInTime() {
        if (System.nanoTime() - askedNanos > ANSWER_LIMIT.toNanos()) {
            throw new Fault("the archive gave no answer within " + ANSWER_LIMIT.toMillis() + " ms");
        }
    }

    private AeronArchive peer() {
        if (archive == null) {
            throw new IllegalStateException("not connected");
        }
        return archive;
    }

    /** This member cannot serve the stream now. */
    static final class Fault extends RuntimeException {
        Fault(String message) {
            super(message, null, false, false);
        }
    }
}
