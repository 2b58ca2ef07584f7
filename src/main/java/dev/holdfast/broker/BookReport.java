package dev.holdfast.broker;

import dev.holdfast.log.Log;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The rows of one read on their way into the log: many at once, in order, but never more than a bound. A row counts as reported
 * only when the engine took it. Used by one thread.
 */
final class BookReport {

    private static final int MAX_OUTSTANDING = 512;
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(10);

    private final Log log;
    private final Deque<Sent> outstanding = new ArrayDeque<>();
    private boolean tookAll = true;

    private record Sent(CompletableFuture<Reply> reply, Runnable taken, Consumer<String> refused) {}

    BookReport(Log log) {
        this.log = log;
    }

    /** @param taken runs on this thread when the engine took the row */
    void row(Command command, Runnable taken) throws LogUnavailable {
        row(command, taken, _ -> {});
    }

    /** @param refused hears, on this thread, why the engine did not take the row */
    void row(Command command, Runnable taken, Consumer<String> refused) throws LogUnavailable {
        if (outstanding.size() >= MAX_OUTSTANDING) {
            settle(outstanding.remove());
        }
        outstanding.add(new Sent(log.submit(command), taken, refused));
    }

    /** Waits for all answers. True when the engine took every row. */
    boolean settle() throws LogUnavailable {
        while (!outstanding.isEmpty()) {
            settle(outstanding.remove());
        }
        return tookAll;
    }

    private void settle(Sent sent) throws LogUnavailable {
        try {
            Reply reply = sent.reply.get(REPLY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (reply.accepted()) {
                sent.taken.run();
            } else {
                tookAll = false;
                sent.refused.accept(reply.code() + " " + reply.text());
            }
        } catch (ExecutionException | TimeoutException unanswered) {
            throw new LogUnavailable("a row of the book was not answered within " + REPLY_TIMEOUT.toMillis() + " ms: "
                    + unanswered.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new LogUnavailable("stopped while reporting the book");
        }
    }
}
