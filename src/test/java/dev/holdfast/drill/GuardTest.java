package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With real processes. */
class GuardTest {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(90);

    private Process victim;
    private ProcessIdentity identity;

    @BeforeEach
    void start() throws IOException {
        victim = new ProcessBuilder("sleep", "60").start();
        identity = ProcessIdentity.of(victim.pid()).orElseThrow();
    }

    @AfterEach
    void end() {
        victim.destroyForcibly();
    }

    @Test
    void a_process_is_frozen_and_thawed_when_the_time_is_over() throws Exception {
        Guard.freeze(List.of(identity), 500);

        await(identity::frozen);
        await(() -> !identity.frozen());
        assertThat(victim.isAlive()).isTrue();
    }

    @Test
    void several_are_frozen_together_and_thawed_and_one_that_is_gone_is_passed_over() throws Exception {
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            ProcessIdentity second = ProcessIdentity.of(other.pid()).orElseThrow();
            ProcessIdentity earlier = new ProcessIdentity(identity.pid(), identity.startTicks() - 1);

            Guard.freeze(List.of(earlier, identity, second), 500);

            await(() -> identity.frozen() && second.frozen());
            await(() -> !identity.frozen() && !second.frozen());
            assertThat(victim.isAlive() && other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void it_is_thawed_also_when_who_froze_it_is_killed() throws IOException {
        Process freezer = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Freezer.class.getName(),
                        Long.toString(victim.pid())))
                .inheritIO()
                .start();
        await(identity::frozen);

        freezer.destroyForcibly();

        await(() -> !freezer.isAlive());
        assertThat(identity.frozen()).as("the freeze outlives its author").isTrue();
        await(() -> !identity.frozen());
        assertThat(victim.isAlive()).isTrue();
    }

    @Test
    void another_process_with_the_same_number_is_left_alone() {
        ProcessIdentity earlier = new ProcessIdentity(identity.pid(), identity.startTicks() - 1);

        assertThatThrownBy(() -> Guard.freeze(List.of(earlier), 500)).isInstanceOf(Striker.NotProved.class);
        earlier.kill();

        assertThat(earlier.gone()).isTrue();
        assertThat(identity.frozen()).isFalse();
        assertThat(victim.isAlive()).isTrue();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("waited too long").isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** Freezes a process for a while and stays. */
    static final class Freezer {

        private Freezer() {}

        public static void main(String[] arguments) throws Exception {
            Guard.freeze(
                    List.of(ProcessIdentity.of(Long.parseLong(arguments[0])).orElseThrow()), 3_000);
            Thread.sleep(60_000);
        }
    }
}
