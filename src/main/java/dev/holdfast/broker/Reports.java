package dev.holdfast.broker;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets a report into the log however long the log is away; gives up only when the gateway closes. */
final class Reports {

    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);
    static final long RETRY_MILLIS = 200;

    private final Log log;
    private final Executor later;
    private volatile boolean closed;

    Reports(Log log) {
        this(log, CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** @param later runs an attempt again after a pause */
    Reports(Log log, Executor later) {
        this.log = log;
        this.later = later;
    }

    /** @return completes when the engine answered; never exceptionally before {@link #close} */
    CompletableFuture<Reply> submit(Command command) {
        CompletableFuture<Reply> done = new CompletableFuture<>();
        attempt(command, done);
        return done;
    }

    private void attempt(Command command, CompletableFuture<Reply> done) {
        var _ = log.submit(command).whenComplete((reply, failure) -> {
            if (failure == null) {
                if (!reply.accepted()) {
                    LOG.warn(
                            "engine refused report={} code={} reason=\"{}\"",
                            command.getClass().getSimpleName(),
                            reply.code(),
                            reply.text());
                }
                done.complete(reply);
            } else if (closed) {
                done.completeExceptionally(failure);
            } else {
                later.execute(() -> attempt(command, done));
            }
        });
    }

    void close() {
        closed = true;
    }
}
