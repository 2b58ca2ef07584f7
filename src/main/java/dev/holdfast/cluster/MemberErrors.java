package dev.holdfast.cluster;

import io.aeron.archive.client.ArchiveEvent;
import io.aeron.archive.client.ArchiveException;
import io.aeron.exceptions.AeronException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentTerminationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes wrong inside one member. The first error that the member cannot outlive is kept and wakes whoever waits for it;
 * others are logged, repeats counted. Thread-safe.
 */
final class MemberErrors implements ErrorHandler {

    private static final Logger LOGGER = LoggerFactory.getLogger(MemberErrors.class);

    /** Kinds of errors told apart; more share one counter. */
    private static final int MAX_KINDS = 100;

    /** How the archive (1.51) says that it cannot read what it keeps; it also complains of clients that have gone away. */
    private static final Pattern UNREADABLE =
            Pattern.compile("checksum mismatch|recording segment file|unknown recording|Cannot read|failed to read");

    private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();
    private final CountDownLatch raised = new CountDownLatch(1);
    private final Map<String, Long> counts = new HashMap<>();
    private volatile String archiveTrouble = "";
    private final Refusals refusals;

    /** @param refusals counters that live on when the member is launched again */
    MemberErrors(Refusals refusals) {
        this.refusals = refusals;
    }

    Refusals refusals() {
        return refusals;
    }

    @Override
    public void onError(Throwable error) {
        if (error instanceof Error || error instanceof AgentTerminationException || atStart(error)) {
            raise(error);
        } else {
            log(error);
        }
    }

    /** Stops the member for this reason, unless it is stopping for another one already. */
    void raise(Throwable error) {
        if (fatal.compareAndSet(null, error)) {
            raised.countDown();
        }
    }

    @Nullable
    Throwable fatal() {
        return fatal.get();
    }

    /** @return whether a fatal error is there */
    boolean awaitFatal(long timeoutMillis) throws InterruptedException {
        return raised.await(timeoutMillis, TimeUnit.MILLISECONDS);
    }

    /** The archive's latest complaint that it cannot read its own files; empty when it made none. Such a member never joins. */
    String archiveTrouble() {
        return archiveTrouble;
    }

    /** Aeron ends an agent whose start fails without telling more than its error handler. */
    private static boolean atStart(Throwable error) {
        return hasFrame(error, "onStart");
    }

    /** Whether this came from reading a snapshot, the machine's part or the consensus module's. */
    static boolean fromSnapshot(@Nullable Throwable error) {
        return error != null
                && (error instanceof MachineService.UnreadableSnapshot
                        || hasFrame(error, "loadSnapshot")
                        || fromSnapshot(error.getCause()));
    }

    private static boolean hasFrame(Throwable error, String method) {
        return Arrays.stream(error.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals(method)
                        && frame.getClassName().startsWith("io.aeron.cluster."));
    }

    private synchronized void log(Throwable error) {
        if (error instanceof ArchiveException
                && UNREADABLE.matcher(String.valueOf(error.getMessage())).find()) {
            archiveTrouble = shorten(error);
        }
        String kind = error.getClass().getSimpleName() + " " + shorten(error);
        if (!counts.containsKey(kind) && counts.size() >= MAX_KINDS) {
            kind = "others";
        }
        long count = counts.merge(kind, 1L, Long::sum);
        if (Long.bitCount(count) == 1) { // the first, the second, the fourth ...: a flood stays a few lines
            boolean mild = error instanceof AeronException known && known.category() == AeronException.Category.WARN;
            LOGGER.atLevel(mild ? org.slf4j.event.Level.INFO : org.slf4j.event.Level.WARN)
                    .log("aeron {} count={}", kind, count);
        }
    }

    private static String shorten(Throwable error) {
        String line = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
        if (error instanceof ArchiveEvent) { // what clients did; each has another number
            line = line.replaceAll("-?\\d+", "N");
        }
        return line.length() <= 200 ? line : line.substring(0, 200);
    }
}
