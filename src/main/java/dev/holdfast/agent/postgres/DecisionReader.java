package dev.holdfast.agent.postgres;

import dev.holdfast.log.EventReader;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the decisions from the last checkpoint on, on a thread of its own, and hands them on in batches. */
final class DecisionReader implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(DecisionReader.class);
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int BATCH = 256;

    private final RecoveryLog log;
    private final Consumer<List<RecoveryEvent>> listener;
    private final ClockOffset clock;
    private final Thread thread;
    private volatile boolean closing;

    DecisionReader(String host, RecoveryLog log, Consumer<List<RecoveryEvent>> listener, ClockOffset clock) {
        this.log = log;
        this.listener = listener;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("decisions-" + host).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closing) {
            OptionalLong checkpoint = checkpoint();
            if (checkpoint.isEmpty()) {
                LockSupport.parkNanos(PAUSE.toNanos()); // one that is closed answers at once
                continue;
            }
            try (EventReader<RecoveryEvent> reader = log.readAfter(checkpoint.getAsLong() - 1)) {
                while (!closing) {
                    List<RecoveryEvent> batch = new ArrayList<>();
                    reader.poll(
                            (header, event) -> {
                                clock.heard(header.logTimeNanos(), System.currentTimeMillis());
                                batch.add(event);
                            },
                            BATCH,
                            POLL);
                    if (!batch.isEmpty()) {
                        listener.accept(batch);
                    }
                }
            } catch (LogUnavailable broken) {
                LOGGER.warn("decisions are read anew from the last checkpoint reason=\"{}\"", broken.getMessage());
            }
        }
    }

    /** Without a leader there is nothing to carry out. */
    private OptionalLong checkpoint() {
        try {
            return OptionalLong.of(Math.max(
                    1,
                    log.submitAndWait(new RecoveryCommand.Probe(), PROBE_LIMIT).value()));
        } catch (LogUnavailable noLeader) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void close() {
        closing = true;
    }
}
