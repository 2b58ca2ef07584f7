package dev.holdfast.simulation.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.postgres.KeeperRules;
import dev.holdfast.recovery.CarelessClones;
import dev.holdfast.recovery.RecoveryMachine;
import dev.holdfast.simulation.Dice;
import dev.holdfast.simulation.Violation;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A database that loses both copies under load, where a clone costs its primary time: it must become whole, and stay in office. */
final class CloneStormTest {

    private static final int SEEDS = Integer.getInteger("storms", 200);
    /** The most by which one clone at full speed lengthens a flush: three quarters of a lease. */
    private static final int MOST_COST_MILLIS = 1_500;

    private static final int CARELESS_SEEDS = 40;
    private static final long MILLI_NANOS = Worlds.MILLI_NANOS;

    /** Two clones of up to nine seconds, which may read a quarter of the time, and one of which may fail. */
    private static final int BOUND_SECONDS = 120;

    /** The result of one storm. */
    private record Storm(boolean whole, long terms, long millis, String violated) {}

    @Test
    void a_database_that_loses_both_copies_is_whole_again_under_the_same_term() {
        long slowest = 0;
        long moved = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Storm storm = storm(seed, RecoveryMachine::new, new KeeperRules(), MOST_COST_MILLIS);
            assertThat(storm.violated).as("seed %d", seed).isEmpty();
            assertThat(storm.whole).as("seed %d: %s", seed, storm).isTrue();
            assertThat(storm.terms).as("seed %d: %s", seed, storm).isLessThanOrEqualTo(1);
            moved += storm.terms;
            slowest = Math.max(slowest, storm.millis);
        }
        System.out.println(
                SEEDS + " storms, whole again after " + slowest + " ms at most, " + moved + " primaries lost in all");
    }

    @Test
    void with_all_clones_at_once_primaries_lose_their_office() {
        assertThat(primariesLost(careless(CarelessClones::allAtOnce, new KeeperRules(), MOST_COST_MILLIS)))
                .isPositive();
    }

    /** As it was: terms 10 to 16 in a minute. */
    @Test
    void with_all_clones_at_once_again_and_again_and_at_full_speed_the_terms_climb() {
        List<Storm> storms = careless(CarelessClones::allAtOnceWithoutPauses, reckless(), MOST_COST_MILLIS);

        assertThat(storms.stream().mapToLong(Storm::terms).max().orElse(0)).isGreaterThan(5);
    }

    @Test
    void where_one_clone_alone_takes_too_much_it_must_be_slowed_too() {
        assertThat(primariesLost(careless(RecoveryMachine::new, reckless(), 2 * MOST_COST_MILLIS)))
                .isGreaterThan(
                        2 * primariesLost(careless(RecoveryMachine::new, new KeeperRules(), 2 * MOST_COST_MILLIS)));
    }

    private static long primariesLost(List<Storm> storms) {
        return storms.stream().mapToLong(Storm::terms).sum();
    }

    private static KeeperRules reckless() {
        return new KeeperRules() {
            @Override
            public boolean sparesSourceOfClone() {
                return false;
            }
        };
    }

    private static List<Storm> careless(Supplier<RecoveryMachine> machines, KeeperRules rules, int mostMillis) {
        List<Storm> storms = LongStream.rangeClosed(1, CARELESS_SEEDS)
                .mapToObj(seed -> storm(seed, machines, rules, mostMillis))
                .toList();
        System.out.println(CARELESS_SEEDS + " careless storms: "
                + primariesLost(storms) + " primaries lost in all, "
                + storms.stream().mapToLong(Storm::terms).max().orElse(0) + " in the worst, "
                + storms.stream().filter(storm -> !storm.whole).count() + " not whole");
        return storms;
    }

    private static Storm storm(long seed, Supplier<RecoveryMachine> machines, KeeperRules rules, int mostMillis) {
        Dice dice = new Dice(seed);
        try {
            World world = Worlds.whole(seed, machines, rules);
            world.clonesCost(dice.between(300, mostMillis), 9_000);
            long before = world.witness.term();
            for (Host host : world.hosts) {
                if (!host.instance.isPrimary()) {
                    host.instance.loseData();
                    world.runFor(dice.millis(0, 500));
                }
            }
            world.runFor(1_000 * MILLI_NANOS);
            long waited = 1_500;
            for (; waited < BOUND_SECONDS * 1_000 && !world.witness.redundant(); waited += 500) {
                world.runFor(500 * MILLI_NANOS);
            }
            return new Storm(world.witness.redundant(), world.witness.term() - before, waited, "");
        } catch (Violation violation) {
            return new Storm(false, 0, 0, violation.invariant());
        }
    }
}
