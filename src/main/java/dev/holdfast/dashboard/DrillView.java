package dev.holdfast.dashboard;

import dev.holdfast.drill.DrillReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The drills there are, as the page is sent them when something changed.
 *
 * @param version grows with each change
 * @param refusal why the page may start none; empty when it may
 */
record DrillView(long version, String refusal, List<Row> drills) {

    /**
     * @param possible whether this system has what it strikes
     * @param last null when it was never run
     * @param problem why its last report cannot be read, empty when it can
     */
    record Row(
            String name,
            String does,
            String shows,
            boolean possible,
            @Nullable DrillReport last,
            String problem) {}

    /**
     * The drill or chaos at work. Ages are milliseconds at the moment of sending.
     *
     * @param lives false when its process ended before it could judge
     * @param phases those that are over
     * @param phase the present one, empty between two
     */
    record Work(
            String name,
            String purpose,
            boolean lives,
            long beganMillis,
            long ageMillis,
            List<DrillReport.Phase> phases,
            String phase,
            long phaseAgeMillis) {}
}
