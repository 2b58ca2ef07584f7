package dev.holdfast.simulation.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.postgres.KeeperRules;
import dev.holdfast.recovery.RecoveryMachine;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A primary whose disk is full still renews its lease: it must give way by itself, but only to somebody who has room. */
final class NoRoomTest {

    private static final long SEEDS = 10;
    private static final long MILLI_NANOS = 1_000_000L;

    @Test
    void a_primary_without_room_gives_way_to_its_eligible_standby_and_no_row_is_lost() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            World world = whole(seed);
            Host full = primary(world);
            long rows = world.witness.rows();

            full.disk.freeBytes = 0;
            world.runFor(5_000 * MILLI_NANOS);

            assertThat(primary(world)).as("seed %d", seed).isNotSameAs(full);
            assertThat(world.witness.rows()).as("seed %d", seed).isGreaterThan(rows);
        }
    }

    @Test
    void where_nobody_has_room_the_primary_stays() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            World world = whole(seed);
            Host primary = primary(world);

            world.hosts.forEach(host -> host.disk.freeBytes = 0);
            world.runFor(5_000 * MILLI_NANOS);

            // The first look at the others may be a second old.
            Host now = primary(world);
            world.runFor(20_000 * MILLI_NANOS);
            assertThat(primary(world))
                    .as("seed %d, first %s", seed, primary.name)
                    .isSameAs(now);
        }
    }

    private static World whole(long seed) {
        World world = new World(seed, RecoveryMachine::new, new KeeperRules());
        world.begin();
        for (int wait = 0; wait < 60 && !world.witness.redundant(); wait++) {
            world.runFor(500 * MILLI_NANOS);
        }
        assertThat(world.witness.redundant()).isTrue();
        return world;
    }

    private static Host primary(World world) {
        List<Host> primaries = world.hosts.stream()
                .filter(host -> host.instance.isPrimary() && host.instance.postmaster.isAlive())
                .toList();
        assertThat(primaries).hasSize(1);
        return primaries.getFirst();
    }
}
