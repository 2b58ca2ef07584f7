package dev.holdfast.audit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results of an audit so far: a verdict for each invariant, and a line for each difference. */
final class Findings {

    private static final int MAX_LINES = 200;

    private final List<String> differences = new ArrayList<>();
    private final List<String> races = new ArrayList<>();
    private final Map<String, Boolean> invariants = new LinkedHashMap<>();

    void verdict(String invariant, boolean holds) {
        invariants.merge(invariant, holds, Boolean::logicalAnd);
    }

    void differ(String difference) {
        if (differences.size() < MAX_LINES) {
            differences.add(difference);
        }
    }

    /** Something that looks like a fault and is none: nobody on our side could know. */
    void race(String race) {
        if (races.size() < MAX_LINES) {
            races.add(race);
        }
    }

    boolean ok() {
        return invariants.values().stream().allMatch(Boolean::booleanValue);
    }

    Map<String, Boolean> invariants() {
        return Collections.unmodifiableMap(invariants);
    }

    List<String> differences() {
        return List.copyOf(differences);
    }

    List<String> races() {
        return List.copyOf(races);
    }
}
