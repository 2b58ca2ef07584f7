package dev.holdfast.dashboard;

import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds the model from the event stream, beginning at the last checkpoint; begins anew when the reader fails. */
final class EventFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventFollower.class);
    private static final int BATCH = 1_024;
    private static final Duration IDLE_WAIT = Duration.ofMillis(250);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);
    private static final long RETRY_MILLIS = 1_000;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    private final Log log;
    private final LiveModel model;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private boolean failing;

    EventFollower(Log log, LiveModel model) {
        this.log = log;
        this.model = model;
        this.thread = Thread.ofPlatform().name("dashboard-events").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (stopped.getCount() > 0) {
            try {
                follow();
            } catch (RuntimeException failure) {
                if (!failing && stopped.getCount() > 0) {
                    LOG.warn(
                            "the event stream cannot be read, trying each {} ms: {}", RETRY_MILLIS, failure.toString());
                }
                failing = true;
                awaitRetry();
            }
        }
    }

    private void follow() {
        Reply reply = log.submitAndWait(new Command.Probe(), PROBE_TIMEOUT);
        if (!reply.accepted()) {
            throw new LogUnavailable(
                    "the probe for the last checkpoint was answered " + reply.code() + ": " + reply.text());
        }
        long checkpoint = reply.value();
        LOG.info("reading the event stream from the checkpoint at sequence={}", checkpoint);
        model.expectCheckpoint();
        try (EventReader<Event> reader = log.readAfter(checkpoint - 1)) {
            while (stopped.getCount() > 0) {
                reader.poll(model::apply, BATCH, IDLE_WAIT);
                model.leader(log.status());
                failing = false;
            }
        }
    }

    private void awaitRetry() {
        try {
            if (stopped.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debug("stopped while waiting to retry");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        try {
            if (!thread.join(STOP_TIMEOUT)) {
                thread.interrupt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
