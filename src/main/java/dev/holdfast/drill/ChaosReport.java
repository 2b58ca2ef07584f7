package dev.holdfast.drill;

import dev.holdfast.audit.AuditReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a chaos run found.
 *
 * @param verdict pass, fail (an invariant is broken) or aborted (the system did not become whole)
 * @param audit null if it could not be made
 */
public record ChaosReport(
        String verdict,
        long seed,
        List<Fault> faults,
        Map<String, Boolean> invariants,
        @Nullable AuditReport audit) {

    public ChaosReport {
        faults = List.copyOf(faults);
        invariants = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(invariants));
    }

    /** Times in milliseconds since the fault; null was not measured, or there was nothing to notice. */
    public record Fault(
            String kind,
            String target,
            @Nullable Long detectMillis,
            @Nullable Long nextOrderMillis,
            @Nullable Long nextDurableMillis) {}
}
