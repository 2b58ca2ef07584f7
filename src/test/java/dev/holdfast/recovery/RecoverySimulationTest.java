package dev.holdfast.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.simulation.recovery.RecoveryResult;
import dev.holdfast.simulation.recovery.RecoverySimulation;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Some hundred worlds, run once for all tests; {@code -Dseed=} runs one of them, {@code -Dseeds=} as many as it says. */
final class RecoverySimulationTest {

    private static final Long ONLY = Long.getLong("seed");
    private static final long SEEDS = Long.getLong("seeds", 1_100);
    private static final int MOST_FAILURES = 3;

    private static final List<RecoveryResult> failures = new ArrayList<>();
    private static final Map<String, Integer> violated = new TreeMap<>();
    private static final Map<String, Integer> faults = new TreeMap<>();
    private static final Map<String, Integer> happened = new TreeMap<>();
    private static final TreeSet<String> withoutReason = new TreeSet<>();

    @BeforeAll
    static void run() {
        long[] sums = new long[5];
        for (long seed = ONLY == null ? 1 : ONLY; seed <= (ONLY == null ? SEEDS : ONLY); seed++) {
            RecoveryResult result = new RecoverySimulation(seed, RecoveryMachine::new).run();
            result.faults().forEach((kind, times) -> faults.merge(kind, times, Integer::sum));
            result.happened().forEach((what, times) -> happened.merge(what, times, Integer::sum));
            result.events().forEach(RecoverySimulationTest::requireReason);
            sums[0] += result.rows();
            sums[1] += result.synchronousRows();
            sums[2] += result.rowsLostByDecision();
            sums[3] += result.steps();
            sums[4] = Math.max(sums[4], result.recoveryMillis());
            if (!result.clean()) {
                violated.merge(result.violated(), 1, Integer::sum);
                if (failures.size() < MOST_FAILURES) {
                    failures.add(result);
                }
            }
        }
        System.out.println(sums[0] + " rows acknowledged, " + sums[1] + " of them synchronously, " + sums[2]
                + " lost by a decision that said so, " + sums[3] + " steps, whole again after " + sums[4]
                + " ms at most, violated " + violated + ", faults " + faults);
    }

    @Test
    void there_is_one_primary_and_no_row_lost_in_every_world_and_each_stands_whole_again() {
        assertThat(failures.size())
                .as(failures.stream().map(RecoveryResult::explanation).collect(Collectors.joining("\n\n")))
                .isZero();
    }

    @Test
    void every_decision_carries_its_reason() {
        assertThat(withoutReason).isEmpty();
    }

    /** A world in which nothing rare happens proves nothing about it. */
    @Test
    void every_kind_of_fault_and_every_transition_comes_up() {
        if (ONLY != null) {
            return;
        }
        TreeSet<String> missing = new TreeSet<>(RecoverySimulation.faultKinds());
        missing.removeAll(faults.keySet());
        for (Transitions.Row<?, ?> row : Transitions.DATABASE) {
            String transition = row.from() + " " + row.input() + " " + row.to();
            if (!happened.containsKey(transition)) {
                missing.add(transition);
            }
        }
        for (Transitions.Row<?, ?> row : Transitions.REPLICA) {
            String transition = "copy " + row.from() + " " + row.input() + " " + row.to();
            if (!happened.containsKey(transition)) {
                missing.add(transition);
            }
        }
        assertThat(missing).as("never came up in %d seeds", SEEDS).isEmpty();
    }

    @Test
    void a_seed_repeats_every_step() {
        RecoveryResult first = new RecoverySimulation(77, RecoveryMachine::new).run();
        RecoveryResult again = new RecoverySimulation(77, RecoveryMachine::new).run();

        assertThat(again).isEqualTo(first);
    }

    private static void requireReason(RecoveryEvent event) {
        for (RecordComponent component : event.getClass().getRecordComponents()) {
            if (component.getName().equals("reason")) {
                try {
                    if (String.valueOf(component.getAccessor().invoke(event)).isBlank()) {
                        withoutReason.add(event.toString());
                    }
                } catch (ReflectiveOperationException impossible) {
                    throw new LinkageError(event.toString(), impossible);
                }
            }
        }
    }
}
