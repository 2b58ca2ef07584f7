package dev.holdfast.dashboard;

import dev.holdfast.log.Log;
import dev.holdfast.log.LogStatus;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Answers whether we can trade, and whether a row can be written. Each asks at most once a second. */
final class Probes {

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

    private final Log log;
    private final LiveModel model;
    private final DurableWrite durableWrite;
    private final SharedProbe<Trading> trading;
    private final SharedProbe<Durable> durable;

    Probes(Log log, LiveModel model, DurableWrite durableWrite, LongSupplier nanoTime) {
        this.log = log;
        this.model = model;
        this.durableWrite = durableWrite;
        this.trading = new SharedProbe<>(this::probeLog, nanoTime);
        this.durable = new SharedProbe<>(this::probeDatabase, nanoTime);
    }

    /** Writes one probe row and waits until it is durable. */
    @FunctionalInterface
    interface DurableWrite {
        /** @throws RuntimeException if it was not written within a bounded time, with the reason */
        void write();
    }

    /**
     * @param ok whether we can trade
     * @param logMillis how long the synthetic command took through the log; -1 when it was not answered
     */
    record Trading(
            boolean ok, String reason, long logMillis, long pulseAgeMillis, int leader, long term, long sequence) {}

    /**
     * @param ok whether a row can be written
     * @param writeMillis how long it took; -1 when it was not written
     */
    record Durable(boolean ok, String reason, long writeMillis) {}

    Trading trading() {
        return trading.result();
    }

    Durable durable() {
        return durable.result();
    }

    private Trading probeLog() {
        long begun = System.nanoTime();
        try {
            Reply reply = log.submitAndWait(new Command.Probe(), PROBE_TIMEOUT);
            LiveModel.Readiness readiness = model.readiness();
            boolean ok = reply.accepted() && readiness.verdict() == LiveView.Verdict.CAN_TRADE;
            String reason = reply.accepted()
                    ? readiness.reason()
                    : "the probe was answered " + reply.code() + ": " + reply.text();
            return answer(ok, reason, millisSince(begun), readiness.pulseAgeMillis());
        } catch (LogUnavailable unavailable) {
            String reason =
                    "the log did not answer within " + PROBE_TIMEOUT.toMillis() + " ms: " + unavailable.getMessage();
            return answer(false, reason, -1, model.readiness().pulseAgeMillis());
        }
    }

    private Trading answer(boolean ok, String reason, long logMillis, long pulseAgeMillis) {
        LogStatus status = log.status();
        return new Trading(ok, reason, logMillis, pulseAgeMillis, status.leader(), status.term(), model.sequence());
    }

    private Durable probeDatabase() {
        long begun = System.nanoTime();
        try {
            durableWrite.write();
            return new Durable(true, "", millisSince(begun));
        } catch (RuntimeException failure) {
            return new Durable(false, String.valueOf(failure.getMessage()), -1);
        }
    }

    private static long millisSince(long begunNanoTime) {
        return (System.nanoTime() - begunNanoTime) / 1_000_000;
    }
}
