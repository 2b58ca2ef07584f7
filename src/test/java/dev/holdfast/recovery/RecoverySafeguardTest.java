package dev.holdfast.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.simulation.recovery.RecoveryResult;
import dev.holdfast.simulation.recovery.RecoverySimulation;
import org.junit.jupiter.api.Test;

/** The simulator is worth something only if it finds what each safeguard is there for: with one taken away it must. */
final class RecoverySafeguardTest {

    /** A fault that brings it out comes in one world in a few, or in many. */
    private static final int MOST_SEEDS = 6_000;

    @Test
    void with_a_lease_without_term_two_hosts_hold_it() {
        violates("OnePrimary", new Rules() {
            @Override
            boolean isHolder(RecoveryEvent.LeaseGranted lease, RecoveryCommand.RenewLease ask) {
                return true;
            }
        });
    }

    @Test
    void with_a_promotion_before_the_old_primary_is_dead_there_are_two() {
        violates("OnePrimary", new Rules() {
            @Override
            boolean isExpired(
                    long silentNanos, RecoveryEvent.LeaseGranted lease, RecoveryEvent.RecoveryConfigured settings) {
                return silentNanos > (lease.leaseMillis() - settings.marginMillis()) * 1_000_000L;
            }
        });
    }

    @Test
    void with_a_shorter_lease_that_counts_before_its_holder_has_heard_of_it_there_are_two() {
        violates("OnePrimary", new Rules() {
            @Override
            boolean isExpired(
                    long silentNanos, RecoveryEvent.LeaseGranted lease, RecoveryEvent.RecoveryConfigured settings) {
                return silentNanos > (settings.leaseMillis() + settings.marginMillis()) * 1_000_000L;
            }
        });
    }

    @Test
    void with_any_standby_named_the_promoted_one_lacks_rows() {
        violates("NoRowLost", new Rules() {
            @Override
            String standbyNames(String standby) {
                return "*";
            }
        });
    }

    private static void violates(String invariant, Rules rules) {
        for (long seed = 1; seed <= MOST_SEEDS; seed++) {
            RecoveryResult result = new RecoverySimulation(seed, () -> new RecoveryMachine(rules)).run();
            if (!result.clean()) {
                System.out.println("found by seed " + seed + ": " + result.difference());
                assertThat(result.violated()).as(result.explanation()).isEqualTo(invariant);
                assertThat(result.explanation()).contains("seed " + seed, "step ", "-Dseed=" + seed);
                assertThat(result.decisions()).isNotEmpty();
                return;
            }
        }
        assertThat(MOST_SEEDS)
                .as("seeds in which " + invariant + " held though its safeguard was taken away")
                .isZero();
    }
}
