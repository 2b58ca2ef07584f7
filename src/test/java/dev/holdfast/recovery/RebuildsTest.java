package dev.holdfast.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.CloneOutcome;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaInput;
import dev.holdfast.protocol.ReplicaState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When copies are made anew: host a is the primary, b and c have lost their data. */
final class RebuildsTest {

    private final Harness h = new Harness();

    @Test
    void while_one_copy_is_cloned_no_other_clone_is_ordered() {
        bothLost();

        passes(1, 20_000);
        assertThat(copy("b").state()).isEqualTo(ReplicaState.REBUILDING);
        assertThat(copy("c").state()).isEqualTo(ReplicaState.DETACHED);

        ended("b", CloneOutcome.DONE);
        passes(1, 100);
        assertThat(copy("c").state()).isEqualTo(ReplicaState.REBUILDING);
    }

    @Test
    void a_clone_that_failed_gives_its_turn_to_the_next_copy() {
        bothLost();
        ended("b", CloneOutcome.FAILED);

        passes(1, 10_000);
        assertThat(copy("b").state()).isEqualTo(ReplicaState.DETACHED);
        assertThat(copy("c").state()).isEqualTo(ReplicaState.REBUILDING);
    }

    @Test
    void a_clone_whose_agent_is_not_heard_any_more_gives_its_turn_to_the_next_copy() {
        bothLost();

        for (long passed = 0; passed < 4_000; passed += 100) {
            h.stopped("c");
            primaryGoesOn(1);
        }

        assertThat(copy("b").state()).isIn(ReplicaState.DETACHED, ReplicaState.ABSENT);
        assertThat(copy("c").state()).isEqualTo(ReplicaState.REBUILDING);
    }

    @Test
    void a_complete_clone_is_tried_as_a_follower_of_the_next_term_and_not_thrown_away() {
        bothLost();
        long number = copy("b").cloneNumber();
        ended("b", CloneOutcome.DONE);

        nextTerm(2);
        passes(2, 1_000);
        assertThat(copy("b").state()).isEqualTo(ReplicaState.REBUILDING);
        assertThat(copy("b").cloneNumber()).isEqualTo(number);

        h.standby("b", 2, 100);
        assertThat(copy("b").state()).isEqualTo(ReplicaState.FOLLOWING);
    }

    @Test
    void a_complete_clone_that_does_not_stream_is_made_anew() {
        bothLost();
        long number = copy("b").cloneNumber();
        ended("b", CloneOutcome.DONE);
        passes(1, 100);
        ended("c", CloneOutcome.DONE);
        h.standby("c", 1, 100);

        passes(1, 10_200);
        assertThat(copy("b").input()).isEqualTo(ReplicaInput.REBUILD_FAILED);
        assertThat(copy("b").reason()).contains("clone " + number + " is complete and has not streamed");

        passes(1, 2_200);
        assertThat(copy("b").state()).isEqualTo(ReplicaState.REBUILDING);
        assertThat(copy("b").cloneNumber()).isGreaterThan(number);
    }

    @Test
    void the_more_terms_end_during_clones_the_longer_the_next_primary_is_left_alone() {
        bothLost();
        List<Long> pauses = new ArrayList<>();

        for (long term = 2; term < 9; term++) {
            nextTerm(term);
            pauses.add(untilCloned(term));
        }

        // The copy's own pause after what failed comes on top where it is the longer one.
        assertThat(pauses.subList(0, 6)).isSorted().last().isEqualTo(32_000L);
        assertThat(pauses.getFirst()).isLessThanOrEqualTo(2_000L);
        assertThat(pauses.getLast()).isEqualTo(32_000L);
    }

    @Test
    void a_clone_that_is_impossible_is_tried_again_after_pauses_that_grow_and_each_order_says_what_it_was() {
        bothLost();
        List<Long> pauses = new ArrayList<>();

        for (int time = 0; time < 7; time++) {
            ended("b", CloneOutcome.REFUSED);
            if (copy("c").state() != ReplicaState.FOLLOWING) {
                ended("c", CloneOutcome.DONE);
                h.standby("c", 1, 100);
            }
            long pause = 0;
            for (; copy("b").state() != ReplicaState.REBUILDING && pause < 100_000; pause += 100) {
                passes(1, 100);
            }
            pauses.add(pause / 1_000);
        }

        assertThat(pauses.subList(1, 7)).containsExactly(4L, 8L, 16L, 32L, 32L, 32L);
        assertThat(copy("b").reason()).contains("is impossible as things are: no room");
    }

    @Test
    void a_copy_that_streams_again_begins_with_the_shortest_pause() {
        bothLost();
        ended("b", CloneOutcome.FAILED);
        passes(1, 100);
        ended("c", CloneOutcome.DONE);
        h.standby("c", 1, 100);
        passes(1, 2_100);
        ended("b", CloneOutcome.DONE);
        h.standby("b", 1, 100);
        h.stopped("b");
        passes(1, 100);
        ended("b", CloneOutcome.FAILED);

        passes(1, 2_100);

        assertThat(copy("b").state()).isEqualTo(ReplicaState.REBUILDING);
    }

    @Test
    void what_is_known_of_clones_survives_a_restart_from_a_snapshot() {
        bothLost();
        nextTerm(2);
        untilCloned(2);
        nextTerm(3);
        h.restart();

        assertThat(untilCloned(3)).isBetween(3_000L, 4_000L);
    }

    private void bothLost() {
        h.configure();
        h.ok(new RecoveryCommand.RenewLease("a", 1, 0, 0));
        h.ok(new RecoveryCommand.ReportPromoted("a", 1, 2, 10));
        h.stopped("b");
        h.stopped("c");
        assertThat(copy("b").state()).isEqualTo(ReplicaState.REBUILDING);
    }

    /** The primary dies, and the same host is the primary again: nobody else has anything. */
    private void nextTerm(long term) {
        h.down("a", term - 1);
        h.standby("a", 0, 100);
        h.ok(new RecoveryCommand.ReportPromoted("a", term, 2, 10));
        passes(term, 0);
    }

    /** @return how long it takes until a clone is ordered, milliseconds */
    private long untilCloned(long term) {
        for (long passed = 0; passed < 100_000; passed += 100) {
            if (copy("b").state() == ReplicaState.REBUILDING || copy("c").state() == ReplicaState.REBUILDING) {
                return passed;
            }
            passes(term, 100);
        }
        throw new AssertionError("no clone was ordered");
    }

    private void ended(String host, CloneOutcome outcome) {
        h.send(new RecoveryCommand.ReportClone(
                host, copy(host).cloneNumber(), outcome, outcome == CloneOutcome.DONE ? "" : "no room"));
    }

    /** The agents are heard; who was not cloned has no server. */
    private void passes(long term, long millis) {
        for (long passed = 0; passed <= millis; passed += 100) {
            for (String host : List.of("b", "c")) {
                if (copy(host).state() == ReplicaState.FOLLOWING) {
                    h.standby(host, term, 100);
                } else {
                    h.stopped(host);
                }
            }
            if (passed < millis) {
                primaryGoesOn(term);
            }
        }
    }

    private void primaryGoesOn(long term) {
        h.renew("a", term);
        h.primary("a", term, 100, "");
        h.advance(100);
    }

    private RecoveryEvent.ReplicaChanged copy(String host) {
        return h.all(RecoveryEvent.ReplicaChanged.class).reversed().stream()
                .filter(each -> each.host().equals(host))
                .findFirst()
                .orElseThrow();
    }
}
