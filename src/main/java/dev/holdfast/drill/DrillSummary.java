package dev.holdfast.drill;

import dev.holdfast.drill.DrillReport.Verdict;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Several runs of one drill taken together. A spread counts the runs in which it was measured; null was measured in none.
 *
 * @param verdicts how many runs got each
 * @param rowsAcknowledged the sum of all runs, and so are the next four
 * @param worstSplitBrainMillis of the runs in which another became the primary
 * @param byRecoveryLeader the same figures apart for the runs in which the recovery machine's leader was on a struck host, and for
 *     those in which it was not; empty unless there are both
 */
public record DrillSummary(
        int runs,
        Map<String, Integer> verdicts,
        @Nullable Spread detectedMillis,
        @Nullable Spread rtoTradeMillis,
        @Nullable Spread rtoDurableMillis,
        @Nullable Long rowsAcknowledged,
        @Nullable Long rowsLost,
        @Nullable Long rowsLostAlone,
        @Nullable Long ordersLost,
        @Nullable Long ordersDuplicated,
        @Nullable Long worstSplitBrainMillis,
        Map<String, DrillSummary> byRecoveryLeader) {

    /** Keys of {@link #byRecoveryLeader}. */
    public static final String STRUCK = "struck";

    public static final String SPARED = "spared";

    public DrillSummary {
        verdicts = Collections.unmodifiableMap(new LinkedHashMap<>(verdicts));
        byRecoveryLeader = Collections.unmodifiableMap(new LinkedHashMap<>(byRecoveryLeader));
    }

    public static DrillSummary of(List<DrillReport> reports) {
        List<DrillReport> struck = withLeaderStruck(reports, true);
        List<DrillReport> spared = withLeaderStruck(reports, false);
        Map<String, DrillSummary> apart = new LinkedHashMap<>();
        if (!struck.isEmpty() && !spared.isEmpty()) {
            apart.put(STRUCK, of(struck));
            apart.put(SPARED, of(spared));
        }
        Map<String, Integer> verdicts = new LinkedHashMap<>();
        for (Verdict verdict : Verdict.values()) {
            int count = Math.toIntExact(
                    reports.stream().filter(each -> each.verdict() == verdict).count());
            if (count > 0) {
                verdicts.put(verdict.word(), count);
            }
        }
        List<Long> splits = measured(reports, DrillReport::splitBrainMillis);
        return new DrillSummary(
                reports.size(),
                verdicts,
                spread(reports, DrillReport::detectedMillis),
                spread(reports, DrillReport::rtoTradeMillis),
                spread(reports, DrillReport::rtoDurableMillis),
                sum(reports, DrillReport::rowsAcknowledged),
                sum(reports, DrillReport::rowsLost),
                sum(reports, DrillReport::rowsLostAlone),
                sum(reports, DrillReport::ordersLost),
                sum(reports, DrillReport::ordersDuplicated),
                splits.isEmpty() ? null : Collections.max(splits),
                apart);
    }

    private static List<DrillReport> withLeaderStruck(List<DrillReport> reports, boolean struck) {
        return reports.stream()
                .filter(each -> Objects.equals(each.recoveryLeaderStruck(), struck))
                .toList();
    }

    private static @Nullable Spread spread(List<DrillReport> reports, Function<DrillReport, @Nullable Long> figure) {
        return Spread.of(measured(reports, figure)).orElse(null);
    }

    private static @Nullable Long sum(List<DrillReport> reports, Function<DrillReport, @Nullable Long> figure) {
        return measured(reports, figure).stream().reduce(Math::addExact).orElse(null);
    }

    private static List<Long> measured(List<DrillReport> reports, Function<DrillReport, @Nullable Long> figure) {
        return reports.stream().map(figure).filter(Objects::nonNull).toList();
    }
}
