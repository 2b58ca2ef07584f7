package dev.holdfast.broker;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the engine whether what one grant is for works here: at each change, and now and then again. At most one report is
 * unanswered, so that an old one never overtakes a new one.
 */
final class FitnessReport {

    private static final Logger LOG = LoggerFactory.getLogger(FitnessReport.class);

    private static final long AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

    private final Log log;
    private final long session;
    private final GrantKind kind;
    private final Supplier<String> unfitBecause;
    private final LongSupplier monotonicNanos;

    private CompletableFuture<Reply> unanswered = CompletableFuture.completedFuture(null);
    private boolean told;
    private boolean toldFit;
    private long toldNanos;

    /** @param unfitBecause why it does not work here, empty when it does */
    FitnessReport(Log log, long session, GrantKind kind, Supplier<String> unfitBecause, LongSupplier monotonicNanos) {
        this.log = log;
        this.session = session;
        this.kind = kind;
        this.unfitBecause = unfitBecause;
        this.monotonicNanos = monotonicNanos;
    }

    /** Called a few times a second. */
    synchronized void look() {
        String reason = unfitBecause.get();
        boolean fit = reason.isEmpty();
        long now = monotonicNanos.getAsLong();
        boolean news = !told || fit != toldFit;
        if (!unanswered.isDone() || (!news && now - toldNanos < AGAIN_NANOS)) {
            return;
        }
        if (news) {
            LOG.info("fitness kind={} fit={} reason=\"{}\"", kind, fit, reason);
        }
        told = true;
        toldFit = fit;
        toldNanos = now;
        unanswered = log.submit(new Command.ReportFitness(session, kind, fit, reason));
        var _ = unanswered.whenComplete((_, failure) -> {
            if (failure != null) {
                lost();
            }
        });
    }

    private synchronized void lost() {
        told = false;
    }
}
