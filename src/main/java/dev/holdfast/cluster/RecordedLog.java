package dev.holdfast.cluster;

import dev.holdfast.protocol.Machine;
import io.aeron.archive.CatalogView;
import io.aeron.cluster.RecordingLog;
import io.aeron.cluster.codecs.MessageHeaderDecoder;
import io.aeron.cluster.codecs.SnapshotMark;
import io.aeron.cluster.codecs.SnapshotMarkerDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.MutableDirectBuffer;

/**
 * What one member has recorded: its snapshots, the log's inputs and the events they caused. Reads the member's files and
 * changes none, whether the member runs or not.
 */
public final class RecordedLog {

    private static final int MACHINE = 0;

    private final Path archiveFolder;
    private final ListedRecording log;
    private final List<Snapshot> snapshots;
    private final Map<Long, ListedRecording> recordings;
    private final RecordedEvents events;

    private RecordedLog(
            Path archiveFolder,
            ListedRecording log,
            List<Snapshot> snapshots,
            Map<Long, ListedRecording> recordings,
            RecordedEvents events) {
        this.archiveFolder = archiveFolder;
        this.log = log;
        this.snapshots = snapshots;
        this.recordings = recordings;
        this.events = events;
    }

    /**
     * A snapshot of the machine.
     *
     * @param logPosition the log's next message is the first that it does not contain
     * @param timeNanos epoch nanoseconds of the log
     */
    public record Snapshot(long logPosition, long timeNanos, long recording) {}

    /**
     * @param traderFolder a trader's own folder
     * @throws TraderFailure if no log is recorded there
     */
    public static RecordedLog open(Path traderFolder) {
        Path archiveFolder = traderFolder.resolve("archive");
        Path terms = traderFolder.resolve("cluster").resolve(RecordingLog.RECORDING_LOG_FILE_NAME);
        if (!Files.isRegularFile(terms) || !Files.isRegularFile(archiveFolder.resolve("archive.catalog"))) {
            throw new TraderFailure("no log is recorded in " + traderFolder
                    + ": expected a trader's folder with archive and cluster inside; has a trader run there?");
        }
        Map<Long, ListedRecording> recordings = recordings(archiveFolder);
        // The end of the events is looked for before the log is read: what caused them was recorded before they were.
        RecordedEvents events = new RecordedEvents(archiveFolder, recordings.values());
        try {
            Path copy = Files.createTempDirectory("holdfast-replay");
            try {
                Files.copy(terms, copy.resolve(RecordingLog.RECORDING_LOG_FILE_NAME));
                try (RecordingLog known = new RecordingLog(copy.toFile(), false)) {
                    ListedRecording log = recordings.get(known.findLastTermRecordingId());
                    if (log == null) {
                        throw new TraderFailure(
                                "the log in " + traderFolder + " has no term yet: nothing was recorded");
                    }
                    return new RecordedLog(archiveFolder, log, snapshots(known, archiveFolder), recordings, events);
                }
            } finally {
                Files.deleteIfExists(copy.resolve(RecordingLog.RECORDING_LOG_FILE_NAME));
                Files.deleteIfExists(copy);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read the log in " + traderFolder, unreadable);
        }
    }

    /** Newest first, those whose recording is there; it may be damaged. */
    public List<Snapshot> snapshots() {
        return snapshots;
    }

    /** Whether the log reaches back to its first input. */
    public boolean whole() {
        return log.startPosition() == 0;
    }

    public RecordedEvents events() {
        return events;
    }

    /**
     * Restores a fresh machine.
     *
     * @throws Machine.CorruptSnapshot if it is damaged or gone
     */
    public void restore(Snapshot snapshot, Machine machine) {
        ListedRecording recording = recordings.get(snapshot.recording());
        if (recording == null) {
            throw new Machine.CorruptSnapshot("the snapshot's recording " + snapshot.recording() + " was purged");
        }
        RecordedMessages messages = new RecordedMessages(archiveFolder, recording, recording.startPosition());
        skipServiceState(messages);
        machine.restore(target -> piece(messages, target));
    }

    /** The inputs from this position of the log on; 0 is its beginning. */
    public RecordedInputs inputs(long position) {
        return new RecordedInputs(new RecordedMessages(archiveFolder, log, position));
    }

    private static int piece(RecordedMessages messages, MutableDirectBuffer target) {
        if (!messages.next()) {
            return -1;
        }
        target.putBytes(0, messages.buffer(), messages.offset(), messages.length());
        return messages.length();
    }

    /** The service container's own part, sessions of clients, comes first. */
    private static void skipServiceState(RecordedMessages messages) {
        MessageHeaderDecoder header = new MessageHeaderDecoder();
        SnapshotMarkerDecoder marker = new SnapshotMarkerDecoder();
        while (messages.next()) {
            header.wrap(messages.buffer(), messages.offset());
            if (header.schemaId() == MessageHeaderDecoder.SCHEMA_ID
                    && header.templateId() == SnapshotMarkerDecoder.TEMPLATE_ID
                    && marker.wrapAndApplyHeader(messages.buffer(), messages.offset(), header)
                                    .mark()
                            == SnapshotMark.END) {
                return;
            }
        }
        throw new Machine.CorruptSnapshot("the snapshot ends before the machine's part");
    }

    private static List<Snapshot> snapshots(RecordingLog known, Path archiveFolder) {
        return known.entries().stream()
                .filter(entry -> entry.isValid
                        && entry.type == RecordingLog.ENTRY_TYPE_SNAPSHOT
                        && entry.serviceId == MACHINE
                        // A purged one stays listed.
                        && Files.exists(archiveFolder.resolve(entry.recordingId + "-0.rec")))
                .map(entry -> new Snapshot(entry.logPosition, entry.timestamp, entry.recordingId))
                .sorted(Comparator.comparingLong(Snapshot::logPosition).reversed())
                .toList();
    }

    /** All that the list of this archive names, by number. */
    static Map<Long, ListedRecording> recordings(Path archiveFolder) {
        Map<Long, ListedRecording> recordings = new TreeMap<>();
        CatalogView.listRecordings(
                archiveFolder.toFile(), ListedRecording.each(recording -> recordings.put(recording.id(), recording)));
        return recordings;
    }
}
