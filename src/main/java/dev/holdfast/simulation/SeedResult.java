package dev.holdfast.simulation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How one seed went.
 *
 * @param faults how often each kind was done
 * @param steps taken, to the end or to the violation
 * @param virtualMillis that passed in its world
 * @param happened how often orders came into each state, and what else is worth counting
 * @param violated name of the invariant that did not hold; empty when all did
 * @param decisions the last ones before the violation
 */
public record SeedResult(
        long seed,
        String profile,
        long steps,
        long virtualMillis,
        long intents,
        Map<String, Integer> faults,
        long held,
        Map<String, Integer> happened,
        String violated,
        String difference,
        List<String> decisions) {

    public SeedResult {
        faults = Collections.unmodifiableMap(new LinkedHashMap<>(faults));
        happened = Collections.unmodifiableMap(new LinkedHashMap<>(happened));
        decisions = List.copyOf(decisions);
    }

    /** A world in which something threw that nothing should. */
    static SeedResult broken(long seed, String thrown) {
        return new SeedResult(
                seed, "", 0, 0, 0, Map.of(), 0, Map.of(), "Unbroken", "the simulation threw: " + thrown, List.of());
    }

    public boolean clean() {
        return violated.isEmpty();
    }

    /** What a person needs to see: the seed, the step, what differed, the last decisions. */
    public String explanation() {
        return "seed " + seed + ", step " + steps + ": " + difference + System.lineSeparator() + "  "
                + String.join(System.lineSeparator() + "  ", decisions) + System.lineSeparator()
                + "repeat: ./holdfast simulate --from " + seed + " --seeds 1";
    }
}
