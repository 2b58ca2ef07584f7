package dev.holdfast.cluster;

import io.aeron.cluster.ClusterBackupEventsListener;
import io.aeron.cluster.ClusterMember;
import io.aeron.cluster.ConsensusModule;
import io.aeron.cluster.RecordingLog;
import io.aeron.exceptions.TimeoutException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far copying snapshot and log has come, and when to give up. Told by the backup's thread, asked from another.
 *
 * <p>The backup asks the members in turn until one answers, then copies from that one. It notices a copy that stands still or
 * fails, say because the snapshot was purged meanwhile, and asks again. What it does not bound is told here: how long nobody
 * answers, which is what it is like without a leader, and how often copying may fail.
 */
final class BackupProgress implements ClusterBackupEventsListener {

    /** Of copies that fail. A busy member may purge the snapshot of one or two before they have begun. */
    static final int MAX_ATTEMPTS = 10;

    private final Duration answerLimit;
    private int answersSeen;
    private long deadlineNanos;

    private volatile boolean asking = true;
    private volatile int answers;
    private volatile boolean done;
    private volatile long snapshotPosition = -1;
    private volatile @Nullable Exception trouble;

    /**
     * @param answerLimit how long the members may leave a question unanswered
     * @param nowNanos when asking begins
     */
    BackupProgress(Duration answerLimit, long nowNanos) {
        this.answerLimit = answerLimit;
        this.deadlineNanos = nowNanos + answerLimit.toNanos();
    }

    /** Whether the folder holds what a member starts from; more log may still be coming. */
    boolean done() {
        return done;
    }

    /** Where in the log the snapshot stands, -1 when there is none. */
    long snapshotPosition() {
        return snapshotPosition;
    }

    /** @throws TraderFailure if more waiting is no use */
    void requireHope(long nowNanos) {
        int answered = answers;
        if (!asking || answered != answersSeen) {
            answersSeen = answered;
            deadlineNanos = nowNanos + answerLimit.toNanos();
        }
        if (asking && answered >= MAX_ATTEMPTS) {
            throw new TraderFailure("snapshot and log could not be copied in " + answered + " attempts" + trouble()
                    + "; are the other members well? './holdfast status'");
        }
        if (nowNanos - deadlineNanos > 0) {
            throw new TraderFailure("none of the other members answered for " + answerLimit.toSeconds() + " s"
                    + trouble() + "; they must run and have a leader: './holdfast status'");
        }
    }

    private String trouble() {
        Exception last = trouble;
        return last == null ? "" : " (last failure: " + last.getMessage() + ")";
    }

    @Override
    public void onBackupQuery() {
        asking = true;
    }

    @Override
    public void onPossibleFailure(Exception failure) {
        if (!asking || !(failure instanceof TimeoutException)) { // that nobody answers is told anyway
            trouble = failure;
        }
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    public void onBackupResponse(
            ClusterMember[] members, ClusterMember source, List<RecordingLog.Snapshot> snapshotsToRetrieve) {
        answers++;
        asking = false;
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
