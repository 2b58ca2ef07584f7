package dev.holdfast.cluster;

import dev.holdfast.protocol.EventFrame;
import dev.holdfast.protocol.EventHeader;
import io.aeron.Aeron;
import io.aeron.ChannelUriStringBuilder;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.codecs.SourceLocation;
import io.aeron.archive.status.RecordingPos;
import io.aeron.logbuffer.FragmentHandler;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.status.CountersReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This member's own copy of the event stream: published locally and recorded by its archive. After a restart the machine
 * repeats events that are recorded already; those are checked at the seam and skipped, and the recording is extended. Used by
 * the service's thread.
 */
final class EventRecording implements AutoCloseable {

    static final int STREAM = 2001;

    /** Tells the event recordings from others in an archive. */
    static final String ALIAS = "alias=holdfast-events";

    private static final Logger LOGGER = LoggerFactory.getLogger(EventRecording.class);
    private static final String CHANNEL = "aeron:ipc?" + ALIAS;

    /** The same on every member, so that equal positions hold equal events and a copy can be extended anywhere. */
    private static final int INITIAL_TERM = 0;

    private static final int TAIL_STREAM = 2002;
    private static final int MAX_RECORDINGS = 1_000;
    private static final Duration ARCHIVE_TIMEOUT = Duration.ofSeconds(10);

    private final MemberProfile<?, ?> profile;
    private final Aeron aeron;
    private final AeronArchive archive;
    private final IdleStrategy idle;
    private @Nullable ExclusivePublication publication;
    private long recordedSequence;
    private long recordedChainHash;
    private long sequenceAtOpen;

    /** @param idle also keeps the Aeron client of the service alive */
    EventRecording(MemberProfile<?, ?> profile, Aeron aeron, AeronArchive archive, IdleStrategy idle) {
        this.profile = profile;
        this.aeron = aeron;
        this.archive = archive;
        this.idle = idle;
    }

    /**
     * Extends the newest recording, or begins one.
     *
     * @param machineSequence the last event in the state just restored, 0 if none
     */
    void open(long machineSequence) {
        ListedRecording newest = newest();
        if (newest != null && newest.stopPosition() > newest.startPosition()) {
            readTail(newest);
            if (recordedSequence >= machineSequence) {
                extend(newest);
                LOGGER.info(
                        "events recording extended recording={} position={} sequence={} machine={}",
                        newest.id(),
                        newest.stopPosition(),
                        recordedSequence,
                        machineSequence);
                sequenceAtOpen = recordedSequence;
                return;
            }
            LOGGER.error(
                    "events lost on this member: recorded up to {}, the snapshot stands at {}; other members still have them",
                    recordedSequence,
                    machineSequence);
        }
        begin(machineSequence);
    }

    /** The last event that was here before this process began; what the machine repeats up to it has no other effect. */
    long sequenceAtOpen() {
        return sequenceAtOpen;
    }

    long recordedSequence() {
        return recordedSequence;
    }

    long position() {
        return open().position();
    }

    void append(long sequence, DirectBuffer frame, int offset, int length) {
        if (sequence <= recordedSequence) {
            if (sequence == recordedSequence) {
                requireSame(EventFrame.header(frame, offset));
            }
            return;
        }
        if (sequence != recordedSequence + 1) {
            throw new IllegalStateException(
                    "event gap: recorded up to " + recordedSequence + ", the machine caused " + sequence);
        }
        ExclusivePublication stream = open();
        if (!offered(stream, frame, offset, length)) { // nearly always there is room at once
            await("the archive to take event " + sequence, () -> offered(stream, frame, offset, length));
        }
        recordedSequence = sequence;
        recordedChainHash = EventFrame.header(frame, offset).chainHash();
    }

    /** Waits until everything appended is in the recording: only then is a snapshot complete. */
    void awaitRecorded() {
        ExclusivePublication stream = open();
        CountersReader counters = aeron.countersReader();
        int counter = RecordingPos.findCounterIdBySession(counters, stream.sessionId(), archive.archiveId());
        if (counter == CountersReader.NULL_COUNTER_ID) {
            throw new IllegalStateException(
                    "the archive records no events any more; look for its error above (disk full?)");
        }
        long position = stream.position();
        await("the event recording to reach " + position, () -> counters.getCounterValue(counter) >= position);
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(publication, archive);
    }

    private static boolean offered(ExclusivePublication stream, DirectBuffer frame, int offset, int length) {
        long result = stream.offer(frame, offset, length);
        if (result == Publication.CLOSED
                || result == Publication.NOT_CONNECTED
                || result == Publication.MAX_POSITION_EXCEEDED) {
            throw new IllegalStateException("the event stream is lost: " + Publication.errorString(result)
                    + "; look for the archive's error above (disk full?)");
        }
        return result > 0;
    }

    private void requireSame(EventHeader repeated) {
        if (repeated.chainHash() != recordedChainHash) {
            throw new IllegalStateException("event " + repeated.sequence()
                    + " came out differently from what is recorded: chain hash "
                    + Long.toHexString(repeated.chainHash()) + ", recorded " + Long.toHexString(recordedChainHash)
                    + "; this member has diverged: " + profile.remedy());
        }
    }

    private @Nullable ListedRecording newest() {
        ListedRecording[] newest = new ListedRecording[1];
        archive.listRecordingsForUri(
                0, MAX_RECORDINGS, ALIAS, STREAM, ListedRecording.each(recording -> newest[0] = recording));
        ListedRecording last = newest[0];
        if (last != null && last.stopPosition() == AeronArchive.NULL_POSITION) {
            throw new IllegalStateException(
                    "event recording " + last.id() + " is still being written by another process");
        }
        return last;
    }

    private void readTail(ListedRecording recording) {
        long from =
                Math.max(recording.startPosition(), (recording.stopPosition() - 1) & -(long) recording.termLength());
        FragmentHandler last = (buffer, offset, length, header) -> {
            recordedSequence = EventFrame.sequence(buffer, offset);
            recordedChainHash = EventFrame.header(buffer, offset).chainHash();
        };
        // A term always begins with an event, so its last term is enough.
        try (Subscription replay = archive.replay(
                recording.id(), from, recording.stopPosition() - from, CommonContext.IPC_CHANNEL, TAIL_STREAM)) {
            await("the tail of the event recording", () -> {
                replay.poll(last, 100);
                Image image = replay.imageCount() == 0 ? null : replay.imageAtIndex(0);
                if (image != null && image.isClosed()) {
                    throw new IllegalStateException("the event recording cannot be read up to its end, position "
                            + image.position() + " of " + recording.stopPosition() + "; " + profile.remedy());
                }
                return image != null && image.position() >= recording.stopPosition();
            });
        }
    }

    private void extend(ListedRecording recording) {
        String channel = new ChannelUriStringBuilder(CHANNEL)
                .initialPosition(recording.stopPosition(), recording.initialTerm(), recording.termLength())
                .build();
        archive.extendRecording(recording.id(), channel, STREAM, SourceLocation.LOCAL);
        connect(channel);
    }

    private void begin(long machineSequence) {
        String channel = new ChannelUriStringBuilder(CHANNEL)
                .initialPosition(0, INITIAL_TERM, profile.eventTermBytes())
                .build();
        archive.startRecording(channel, STREAM, SourceLocation.LOCAL);
        connect(channel);
        recordedSequence = machineSequence;
        sequenceAtOpen = machineSequence;
        LOGGER.info("events recording begun, its first event will be {}", machineSequence + 1);
    }

    private void connect(String channel) {
        ExclusivePublication stream = aeron.addExclusivePublication(channel, STREAM);
        publication = stream;
        await("the archive to record events", stream::isConnected);
    }

    private ExclusivePublication open() {
        if (publication == null) {
            throw new IllegalStateException("open the event recording first");
        }
        return publication;
    }

    private void await(String what, BooleanSupplier condition) {
        long deadlineNanos = System.nanoTime() + ARCHIVE_TIMEOUT.toNanos();
        idle.reset();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new IllegalStateException("waited " + ARCHIVE_TIMEOUT.toSeconds() + " s for " + what);
            }
            idle.idle();
        }
    }
}
