package dev.holdfast.cluster;

import io.aeron.cluster.ConsensusModule;
import io.aeron.cluster.RecordingLog;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a member must keep.
 *
 * @param logPosition log below this may go; 0 when all must stay
 * @param snapshotRecordings recordings of the last two snapshots
 */
record Retention(long logPosition, Set<Long> snapshotRecordings) {

    private static final int SNAPSHOTS_KEPT = 2;

    Retention {
        snapshotRecordings = Set.copyOf(snapshotRecordings);
    }

    /** @param olderThanNanos log written after this time stays; epoch nanoseconds of the cluster's clock */
    static Retention of(List<RecordingLog.Entry> entries, long olderThanNanos) {
        List<RecordingLog.Entry> snapshots = entries.stream()
                .filter(entry -> entry.isValid && entry.type == RecordingLog.ENTRY_TYPE_SNAPSHOT)
                .toList();
        List<Long> positions = snapshots.stream()
                .filter(entry -> entry.serviceId == ConsensusModule.Configuration.SERVICE_ID)
                .map(entry -> entry.logPosition)
                .sorted()
                .toList();
        if (positions.size() < SNAPSHOTS_KEPT) {
            return new Retention(0, recordings(snapshots, 0));
        }
        long older = positions.get(positions.size() - SNAPSHOTS_KEPT);
        long unneeded = snapshots.stream()
                .filter(entry -> entry.logPosition <= older && entry.timestamp <= olderThanNanos)
                .mapToLong(entry -> entry.logPosition)
                .max()
                .orElse(0);
        return new Retention(unneeded, recordings(snapshots, older));
    }

    private static Set<Long> recordings(List<RecordingLog.Entry> snapshots, long fromPosition) {
        return snapshots.stream()
                .filter(entry -> entry.logPosition >= fromPosition)
                .map(entry -> entry.recordingId)
                .collect(Collectors.toSet());
    }
}
