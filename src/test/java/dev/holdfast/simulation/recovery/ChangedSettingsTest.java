package dev.holdfast.simulation.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.postgres.KeeperRules;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.recovery.BelievesForever;
import dev.holdfast.recovery.RecoveryMachine;
import dev.holdfast.simulation.Dice;
import dev.holdfast.simulation.Violation;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Somebody changes what was confirmed, or holds what the proof of health needs: no row is lost, and nobody loses an office. */
final class ChangedSettingsTest {

    private static final int SEEDS = 200;
    private static final long MILLI_NANOS = Worlds.MILLI_NANOS;

    private static final KeeperRules NEVER_LOOKS_AGAIN = new KeeperRules() {
        @Override
        public boolean looksAgain() {
            return false;
        }
    };

    private static final KeeperRules ENDS_NOBODY = new KeeperRules() {
        @Override
        public boolean endsBlockers() {
            return false;
        }
    };

    @Test
    void a_standby_that_its_primary_was_made_not_to_wait_for_is_not_promoted_as_complete() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertThat(changedThenLost(seed, RecoveryMachine::new, new KeeperRules()))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void without_a_second_look_a_standby_that_lacks_rows_is_promoted() {
        assertSomeSeedLosesRows(RecoveryMachine::new, NEVER_LOOKS_AGAIN);
    }

    @Test
    void with_a_machine_that_keeps_what_was_confirmed_a_standby_that_lacks_rows_is_promoted() {
        assertSomeSeedLosesRows(BelievesForever::machine, new KeeperRules());
    }

    @Test
    void changed_names_are_put_right_and_confirmed_again_without_another_term() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            World world = Worlds.whole(seed, RecoveryMachine::new, new KeeperRules());
            Host primary = Worlds.primary(world);
            long term = primary.instance.term;

            primary.instance.tamper();
            // A walsender that reads late costs the standby its place once.
            world.runFor(12_000 * MILLI_NANOS);

            assertThat(world.witness.redundant()).as("seed %d", seed).isTrue();
            assertThat(Worlds.primary(world).instance.term).as("seed %d", seed).isEqualTo(term);
            assertThat(Worlds.primary(world).instance.synchronous())
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    @Test
    void a_session_that_blocks_the_proof_of_health_is_ended_and_the_primary_stays() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertThat(lostWhileBlocked(seed, new KeeperRules()))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void without_ending_it_a_healthy_primary_loses_its_office() {
        assertThat(lostWhileBlocked(1, ENDS_NOBODY)).isNotEmpty();
    }

    private static List<RecoveryEvent> lostWhileBlocked(long seed, KeeperRules rules) {
        World world = Worlds.whole(seed, RecoveryMachine::new, rules);
        int before = world.log.recorded().size();
        Worlds.primary(world).instance.block();
        world.runFor(10_000 * MILLI_NANOS);
        return world.log.recorded().stream()
                .skip(before)
                .map(RecoveryLog.Recorded::event)
                .filter(event -> event instanceof RecoveryEvent.PrimaryLost)
                .toList();
    }

    private static void assertSomeSeedLosesRows(Supplier<RecoveryMachine> machines, KeeperRules rules) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            String violated = changedThenLost(seed, machines, rules);
            if (!violated.isEmpty()) {
                assertThat(violated).as("seed %d", seed).isEqualTo("NoRowLost");
                return;
            }
        }
        assertThat(SEEDS).as("seeds in which no row was lost").isZero();
    }

    /** The standbys stand still for a moment, the primary is made to wait for nobody, and is gone before they go on. */
    private static String changedThenLost(long seed, Supplier<RecoveryMachine> machines, KeeperRules rules) {
        Dice dice = new Dice(seed);
        try {
            World world = Worlds.whole(seed, machines, rules);
            Host primary = Worlds.primary(world);
            world.runFor(dice.millis(0, 1_000));
            for (Host host : world.hosts) {
                if (host != primary) {
                    host.instance.backends.freeze();
                }
            }
            primary.instance.tamper();
            world.runFor(dice.millis(300, 900));
            world.crash(primary, 20_000 * MILLI_NANOS);
            world.hosts.forEach(host -> host.instance.backends.thaw());
            world.runFor(5_000 * MILLI_NANOS);
            return "";
        } catch (Violation violation) {
            return violation.invariant();
        }
    }
}
