package dev.holdfast.simulation.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.postgres.KeeperRules;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.recovery.RecoveryMachine;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A healthy primary is left alone. */
final class FalseAlarmTest {

    private static final long SEEDS = 10;
    private static final long MILLI_NANOS = Worlds.MILLI_NANOS;

    @Test
    void fifty_blips_of_half_the_lease_cause_no_failover() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            World world = whole(seed);
            Host primary = Worlds.primary(world);
            for (int blip = 0; blip < 50; blip++) {
                cut(world, primary, true);
                world.runFor(1_000 * MILLI_NANOS);
                cut(world, primary, false);
                world.runFor(2_500 * MILLI_NANOS);
            }
            assertThat(lost(world)).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void fifty_stalls_of_the_primarys_whole_host_for_half_the_lease_cause_no_failover() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            World world = whole(seed);
            Host primary = Worlds.primary(world);
            for (int stall = 0; stall < 50; stall++) {
                world.freeze(primary);
                world.runFor(1_000 * MILLI_NANOS);
                world.thaw(primary);
                world.runFor(2_500 * MILLI_NANOS);
            }
            assertThat(lost(world)).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void a_recovery_leader_that_is_killed_or_frozen_elsewhere_never_ends_the_primary() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            World world = whole(seed);
            Host primary = Worlds.primary(world);
            for (int time = 0; time < 20; time++) {
                for (int tries = 0; tries < 50 && world.log.leader().equals(primary.name); tries++) {
                    world.log.elect();
                }
                Host leader = world.host(world.log.leader());
                if (time % 2 == 0) {
                    world.killAgent(leader, 500 * MILLI_NANOS);
                    world.runFor(3_000 * MILLI_NANOS);
                } else {
                    leader.agentProcess.freeze();
                    world.runFor(1_800 * MILLI_NANOS);
                    leader.agentProcess.thaw();
                    world.runFor(1_200 * MILLI_NANOS);
                }
            }
            assertThat(lost(world)).as("seed %d", seed).isEmpty();
        }
    }

    private static World whole(long seed) {
        return Worlds.whole(seed, RecoveryMachine::new, new KeeperRules());
    }

    private static void cut(World world, Host host, boolean cut) {
        for (String other : World.NAMES) {
            if (!other.equals(host.name) && cut) {
                world.links.cut(host.name, other);
                world.links.cut(other, host.name);
            } else {
                world.links.mend(host.name, other);
                world.links.mend(other, host.name);
            }
        }
    }

    private static List<RecoveryEvent> lost(World world) {
        return world.log.recorded().stream()
                .map(RecoveryLog.Recorded::event)
                .filter(event ->
                        event instanceof RecoveryEvent.PrimaryLost || event instanceof RecoveryEvent.FenceOrdered)
                .toList();
    }
}
