package dev.holdfast.dashboard;

import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.log.LogStatus;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.log.ReplicatedLog;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.Reply;
import dev.holdfast.runtime.Loop;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds a model from an event stream, beginning at the last checkpoint; begins anew when the reader fails. */
final class EventFollower<C, E> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventFollower.class);
    private static final int BATCH = 1_024;
    private static final Duration IDLE_WAIT = Duration.ofMillis(250);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);
    private static final long RETRY_MILLIS = 1_000;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    /** Without the log each turn is a probe's timeout and a pause. */
    private static final Duration LOOP_LIMIT = Duration.ofSeconds(20);

    /** Takes the events, in order and on one thread. */
    interface Model<E> {

        /** The stream will be read anew from a checkpoint: what is known now stays until it comes. */
        void expectCheckpoint();

        /** Applies the next event. */
        void apply(EventHeader header, E event);

        /** Tells who leads, after each look at the stream. */
        void leader(LogStatus log);
    }

    private final String name;
    private final ReplicatedLog<C, E> log;
    private final C probe;
    private final LongFunction<EventReader<E>> readers;
    private final Model<E> model;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private final Loop loop;
    private boolean failing;

    private EventFollower(
            String name, ReplicatedLog<C, E> log, C probe, LongFunction<EventReader<E>> readers, Model<E> model) {
        this.name = name;
        this.log = log;
        this.probe = probe;
        this.readers = readers;
        this.model = model;
        this.loop = new Loop(name, LOOP_LIMIT);
        this.thread = Thread.ofPlatform().name("dashboard-" + name).daemon().unstarted(this::run);
    }

    static EventFollower<Command, Event> ofTrading(Log log, Model<Event> model) {
        return new EventFollower<>("events", log, new Command.Probe(), log::readAfter, model);
    }

    /** From two members at once: what a dead host leads to is watched while it happens, and its own member died with it. */
    static EventFollower<RecoveryCommand, RecoveryEvent> ofRecovery(RecoveryLog log, Model<RecoveryEvent> model) {
        return new EventFollower<>("recovery", log, new RecoveryCommand.Probe(), log::readFromTwoAfter, model);
    }

    /** Turns as long as the follower does. */
    Loop loop() {
        return loop;
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (stopped.getCount() > 0) {
            loop.turned();
            try {
                follow();
            } catch (RuntimeException failure) {
                if (!failing && stopped.getCount() > 0) {
                    LOG.warn(
                            "the {} stream cannot be read, trying each {} ms: {}",
                            name,
                            RETRY_MILLIS,
                            failure.toString());
                }
                failing = true;
                model.leader(log.status());
                awaitRetry();
            }
        }
    }

    private void follow() {
        Reply reply = log.submitAndWait(probe, PROBE_TIMEOUT);
        if (!reply.accepted()) {
            throw new LogUnavailable(
                    "the probe for the last checkpoint was answered " + reply.code() + ": " + reply.text());
        }
        long checkpoint = reply.value();
        LOG.info("reading the {} stream from the checkpoint at sequence={}", name, checkpoint);
        model.expectCheckpoint();
        try (EventReader<E> reader = readers.apply(Math.max(0, checkpoint - 1))) {
            while (stopped.getCount() > 0) {
                loop.turned();
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
