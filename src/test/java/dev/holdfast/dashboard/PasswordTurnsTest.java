package dev.holdfast.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordTurnsTest {

    private final PasswordTurns turns = new PasswordTurns();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    private Future<Boolean> arrive(String who, long failures) throws InterruptedException {
        int before = turns.waiting();
        Future<Boolean> entered = threads.submit(() -> {
            boolean mine = turns.enter(failures);
            if (mine) {
                order.add(who);
            }
            return mine;
        });
        Await.until(who + " waits", () -> turns.waiting() != before || entered.isDone());
        return entered;
    }

    private void takeAllPlaces() throws InterruptedException {
        for (int place = 0; place < PasswordTurns.PLACES; place++) {
            assertThat(turns.enter(0)).isTrue();
        }
    }

    @Test
    void a_first_attempt_goes_before_all_that_failed_and_among_equals_the_newest_goes_first() throws Exception {
        takeAllPlaces();
        List<Future<Boolean>> all = new ArrayList<>();
        all.add(arrive("guesser", 12));
        all.add(arrive("older", 3));
        all.add(arrive("newer", 3));
        all.add(arrive("asha", 0));

        for (Future<Boolean> ignored : all) {
            int before = order.size();
            turns.leave();
            Await.until("the next has a turn", () -> order.size() > before);
        }

        assertThat(order).containsExactly("asha", "newer", "older", "guesser");
    }

    @Test
    void when_too_many_wait_the_one_that_failed_most_is_sent_away_at_once() throws Exception {
        takeAllPlaces();
        Future<Boolean> guesser = arrive("guesser", 1_000);
        List<Future<Boolean>> others = new ArrayList<>();
        for (int other = 1; other < PasswordTurns.MAX_WAITING; other++) {
            others.add(arrive("other" + other, 5));
        }

        Future<Boolean> asha = threads.submit(() -> turns.enter(0));

        assertThat(guesser.get()).isFalse();
        turns.leave();
        assertThat(asha.get()).isTrue();
        assertThat(others).noneMatch(Future::isDone);
    }

    @Test
    void a_turn_that_does_not_come_is_not_waited_for_long() throws Exception {
        takeAllPlaces();

        assertThat(turns.enter(0)).isFalse();

        turns.leave();
        assertThat(turns.enter(0)).isTrue();
    }
}
