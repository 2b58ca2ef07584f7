package dev.holdfast.simulation.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.postgres.Instance.Standby;
import dev.holdfast.agent.postgres.KeeperRules;
import dev.holdfast.recovery.RecoveryMachine;
import dev.holdfast.simulation.Dice;
import dev.holdfast.simulation.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the contract asks of the agents is there for a reason: without it the simulator finds what it prevents. */
final class AgentSafeguardTest {

    private static final int SEEDS = 300;
    private static final long MILLI_NANOS = Worlds.MILLI_NANOS;

    @Test
    void a_standby_counts_only_when_every_walsender_has_read_its_name() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertThat(replacedThenKilled(seed, new KeeperRules()))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void without_waiting_for_every_walsender_a_standby_counts_that_lacks_rows() {
        KeeperRules careless = new KeeperRules() {
            @Override
            public boolean maySayConfirmed(List<Standby> standbys, String named) {
                return standbys.stream().anyMatch(standby -> standby.host().equals(named) && standby.sync());
            }
        };
        for (long seed = 1; seed <= SEEDS; seed++) {
            String violated = replacedThenKilled(seed, careless);
            if (!violated.isEmpty()) {
                assertThat(violated).as("seed %d", seed).isEqualTo("NoRowLost");
                return;
            }
        }
        assertThat(SEEDS).as("seeds in which no row was lost").isZero();
    }

    /** The eligible standby is cut off until another takes its place, comes back, and the primary is killed soon after. */
    private static String replacedThenKilled(long seed, KeeperRules rules) {
        Dice dice = new Dice(seed);
        try {
            World world = Worlds.whole(seed, RecoveryMachine::new, rules);
            Host primary = Worlds.primary(world);
            Host standby = Worlds.standby(world);
            world.links.cut(primary.name, standby.name);
            world.links.cut(standby.name, primary.name);
            Worlds.third(world).disk.slow(80);
            world.runFor(dice.millis(1_500, 2_500));
            world.links.mend(primary.name, standby.name);
            world.links.mend(standby.name, primary.name);
            world.runFor(dice.millis(200, 1_500));
            world.crash(primary, 5_000 * MILLI_NANOS);
            world.runFor(5_000 * MILLI_NANOS);
            return "";
        } catch (Violation violation) {
            return violation.invariant();
        }
    }
}
