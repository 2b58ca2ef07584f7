package dev.holdfast.drill;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one drill found. A null figure was not measured.
 *
 * @param reason why the verdict is what it is
 * @param purpose why somebody ran it
 * @param began ISO-8601
 * @param target what was struck, empty when nothing was
 * @param detectedMillis from the fault to the first sign that the system knows
 * @param rtoTradeMillis to the first accepted order that was wished after it
 * @param rtoDurableMillis from the last acknowledged row before it to the first on the new primary, or the longest pause
 * @param recordedMillis to the first event in the primary's tables that was logged after it
 * @param rowsLost acknowledged while a standby held them too
 * @param rowsLostAlone acknowledged by a primary that was known to be alone
 * @param splitBrainMillis how long the old primary acknowledged after the new one could
 * @param recoveryLeaderStruck whether the recovery machine's leader was on a host that was struck
 * @param machine how busy it was
 */
public record DrillReport(
        String name,
        Verdict verdict,
        String reason,
        String purpose,
        String began,
        String target,
        List<Phase> phases,
        @Nullable Long detectedMillis,
        @Nullable Long rtoTradeMillis,
        @Nullable Long rtoDurableMillis,
        @Nullable Long recordedMillis,
        @Nullable Long rowsAcknowledged,
        @Nullable Long rowsLost,
        @Nullable Long rowsLostAlone,
        @Nullable Long ordersLost,
        @Nullable Long ordersDuplicated,
        @Nullable Long splitBrainMillis,
        @Nullable Boolean recoveryLeaderStruck,
        Map<String, Boolean> invariants,
        String machine) {

    public DrillReport {
        phases = List.copyOf(phases);
        invariants = Collections.unmodifiableMap(new LinkedHashMap<>(invariants));
    }

    /** Since the drill began. */
    public record Phase(String name, long startedMillis, long tookMillis) {}

    /** As it is written in documents. */
    public enum Verdict {
        /** It showed all that it must. */
        PASS,
        /** Every invariant holds, and something that it must show was not seen. */
        PARTIAL,
        /** An invariant is broken, or the system did not recover. */
        FAIL,
        /** It ended before the fault. */
        ABORTED,
        /** The fault, or its consequences, could not be proved. */
        INCONCLUSIVE;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
