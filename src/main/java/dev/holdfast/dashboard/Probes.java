package dev.holdfast.dashboard;

import dev.holdfast.log.Log;
import dev.holdfast.log.LogStatus;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Answers whether we can trade, and whether what happens reaches the database. Each asks at most once a second. */
final class Probes {

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

    private final Log log;
    private final LiveModel model;
    private final RecordedRows rows;
    private final SharedProbe<Trading> trading;
    private final SharedProbe<Durable> durable;

    Probes(Log log, LiveModel model, RecordedRows rows, LongSupplier nanoTime) {
        this.log = log;
        this.model = model;
        this.rows = rows;
        this.trading = new SharedProbe<>(this::probeLog, nanoTime);
        this.durable = new SharedProbe<>(this::probeDatabase, nanoTime);
    }

    /**
     * @param ok whether we can trade
     * @param logMillis how long the synthetic command took through the log; -1 when it was not answered
     */
    record Trading(
            boolean ok, String reason, long logMillis, long pulseAgeMillis, int leader, long term, long sequence) {}

    /**
     * @param ok whether the recorder commits what happens
     * @param recordedSequence of the newest event whose rows are committed, null when the database does not tell
     * @param notRecordedEvents events after it, null when not known
     * @param ageMillis since it was committed, null when the database does not tell
     */
    record Durable(
            boolean ok,
            String reason,
            @Nullable Long recordedSequence,
            @Nullable Long notRecordedEvents,
            @Nullable Long ageMillis) {}

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
        RecordedRows.Newest newest = model.newest(); // before the rows, which go on meanwhile
        try {
            RecordedRows.Recorded recorded = rows.ask();
            String trouble = rows.trouble(recorded, newest);
            Long waiting = newest.sequence() == 0 ? null : Math.max(0, newest.sequence() - recorded.sequence());
            return new Durable(trouble.isEmpty(), trouble, recorded.sequence(), waiting, recorded.ageMillis());
        } catch (RuntimeException failure) {
            return new Durable(false, "the database does not answer: " + failure.getMessage(), null, null, null);
        }
    }

    private static long millisSince(long begunNanoTime) {
        return (System.nanoTime() - begunNanoTime) / 1_000_000;
    }
}
