package dev.holdfast.simulation.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.postgres.KeeperRules;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.recovery.RecoveryMachine;
import dev.holdfast.recovery.RelaxesFirst;
import dev.holdfast.simulation.Dice;
import dev.holdfast.simulation.Violation;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * A standby stops counting before its primary stops waiting for it. Random faults hardly ever meet the moment between the two,
 * so it is brought about: the primary hears that it need not wait, and nobody hears of it again.
 */
final class RelaxSafeguardTest {

    private static final int SEEDS = 200;
    private static final long MILLI_NANOS = Worlds.MILLI_NANOS;

    /** Less than any message takes: what follows from a decision is on its way at most. */
    private static final long MOMENT_NANOS = 100_000L;

    /** Lease and margin, and a promotion. */
    private static final long FAILED_OVER_NANOS = 4_000 * MILLI_NANOS;

    @Test
    void a_standby_that_its_primary_no_longer_waits_for_is_not_promoted() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertThat(relaxedThenLost(seed, RecoveryMachine::new))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void with_relaxing_before_it_is_logged_a_standby_that_lacks_rows_is_promoted() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertThat(relaxedThenLost(seed, RelaxesFirst::machine))
                    .as("seed %d", seed)
                    .isEqualTo("NoRowLost");
        }
    }

    /**
     * No standby streams any more; when the primary is told to wait for nobody it can still hear, and is not heard; it
     * acknowledges alone, and is killed.
     */
    private static String relaxedThenLost(long seed, Supplier<RecoveryMachine> machines) {
        Dice dice = new Dice(seed);
        try {
            World world = Worlds.whole(seed, machines, new KeeperRules());
            Host primary = Worlds.primary(world);
            Host standby = Worlds.standby(world);
            Host leader = Worlds.third(world);
            for (int tries = 0; tries < 50 && !world.log.leader().equals(leader.name); tries++) {
                world.log.elect();
            }
            world.runFor(dice.millis(0, 1_000));
            leader.instance.backends.freeze(); // else it would take the standby's place
            world.links.cut(primary.name, standby.name);
            world.links.cut(standby.name, primary.name);
            awaitRelaxed(world);
            long rows = world.witness.rows();
            world.links.cut(primary.name, leader.name);
            world.runFor(dice.millis(100, 1_500));
            assertThat(world.witness.rows())
                    .as("seed %d: rows acknowledged alone", seed)
                    .isGreaterThan(rows);
            world.crash(primary, 2 * FAILED_OVER_NANOS);
            world.runFor(FAILED_OVER_NANOS);
            return "";
        } catch (Violation violation) {
            return violation.invariant();
        }
    }

    private static void awaitRelaxed(World world) {
        int before = world.log.recorded().size();
        for (long waited = 0; waited < 5_000 * MILLI_NANOS; waited += MOMENT_NANOS) {
            world.runFor(MOMENT_NANOS);
            boolean relaxed = world.log.recorded().stream()
                    .skip(before)
                    .anyMatch(each -> each.event() instanceof RecoveryEvent.NamesOrdered order
                            && order.standby().isEmpty());
            if (relaxed) {
                return;
            }
        }
        throw new AssertionError("the primary was not told to wait for nobody");
    }
}
