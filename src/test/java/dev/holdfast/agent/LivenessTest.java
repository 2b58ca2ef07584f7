package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.Liveness.Sight;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LivenessTest {

    private static final long PID = 7;

    private final Liveness liveness = new Liveness();
    private long nowNanos = 1;
    private long processorNanos;

    @Test
    void a_stopped_process_is_dead_after_ten_seconds_whatever_it_said_before() {
        answer("");

        pass(9.9, 0);
        assertThat(liveness.dead(frozen(), nowNanos)).isEmpty();
        pass(0.2, 0);
        assertThat(liveness.dead(frozen(), nowNanos)).hasValue("it is stopped, since 10 s");
    }

    @Test
    void a_stopped_process_that_an_earlier_agent_left_is_found_too() {
        assertThat(liveness.dead(frozen(), nowNanos)).isEmpty();

        pass(10.1, 0);

        assertThat(liveness.dead(frozen(), nowNanos)).isPresent();
    }

    @Test
    void a_process_that_answers_while_its_loop_stands_is_dead() {
        answer("");
        pass(10.1, 1);
        answer("loop 'events' has not turned for 10 s");

        assertThat(liveness.dead(sight(), nowNanos)).hasValue("loop 'events' has not turned for 10 s, since 10 s");
    }

    @Test
    void a_silent_process_that_uses_no_processor_is_dead_after_ten_seconds() {
        answer("");

        pass(10.1, 0.05);

        assertThat(liveness.dead(sight(), nowNanos)).hasValue("it does not answer, since 10 s");
    }

    @Test
    void a_silent_process_that_works_has_a_minute() {
        answer("");

        pass(59, 10);
        assertThat(liveness.dead(sight(), nowNanos)).isEmpty();
        pass(1.1, 0.2);
        assertThat(liveness.dead(sight(), nowNanos)).isPresent();
    }

    @Test
    void a_start_may_take_long_and_a_new_process_begins_anew() {
        answer("");
        pass(60, 0);
        Sight next = new Sight(PID + 1, false, false, 0);

        assertThat(liveness.dead(next, nowNanos)).isEmpty();
        pass(119, 0);
        assertThat(liveness.dead(next, nowNanos)).isEmpty();
        pass(1.1, 0);
        assertThat(liveness.dead(next, nowNanos)).isPresent();
    }

    @Test
    void what_a_debugger_holds_is_left_to_the_person() {
        answer("");

        pass(3_600, 0);

        assertThat(liveness.dead(new Sight(PID, false, true, 0), nowNanos)).isEmpty();
    }

    @Test
    void an_agent_that_was_frozen_itself_concludes_nothing_from_the_time_before() {
        answer("");
        pass(30, 0);

        liveness.forget();

        assertThat(liveness.dead(sight(), nowNanos)).isEmpty();
    }

    private void answer(String problem) {
        liveness.answered(sight(), problem, nowNanos);
    }

    private void pass(double seconds, double processorSeconds) {
        nowNanos += (long) (seconds * Duration.ofSeconds(1).toNanos());
        processorNanos += (long) (processorSeconds * Duration.ofSeconds(1).toNanos());
    }

    private Sight sight() {
        return new Sight(PID, false, false, processorNanos);
    }

    private Sight frozen() {
        return new Sight(PID, true, false, processorNanos);
    }
}
