package dev.holdfast.cluster;

import io.aeron.cluster.ClusterBackupEventsListener;
import io.aeron.cluster.ClusterMember;
import io.aeron.cluster.ConsensusModule;
import io.aeron.cluster.RecordingLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far copying snapshot and log has come. Told by the backup's thread, asked from another. */
final class BackupProgress implements ClusterBackupEventsListener {

    private volatile int steps;
    private volatile boolean done;
    private volatile long snapshotPosition = -1;
    private volatile @Nullable Exception trouble;

    /** Grows with each thing that went on. */
    int steps() {
        return steps;
    }

    /** Whether the folder holds what a member starts from; more log may still be coming. */
    boolean done() {
        return done;
    }

    /** Where in the log the snapshot stands, -1 when there is none. */
    long snapshotPosition() {
        return snapshotPosition;
    }

    /** The last thing that went wrong, to be added to a message; empty when nothing did. */
    String trouble() {
        Exception last = trouble;
        return last == null ? "" : " (" + last.getMessage() + ")";
    }

    @Override
    public void onBackupQuery() {
        // Asking is no progress: it is repeated for as long as nobody answers.
    }

    @Override
    public void onPossibleFailure(Exception failure) {
        trouble = failure;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    public void onBackupResponse(
            ClusterMember[] members, ClusterMember source, List<RecordingLog.Snapshot> snapshotsToRetrieve) {
        steps++;
    }

    @Override
    public void onUpdatedRecordingLog(RecordingLog log, List<RecordingLog.Snapshot> snapshots) {
        snapshots.stream()
                .filter(snapshot -> snapshot.serviceId() == ConsensusModule.Configuration.SERVICE_ID)
                .forEach(snapshot -> snapshotPosition = snapshot.logPosition());
        done = true;
    }

    @Override
    public void onLiveLogProgress(long recording, long counter, long position) {
        // The tail of the log needs no wait: a member that starts gets it like any that was away.
    }
}
