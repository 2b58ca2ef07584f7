package dev.holdfast.broker;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for one grant again and again. At most one renewal is unanswered, so a log that is away is not flooded. */
final class GrantRenewal {

    private static final Logger LOG = LoggerFactory.getLogger(GrantRenewal.class);

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

    synchronized void renew() {
        if (closing || !unanswered.isDone()) {
            return;
        }
        // Before the submission: the engine cannot have committed the renewal earlier than this.
        long submittedNanos = monotonicNanos.getAsLong();
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
    }

    /** Nothing begins under this grant any more. */
    synchronized void stop() {
        closing = true;
        lease.dropped();
    }

    /** Tells the engine, so that another gateway need not wait for the lease to run out. */
    CompletableFuture<Reply> giveUp() {
        return log.submit(new Command.RenewGrant(session, kind, false, true, host));
    }
}
