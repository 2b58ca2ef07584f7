package dev.holdfast.cluster;

import io.aeron.Aeron;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.client.ArchiveException;
import io.aeron.cluster.ConsensusModule;
import io.aeron.cluster.RecordingLog;
import io.aeron.cluster.service.ClusteredServiceContainer;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member's snapshots on disk: which one to start from, and what log and snapshots may go. */
final class SnapshotStore {

    private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotStore.class);
    private static final int ARCHIVE_STREAM = 80;
    private static final int MAX_RECORDINGS = 10_000;

    private final TraderOptions options;

    SnapshotStore(TraderOptions options) {
        this.options = options;
    }

    /**
     * Sets the newest snapshot aside, so that the next launch starts from the one before.
     *
     * @throws TraderFailure if nothing older is left to start from
     */
    void discardNewest(Throwable reason) {
        try (RecordingLog log = new RecordingLog(options.clusterFolder().toFile(), false)) {
            RecordingLog.Entry newest = log.getLatestSnapshot(ConsensusModule.Configuration.SERVICE_ID);
            if (newest == null || !log.invalidateLatestSnapshot()) {
                throw nothingLeft(reason);
            }
            RecordingLog.Entry older = log.getLatestSnapshot(ConsensusModule.Configuration.SERVICE_ID);
            if (older == null && !wholeLogPresent(log.findLastTermRecordingId())) {
                throw nothingLeft(reason);
            }
            LOGGER.error(
                    "snapshot refused position={} reason=\"{}\" instead={}",
                    newest.logPosition,
                    reason.getMessage(),
                    older == null ? "the whole log" : "snapshot at " + older.logPosition);
        }
    }

    /** Deletes the log below the older of two snapshots once it is also older than the retention, and all older snapshots. */
    void purge(MemberConfiguration configuration, Instant now) {
        Retention retention;
        long logRecording;
        try (RecordingLog log = new RecordingLog(options.clusterFolder().toFile(), false)) {
            long nowNanos = ChronoUnit.NANOS.between(Instant.EPOCH, now);
            retention = Retention.of(
                    log.entries(), nowNanos - options.logRetention().toNanos());
            logRecording = log.findLastTermRecordingId();
        }
        try (AeronArchive archive = AeronArchive.connect(configuration.localArchive(ARCHIVE_STREAM))) {
            if (retention.logPosition() > 0 && logRecording != Aeron.NULL_VALUE) {
                purgeLog(archive, logRecording, retention.logPosition());
            }
            purgeSnapshots(archive, retention);
        } catch (ArchiveException refused) {
            // A replay to a member that catches up holds the log; the next snapshot tries again.
            LOGGER.info("purge put off reason=\"{}\"", refused.getMessage());
        }
    }

    private static void purgeLog(AeronArchive archive, long recording, long below) {
        long start = archive.getStartPosition(recording);
        long[] lengths = new long[2];
        archive.listRecording(recording, ListedRecording.each(listed -> {
            lengths[0] = listed.termLength();
            lengths[1] = listed.segmentLength();
        }));
        long newStart = AeronArchive.segmentFileBasePosition(
                start, below, Math.toIntExact(lengths[0]), Math.toIntExact(lengths[1]));
        if (newStart > start) {
            long segments = archive.purgeSegments(recording, newStart);
            LOGGER.info("log purged from={} to={} segments={}", start, newStart, segments);
        }
    }

    private static void purgeSnapshots(AeronArchive archive, Retention retention) {
        List<Long> needless = new ArrayList<>();
        archive.listRecordings(0, MAX_RECORDINGS, ListedRecording.each(listed -> {
            boolean snapshot = listed.stream() == ConsensusModule.Configuration.SNAPSHOT_STREAM_ID_DEFAULT
                    || listed.stream() == ClusteredServiceContainer.Configuration.SNAPSHOT_STREAM_ID_DEFAULT;
            if (snapshot
                    && listed.stopPosition() != AeronArchive.NULL_POSITION
                    && !retention.snapshotRecordings().contains(listed.id())) {
                needless.add(listed.id());
            }
        }));
        needless.forEach(archive::purgeRecording);
    }

    /** Whether the log's first segment was never purged. */
    private boolean wholeLogPresent(long recording) {
        return Files.exists(options.archiveFolder().resolve(recording + "-0.rec"));
    }

    private TraderFailure nothingLeft(Throwable reason) {
        return new TraderFailure(
                "no readable snapshot is left in " + options.folder() + " (" + reason.getMessage()
                        + ") and the log does not reach back to its beginning; "
                        + options.profile().remedy(),
                reason);
    }
}
