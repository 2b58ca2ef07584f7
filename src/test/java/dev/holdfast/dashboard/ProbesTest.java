package dev.holdfast.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProbesTest {

    private static final long SECOND = 1_000_000_000;

    private final AtomicInteger asked = new AtomicInteger();
    private RecordedRows.Recorded recorded = new RecordedRows.Recorded(1, 0, 0);
    private final FakeLog log = new FakeLog();
    private final AtomicLong clock = new AtomicLong(1);
    private final LiveModel model = new LiveModel(clock::get, () -> 0);
    private final Probes probes = new Probes(
            log,
            model,
            () -> {
                asked.incrementAndGet();
                return recorded;
            },
            clock::get);

    private void pulse(boolean canTrade, String reason) {
        model.apply(new EventHeader(1, 0, 0), new Event.Pulse(canTrade, 0, 0, 0, 0, 0, 0, 0, 0, reason));
    }

    @Test
    void we_can_trade_when_the_log_answers_and_the_engine_says_so() {
        assertThat(probes.trading().ok()).isFalse();

        pulse(true, "");
        clock.addAndGet(SharedProbe.KEPT_NANOS);

        assertThat(probes.trading().ok()).isTrue();
        assertThat(probes.trading().term()).isEqualTo(4);
    }

    @Test
    void the_engines_reason_is_the_answer_when_we_cannot() {
        pulse(false, "kill switch for all trading is engaged");

        assertThat(probes.trading().ok()).isFalse();
        assertThat(probes.trading().reason()).isEqualTo("kill switch for all trading is engaged");
    }

    @Test
    void a_log_that_is_down_is_the_reason_even_after_a_good_pulse() {
        pulse(true, "");
        log.setDown(true);

        assertThat(probes.trading().ok()).isFalse();
        assertThat(probes.trading().reason()).startsWith("the log did not answer within 1000 ms");
    }

    @Test
    void an_answer_is_kept_for_a_second() {
        probes.durable();
        clock.addAndGet(SharedProbe.KEPT_NANOS - 1);
        probes.durable();
        assertThat(asked).hasValue(1);

        clock.addAndGet(1);
        probes.durable();
        assertThat(asked).hasValue(2);
    }

    @Test
    void callers_at_the_same_time_share_one_probe() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        SharedProbe<Integer> shared = new SharedProbe<>(
                () -> {
                    begun.countDown();
                    try {
                        mayEnd.await();
                    } catch (InterruptedException interrupted) {
                        throw new IllegalStateException(interrupted);
                    }
                    return asked.incrementAndGet();
                },
                clock::get);

        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < 20; caller++) {
            callers.add(Thread.ofVirtual().start(shared::result));
        }
        begun.await();
        mayEnd.countDown();
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(asked).hasValue(1);
    }

    @Test
    void rows_are_durable_while_the_recorder_commits_what_the_engine_does() {
        pulse(true, "");

        assertThat(probes.durable().reason()).isEmpty();
        assertThat(probes.durable().ok()).isTrue();
        assertThat(probes.durable().notRecordedEvents()).isZero();
    }

    @Test
    void a_recorder_that_stopped_is_not_durable_however_well_the_database_answers() {
        model.apply(new EventHeader(40, 0, 30 * SECOND), new Event.Pulse(true, 0, 0, 0, 0, 0, 0, 0, 0, ""));
        recorded = new RecordedRows.Recorded(7, 0, 14_000);

        assertThat(probes.durable().ok()).isFalse();
        assertThat(probes.durable().reason())
                .isEqualTo(
                        "recording stopped, and no gateway says why (event 7 was recorded 14 s ago, 33 events wait)");
        assertThat(probes.durable().notRecordedEvents()).isEqualTo(33);
    }

    @Test
    void a_recorder_that_commits_what_is_old_is_not_durable_yet() {
        model.apply(new EventHeader(90_000, 0, 600 * SECOND), new Event.Pulse(true, 0, 0, 0, 0, 0, 0, 0, 0, ""));
        recorded = new RecordedRows.Recorded(50_000, 10_000, 20);

        assertThat(probes.durable().ok()).isFalse();
        assertThat(probes.durable().reason()).startsWith("recording is 590 s behind the log and catches up");
    }

    @Test
    void what_is_not_known_is_not_zero() {
        assertThat(probes.durable().ok()).isFalse();
        assertThat(probes.durable().notRecordedEvents()).isNull();
    }

    @Test
    void a_database_that_does_not_answer_is_told_with_its_reason() {
        Probes broken = new Probes(
                log,
                model,
                () -> {
                    throw new IllegalStateException("connection refused");
                },
                clock::get);

        assertThat(broken.durable().ok()).isFalse();
        assertThat(broken.durable().reason()).isEqualTo("the database does not answer: connection refused");
        assertThat(broken.durable().recordedSequence()).isNull();
    }
}
