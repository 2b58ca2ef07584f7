package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.agent.ChildStatus.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private final FakeCaretaker caretaker = new FakeCaretaker();
    private Child child;

    @BeforeEach
    void make() {
        child = new Child("fake", caretaker, folder.resolve("fake.log"), new Liveness(Duration.ofMillis(100)));
    }

    @AfterEach
    void close() {
        child.close();
    }

    @Test
    void what_ends_is_started_again() throws InterruptedException {
        child.start();
        await(status -> status.state() == State.RUNNING);

        caretaker.die(137);

        ChildStatus again = await(status -> status.state() == State.RUNNING && status.restarts() == 1);
        assertThat(again.pid()).isEqualTo(2);
    }

    @Test
    void what_cannot_start_waits_and_says_why() throws InterruptedException {
        caretaker.refusal = "no such program";
        child.start();

        ChildStatus waiting = await(status -> status.state() == State.WAITING || status.state() == State.CRASH_LOOP);

        assertThat(waiting.detail()).isEqualTo("no such program");
        assertThat(waiting.nextStartMillis()).isNotNull();
    }

    @Test
    void what_halted_itself_is_not_started_until_its_reason_is_gone() throws InterruptedException {
        child.start();
        await(status -> status.state() == State.RUNNING);

        caretaker.halted = "it differs from the others";
        caretaker.die(1);
        ChildStatus halted = await(status -> status.state() == State.HALTED);
        child.restart();
        ChildStatus still = await(status -> status.state() == State.HALTED);
        caretaker.halted = null;

        assertThat(halted.detail()).isEqualTo("it differs from the others");
        assertThat(still.restarts()).isZero();
        await(status -> status.state() == State.RUNNING && status.pid() == 2);
    }

    @Test
    void a_held_process_stays_down_until_a_restart_is_asked_for() throws InterruptedException {
        child.start();
        await(status -> status.state() == State.RUNNING);

        child.hold();
        await(status -> status.state() == State.STOPPED);
        child.restart();

        await(status -> status.state() == State.RUNNING && status.pid() == 2);
    }

    @Test
    void closing_ends_the_process() throws InterruptedException {
        child.start();
        await(status -> status.state() == State.RUNNING);

        child.close();

        assertThat(caretaker.running).isFalse();
        assertThat(child.status().state()).isEqualTo(State.STOPPED);
    }

    @Test
    void a_process_of_an_earlier_agent_is_taken_over() throws InterruptedException {
        caretaker.running = true;
        child.start();

        await(status -> status.state() == State.RUNNING);

        assertThat(caretaker.starts.get()).isZero();
    }

    @Test
    void a_process_whose_loop_stands_still_is_killed_and_started_again() throws InterruptedException {
        child.start();
        await(status -> status.state() == State.RUNNING);

        caretaker.problem = "loop 'events' has not turned for 11 s";

        await(status -> status.state() == State.RUNNING && status.pid() == 2);
        assertThat(caretaker.kills.get()).isEqualTo(1);
    }

    @Test
    void one_that_may_not_be_replaced_now_is_asked_for_again_until_it_may() throws InterruptedException {
        caretaker.needed = true;
        child.start();
        await(status -> status.state() == State.RUNNING);

        caretaker.problem = "loop 'log' has not turned for 11 s";
        caretaker.askedToReplace.await();
        assertThat(caretaker.kills.get()).isZero();
        caretaker.needed = false;

        await(status -> status.state() == State.RUNNING && status.pid() == 2);
    }

    @Test
    void waits_grow_to_a_bound_and_a_long_life_forgives() {
        RestartPolicy policy = new RestartPolicy();

        assertThat(policy.afterExit(Duration.ofSeconds(1))).isEqualTo(RestartPolicy.FIRST);
        assertThat(policy.afterExit(Duration.ofSeconds(1))).isEqualTo(RestartPolicy.FIRST.multipliedBy(2));
        for (int exit = 0; exit < 100; exit++) {
            assertThat(policy.afterExit(Duration.ZERO)).isLessThanOrEqualTo(RestartPolicy.LONGEST);
        }
        assertThat(policy.crashLoop()).isTrue();

        assertThat(policy.afterExit(RestartPolicy.GOOD_LIFE)).isEqualTo(RestartPolicy.FIRST);
        assertThat(policy.crashLoop()).isFalse();
    }

    private ChildStatus await(Predicate<ChildStatus> condition) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            ChildStatus status = child.status();
            if (condition.test(status)) {
                return status;
            }
            Thread.onSpinWait();
        }
        return fail("not within " + LIMIT + ": " + child.status());
    }

    private static final class FakeCaretaker implements Caretaker {

        private final AtomicInteger starts = new AtomicInteger();
        private volatile boolean running;
        private volatile String refusal = "";
        private volatile @Nullable String halted;
        private volatile OptionalInt exitCode = OptionalInt.empty();
        private final AtomicInteger kills = new AtomicInteger();
        private final CountDownLatch askedToReplace = new CountDownLatch(2);
        private volatile String problem = "";
        private volatile boolean needed;

        @Override
        public Optional<String> halted() {
            return Optional.ofNullable(halted);
        }

        @Override
        public String ask() {
            return problem;
        }

        @Override
        public boolean mayReplace(Duration dead) {
            askedToReplace.countDown();
            return !needed;
        }

        void die(int code) {
            exitCode = OptionalInt.of(code);
            running = false;
        }

        @Override
        public Observation observe() {
            return new Observation(running, running ? starts.get() : 0, exitCode, "");
        }

        @Override
        public void act(Decision decision) throws IOException {
            switch (decision) {
                case START -> {
                    if (!refusal.isEmpty()) {
                        throw new IOException(refusal);
                    }
                    starts.incrementAndGet();
                    running = true;
                }
                case STOP -> running = false;
                case KILL -> {
                    kills.incrementAndGet();
                    problem = "";
                    running = false;
                }
            }
        }
    }
}
