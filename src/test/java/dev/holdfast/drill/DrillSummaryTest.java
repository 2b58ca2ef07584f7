package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.drill.DrillReport.Verdict;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DrillSummaryTest {

    @Test
    void times_are_given_by_median_and_worst_of_the_runs_in_which_they_were_measured() {
        DrillSummary summary = DrillSummary.of(List.of(
                report(Verdict.PASS, 900L, 2_000L, true),
                report(Verdict.PASS, null, 2_400L, true),
                report(Verdict.PARTIAL, 700L, 7_000L, true)));

        assertThat(summary.runs()).isEqualTo(3);
        assertThat(summary.verdicts()).isEqualTo(Map.of("pass", 2, "partial", 1));
        assertThat(summary.rtoTradeMillis()).isEqualTo(new Spread(2, 700, 900));
        assertThat(summary.rtoDurableMillis()).isEqualTo(new Spread(3, 2_400, 7_000));
    }

    @Test
    void losses_are_summed_up_and_of_split_brain_the_worst_counts() {
        DrillSummary summary = DrillSummary.of(
                List.of(report(Verdict.PASS, 900L, 2_000L, null), report(Verdict.PASS, 900L, 3_000L, null)));

        assertThat(summary.rowsAcknowledged()).isEqualTo(1_000);
        assertThat(summary.rowsLost()).isEqualTo(2);
        assertThat(summary.rowsLostAlone()).isEqualTo(4);
        assertThat(summary.ordersLost()).isEqualTo(6);
        assertThat(summary.ordersDuplicated()).isEqualTo(8);
        assertThat(summary.worstSplitBrainMillis()).isEqualTo(30);
    }

    @Test
    void what_was_measured_in_no_run_is_null() {
        DrillSummary summary = DrillSummary.of(List.of(report(Verdict.ABORTED, null, null, null)));

        assertThat(summary.rtoTradeMillis()).isNull();
        assertThat(summary.rowsLost()).isNull();
        assertThat(summary.worstSplitBrainMillis()).isNull();
    }

    @Test
    void runs_that_struck_the_recovery_leader_are_told_apart_from_those_that_did_not() {
        DrillSummary summary = DrillSummary.of(List.of(
                report(Verdict.PASS, 900L, 5_000L, true),
                report(Verdict.PASS, 900L, 2_000L, false),
                report(Verdict.PASS, 900L, 2_600L, false),
                report(Verdict.INCONCLUSIVE, 900L, 9_000L, null)));

        assertThat(summary.runs()).isEqualTo(4);
        assertThat(summary.byRecoveryLeader()).containsOnlyKeys(DrillSummary.STRUCK, DrillSummary.SPARED);
        assertThat(summary.byRecoveryLeader().get(DrillSummary.STRUCK))
                .extracting(DrillSummary::runs, DrillSummary::rtoDurableMillis)
                .containsExactly(1, new Spread(1, 5_000, 5_000));
        assertThat(summary.byRecoveryLeader().get(DrillSummary.SPARED))
                .extracting(DrillSummary::runs, DrillSummary::rtoDurableMillis)
                .containsExactly(2, new Spread(2, 2_000, 2_600));
    }

    @Test
    void runs_that_are_all_of_one_kind_are_not_told_apart() {
        assertThat(DrillSummary.of(List.of(
                                report(Verdict.PASS, 900L, 5_000L, true), report(Verdict.PASS, 900L, 2_000L, null)))
                        .byRecoveryLeader())
                .isEmpty();
    }

    /** Everything that is counted is measured when rows were acknowledged again. */
    private static DrillReport report(
            Verdict verdict, @Nullable Long tradeMillis, @Nullable Long durableMillis, @Nullable Boolean leaderStruck) {
        boolean measured = durableMillis != null;
        return new DrillReport(
                "host-loss",
                verdict,
                "because",
                "a test",
                "2026-01-02T09:00:00Z",
                "a-postgres",
                List.of(),
                300L,
                tradeMillis,
                durableMillis,
                2_700L,
                measured ? 500L : null,
                measured ? 1L : null,
                measured ? 2L : null,
                measured ? 3L : null,
                measured ? 4L : null,
                durableMillis == null ? null : Long.valueOf(durableMillis / 100),
                leaderStruck,
                Map.of(),
                "idle");
    }
}
