package dev.holdfast.cluster;

import dev.holdfast.log.LogUnavailable;
import dev.holdfast.log.ReplicatedLog;
import dev.holdfast.protocol.Codec;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one client that were submitted and not yet answered. Correlation ids are consecutive and the machine applies
 * only the next one, so when anything may have been lost all unanswered commands are sent again, in order (go-back-N); those
 * applied before are answered as duplicates. Thread-safe; replies complete on the connection's thread.
 */
public final class CommandWindow<C> {

    /**
     * Silence after which unanswered commands are sent again; a healthy round trip takes some milliseconds. It doubles each
     * time until an answer comes: on a starved machine repetitions must not be what starves it.
     */
    private static final Duration RESEND_AFTER = Duration.ofMillis(500);

    private static final Duration RESEND_AFTER_MOST = Duration.ofSeconds(4);

    /** One gap makes every later command in flight report it; only the first should send them again. */
    private static final int GAP_PAUSES_IN_SILENCE = 10;

    private final long clientId;
    private final Codec<C> codec;
    private final MutableDirectBuffer scratch = new UnsafeBuffer(new byte[CommandFrame.MAX_LENGTH]);
    private final @Nullable Outstanding[] ring = new Outstanding[ReplicatedLog.MAX_OUTSTANDING];
    private long submitted;
    private long answered;
    private long nextToSend = 1;
    private long progressNanos;
    private long wentBackNanos;
    private long resendAfterNanos = RESEND_AFTER.toNanos();
    private @Nullable String closedBecause;

    /** @param codec used by this window alone */
    public CommandWindow(long clientId, Codec<C> codec) {
        this.clientId = clientId;
        this.codec = codec;
    }

    public synchronized CompletableFuture<Reply> submit(C command) {
        if (closedBecause != null) {
            return CompletableFuture.failedFuture(new LogUnavailable(closedBecause));
        }
        if (submitted - answered == ReplicatedLog.MAX_OUTSTANDING) {
            return CompletableFuture.failedFuture(new LogUnavailable(ReplicatedLog.MAX_OUTSTANDING
                    + " commands are unanswered already; the log is unreachable or too slow"));
        }
        int length = codec.encode(command, scratch, CommandFrame.HEADER_LENGTH);
        byte[] frame = new byte[CommandFrame.HEADER_LENGTH + length];
        scratch.getBytes(0, frame);
        submitted++;
        UnsafeBuffer buffer = new UnsafeBuffer(frame);
        CommandFrame.putHeader(buffer, clientId, submitted);
        Outstanding outstanding = new Outstanding(buffer, new CompletableFuture<>());
        ring[slot(submitted)] = outstanding;
        return outstanding.reply;
    }

    /**
     * Sends what is due, in order.
     *
     * @param sender false when it can take no more now
     * @return the number sent
     */
    public synchronized int send(Predicate<UnsafeBuffer> sender, int limit, long nowNanos) {
        boolean waiting = nextToSend > answered + 1;
        if (!waiting) {
            progressNanos = nowNanos;
        } else if (nowNanos - progressNanos > resendAfterNanos) {
            goBackAgain(nowNanos);
        }
        int sent = 0;
        while (sent < limit && nextToSend <= submitted && sender.test(at(nextToSend).frame)) {
            nextToSend++;
            sent++;
        }
        return sent;
    }

    /** Begins again with the first unanswered command: after a new leader or a new session. */
    public synchronized void goBack(long nowNanos) {
        goBackAgain(nowNanos);
        resendAfterNanos = RESEND_AFTER.toNanos();
    }

    private void goBackAgain(long nowNanos) {
        resendAfterNanos = Math.min(2 * resendAfterNanos, RESEND_AFTER_MOST.toNanos());
        nextToSend = answered + 1;
        progressNanos = nowNanos;
        wentBackNanos = nowNanos;
    }

    /** Takes a reply; it also answers all commands before it, because the machine applies them only in order. */
    public void onReply(Reply reply, long nowNanos) {
        if (reply.clientId() != clientId) {
            return;
        }
        List<CompletableFuture<Reply>> done = take(reply, nowNanos);
        long first = reply.correlationId() - done.size() + 1;
        for (int i = 0; i < done.size() - 1; i++) {
            // Its own reply was lost; the machine remembers only the last one.
            done.get(i).complete(new Reply(clientId, first + i, ReplyCode.DUPLICATE, 0, reply.sequence(), ""));
        }
        if (!done.isEmpty()) {
            done.getLast().complete(reply);
        }
    }

    public synchronized boolean isEmpty() {
        return submitted == answered;
    }

    /** Fails what is unanswered and whatever comes later. */
    public void close(String reason) {
        List<CompletableFuture<Reply>> open = new ArrayList<>();
        synchronized (this) {
            closedBecause = reason;
            while (answered < submitted) {
                answered++;
                open.add(remove(answered).reply);
            }
        }
        open.forEach(reply -> reply.completeExceptionally(new LogUnavailable(reason)));
    }

    private synchronized List<CompletableFuture<Reply>> take(Reply reply, long nowNanos) {
        if (reply.code() == ReplyCode.GAP) {
            if (nowNanos - wentBackNanos > resendAfterNanos / GAP_PAUSES_IN_SILENCE) {
                goBackAgain(nowNanos);
            }
            return List.of();
        }
        List<CompletableFuture<Reply>> done = new ArrayList<>(1);
        while (answered < Math.min(reply.correlationId(), submitted)) {
            answered++;
            done.add(remove(answered).reply);
            progressNanos = nowNanos;
            resendAfterNanos = RESEND_AFTER.toNanos();
        }
        nextToSend = Math.max(nextToSend, answered + 1);
        return done;
    }

    private Outstanding at(long correlationId) {
        Outstanding outstanding = ring[slot(correlationId)];
        if (outstanding == null) {
            throw new IllegalStateException("command " + correlationId + " is not outstanding: answered " + answered
                    + ", submitted " + submitted);
        }
        return outstanding;
    }

    private Outstanding remove(long correlationId) {
        Outstanding outstanding = at(correlationId);
        ring[slot(correlationId)] = null;
        return outstanding;
    }

    private static int slot(long correlationId) {
        return (int) (correlationId % ReplicatedLog.MAX_OUTSTANDING);
    }

    private record Outstanding(UnsafeBuffer frame, CompletableFuture<Reply> reply) {}
}
