package dev.holdfast.simulation.recovery;

import dev.holdfast.protocol.RecoveryEvent;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How one seed went.
 *
 * @param rows acknowledged
 * @param synchronousRows of them by a primary that waited for a standby
 * @param rowsLostByDecision by promotions that said that rows could be missing
 * @param recoveryMillis from the last fault's lifting to redundancy
 * @param faults how often each kind was done
 * @param happened how often each transition was taken, and what else is worth counting
 * @param violated name of the invariant that did not hold; empty when all did
 * @param decisions the last ones before the violation
 * @param events all of them
 */
public record RecoveryResult(
        long seed,
        long steps,
        long virtualMillis,
        long rows,
        long synchronousRows,
        long rowsLostByDecision,
        long recoveryMillis,
        Map<String, Integer> faults,
        Map<String, Integer> happened,
        String violated,
        String difference,
        List<String> decisions,
        List<RecoveryEvent> events) {

    public RecoveryResult {
        faults = Collections.unmodifiableMap(new LinkedHashMap<>(faults));
        happened = Collections.unmodifiableMap(new LinkedHashMap<>(happened));
        decisions = List.copyOf(decisions);
        events = List.copyOf(events);
    }

    public boolean clean() {
        return violated.isEmpty();
    }

    /** What a person needs to see: the seed, the step, what differed, the last decisions. */
    public String explanation() {
        return "seed " + seed + ", step " + steps + ": " + difference + System.lineSeparator() + "  "
                + String.join(System.lineSeparator() + "  ", decisions) + System.lineSeparator()
                + "repeat: ./build test -Dtest=RecoverySimulationTest -Dseed=" + seed;
    }
}
