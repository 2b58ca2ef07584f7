package dev.holdfast.cluster;

import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes snapshots on schedule and before an orderly stop, and purges after each. Used by the member's own thread. */
final class Snapshots {

    private static final Logger LOGGER = LoggerFactory.getLogger(Snapshots.class);

    /** How long an orderly stop waits for its snapshot. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

    /** How long a follower that stops waits for the leader to begin one. */
    private static final Duration STOP_GRACE = Duration.ofSeconds(1);

    /** How long a leader stays after its snapshot, so that the followers learn that theirs is committed. */
    private static final Duration STOP_LINGER = Duration.ofMillis(250);

    private static final long POLL_MILLIS = 10;

    private final TraderOptions options;
    private final Member member;
    private final SnapshotStore store;
    private final Clock clock;
    private final long startedNanos = System.nanoTime();
    private long seen;
    private long seenNanos;

    Snapshots(TraderOptions options, Member member, SnapshotStore store, Clock clock) {
        this.options = options;
        this.member = member;
        this.store = store;
        this.clock = clock;
    }

    /** Called a few times a second. */
    void check() {
        if (member.service().leads() && due() && member.requestSnapshot()) {
            LOGGER.info("snapshot requested reason=schedule");
        }
        if (takenSinceLastLook()) {
            store.purge(member.configuration(), clock.instant());
            warnOfEventBytes();
        }
    }

    /**
     * Has the leader take a last snapshot, so that the next start replays next to nothing. When all members stop together,
     * each waits for its own.
     *
     * @return whether this member has one
     */
    boolean beforeStop() throws InterruptedException {
        long beganNanos = System.nanoTime();
        boolean requested = false;
        while (!takenSinceLastLook() && !takenJustNow() && member.errors().fatal() == null) {
            if (!requested && member.service().leads()) {
                requested = member.requestSnapshot();
            }
            long waitedNanos = System.nanoTime() - beganNanos;
            if (waitedNanos > (requested ? STOP_LIMIT : STOP_GRACE).toNanos()) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        if (member.service().leads()) {
            Thread.sleep(STOP_LINGER.toMillis());
        }
        return takenJustNow();
    }

    private boolean takenSinceLastLook() {
        long taken = member.snapshots();
        if (taken == seen) {
            return false;
        }
        seen = taken;
        seenNanos = System.nanoTime();
        return true;
    }

    /** The members are never told to stop at exactly the same time. */
    private boolean takenJustNow() {
        return seen > 0 && System.nanoTime() - seenNanos < STOP_GRACE.toNanos();
    }

    private boolean due() {
        long age = member.service().status().snapshotAgeMillis();
        long sinceMillis = age >= 0
                ? age
                : Duration.ofNanos(System.nanoTime() - startedNanos).toMillis();
        return sinceMillis >= options.snapshotInterval().toMillis();
    }

    private void warnOfEventBytes() {
        long bytes = member.service().eventBytes();
        if (bytes > options.eventBytesAlarm()) {
            LOGGER.error(
                    "event stream is large bytes={} alarm={}: move the oldest events to the object store or raise the alarm",
                    bytes,
                    options.eventBytesAlarm());
        }
    }
}
