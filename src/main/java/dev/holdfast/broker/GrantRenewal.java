package dev.holdfast.broker;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for one grant again and again: often while holding it, seldom while another does. At most one renewal is unanswered, so
 * a log that is away is not flooded.
 */
final class GrantRenewal {

    private static final Logger LOG = LoggerFactory.getLogger(GrantRenewal.class);

    /** Who stands by is asked for only when the holder is gone; the engine forgets it after a second and a half. */
    private static final long STANDBY_NANOS = Duration.ofMillis(500).toNanos();

    private final Log log;
    private final long session;
    private final GrantKind kind;
    private final String host;
    private final Lease lease;
    private final BooleanSupplier ready;
    private final LongSupplier monotonicNanos;

    private CompletableFuture<Reply> unanswered = CompletableFuture.completedFuture(null);
    private boolean closing;
    private long lastEpoch;
    private long lastSubmittedNanos;
    private boolean submittedBefore;
    private boolean wantedAgain;

    GrantRenewal(
            Log log,
            long session,
            GrantKind kind,
            String host,
            Lease lease,
            BooleanSupplier ready,
            LongSupplier monotonicNanos) {
        this.log = log;
        this.session = session;
        this.kind = kind;
        this.host = host;
        this.lease = lease;
        this.ready = ready;
        this.monotonicNanos = monotonicNanos;
    }

    /** Renews what is held; asks for what is not only now and then. */
    synchronized void renew() {
        boolean asked = submittedBefore && monotonicNanos.getAsLong() - lastSubmittedNanos < STANDBY_NANOS;
        if (unanswered.isDone() && (lastEpoch != 0 || !asked)) {
            renewNow();
        }
    }

    /** Also when the event stream told that the grant moved. */
    synchronized void renewNow() {
        if (closing) {
            return;
        }
        if (!unanswered.isDone()) {
            wantedAgain = true;
            return;
        }
        wantedAgain = false;
        // Before the submission: the engine cannot have committed the renewal earlier than this.
        long submittedNanos = monotonicNanos.getAsLong();
        lastSubmittedNanos = submittedNanos;
        submittedBefore = true;
        unanswered = log.submit(new Command.RenewGrant(session, kind, ready.getAsBoolean(), false, host));
        var _ = unanswered.whenComplete((reply, failure) -> {
            if (failure == null) {
                answered(submittedNanos, reply.value());
            }
        });
    }

    private synchronized void answered(long submittedNanos, long epoch) {
        if (closing) {
            return;
        }
        lease.renewed(submittedNanos, epoch);
        if (epoch != lastEpoch) {
            LOG.info("grant kind={} epoch={} held={}", kind, epoch == 0 ? lastEpoch : epoch, epoch != 0);
            lastEpoch = epoch;
        }
        // An answer can come when the lease it gives is over, as after a change of leader.
        if (wantedAgain || (epoch != 0 && lease.held() == 0)) {
            renewNow();
        }
    }

    /** Nothing begins under this grant any more. */
    synchronized void stop() {
        closing = true;
        lease.dropped();
    }

    /** Tells the engine, so that another gateway need not wait for the lease to run out. */
    CompletableFuture<Reply> giveUp() {
        return giveUpFor(session);
    }

    /** The same for a session whose process is known to have ended. */
    CompletableFuture<Reply> giveUpFor(long ended) {
        return log.submit(new Command.RenewGrant(ended, kind, false, true, host));
    }
}
