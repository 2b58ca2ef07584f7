package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.audit.AuditReport;
import dev.holdfast.drill.DrillReport.Verdict;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The verdict on what was seen; each test takes one thing away from a drill that showed everything. */
class DrillFindingsTest {

    private static final Drill.Outcome FAULT = outcome(1_800L);
    private static final RowFindings CLEAN = new RowFindings(900, 0, 0, 2_600L, 0L, 0);

    @Test
    void it_passes_when_the_primary_moved_all_was_measured_and_every_invariant_holds() {
        DrillFindings findings = findings("", "", "", List.of(FAULT), 4, CLEAN, audit(true));

        assertThat(findings.judgement().verdict()).isEqualTo(Verdict.PASS);
        DrillReport report = findings.report("a test", "2026-01-01T00:00:00Z", List.of(), "idle");
        assertThat(report.name()).isEqualTo("postgres-kill");
        assertThat(report.rtoTradeMillis()).isEqualTo(1_800);
        assertThat(report.rtoDurableMillis()).isEqualTo(2_600);
        assertThat(report.rowsAcknowledged()).isEqualTo(900);
        assertThat(report.invariants()).containsEntry("OnePrimary", true).containsEntry("NoRowLost", true);
    }

    @Test
    void a_primary_that_did_not_move_although_it_must_is_partial() {
        DrillFindings.Judgement judgement =
                findings("", "", "", List.of(FAULT), 3, CLEAN, audit(true)).judgement();

        assertThat(judgement.verdict()).isEqualTo(Verdict.PARTIAL);
        assertThat(judgement.reason()).contains("term 3");
    }

    @Test
    void an_order_that_was_not_seen_again_is_partial() {
        assertThat(verdict("", "", "", List.of(outcome(null)), CLEAN, audit(true)))
                .isEqualTo(Verdict.PARTIAL);
    }

    @Test
    void rows_that_came_back_only_when_the_fault_was_over_are_partial() {
        assertThat(frozen(5_999L)).isEqualTo(Verdict.PASS);
        assertThat(frozen(6_000L)).isEqualTo(Verdict.PARTIAL);
    }

    private static Verdict frozen(long outageMillis) {
        return new DrillFindings(
                        Scenario.POSTGRES_FREEZE_BACKENDS,
                        "",
                        "",
                        "",
                        List.of(FAULT),
                        true,
                        3,
                        3,
                        new RowFindings(900, 0, 0, outageMillis, null, 0),
                        null,
                        audit(true))
                .judgement()
                .verdict();
    }

    @Test
    void a_lost_recovery_leader_passes_when_the_primary_stayed_and_another_voter_was_seen_to_lead() {
        assertThat(leaderLost(outcome(900L, 100L, true), 3).verdict()).isEqualTo(Verdict.PASS);

        DrillFindings.Judgement unseen = leaderLost(outcome(null, 100L, true), 3);
        DrillFindings.Judgement moved = leaderLost(outcome(900L, 100L, true), 4);

        assertThat(unseen.verdict()).isEqualTo(Verdict.PARTIAL);
        assertThat(unseen.reason()).contains("no other voter was seen to lead");
        assertThat(moved.verdict()).isEqualTo(Verdict.PARTIAL);
        assertThat(moved.reason()).contains("moved from term 3 to 4");
    }

    private static DrillFindings.Judgement leaderLost(Drill.Outcome fault, long termAfter) {
        return new DrillFindings(
                        Scenario.RECOVERY_LEADER_KILL,
                        "",
                        "",
                        "",
                        List.of(fault),
                        true,
                        3,
                        termAfter,
                        new RowFindings(900, 0, 0, 40L, null, 0),
                        null,
                        audit(true))
                .judgement();
    }

    @Test
    void blips_pass_however_long_rows_wait_in_them_and_not_when_the_primary_moved() {
        assertThat(blips(3).verdict()).isEqualTo(Verdict.PASS);
        assertThat(blips(4).verdict()).isEqualTo(Verdict.PARTIAL);
        assertThat(blips(4).reason()).contains("after 2 faults");
    }

    private static DrillFindings.Judgement blips(long termAfter) {
        return new DrillFindings(
                        Scenario.POSTGRES_BLIPS,
                        "",
                        "",
                        "",
                        List.of(FAULT, FAULT),
                        true,
                        3,
                        termAfter,
                        new RowFindings(900, 0, 0, 1_300L, null, 0),
                        null,
                        audit(true))
                .judgement();
    }

    @Test
    void the_report_says_whether_any_fault_met_the_recovery_leader_and_nothing_when_one_is_not_known() {
        assertThat(leaderStruck(outcome(1L, 1L, false), outcome(1L, 1L, true))).isTrue();
        assertThat(leaderStruck(outcome(1L, 1L, false), outcome(1L, 1L, false))).isFalse();
        assertThat(leaderStruck(outcome(1L, 1L, true), outcome(1L, 1L, null))).isNull();
        assertThat(leaderStruck()).isNull();
    }

    private static @Nullable Boolean leaderStruck(Drill.Outcome... faults) {
        return findings("", "", "", List.of(faults), 4, CLEAN, audit(true))
                .report("a test", "2026-01-01T00:00:00Z", List.of(), "idle")
                .recoveryLeaderStruck();
    }

    @Test
    void a_lost_row_fails_whatever_else_is_well() {
        assertThat(verdict("", "", "", List.of(FAULT), new RowFindings(900, 1, 0, 2_600L, 0L, 0), audit(true)))
                .isEqualTo(Verdict.FAIL);
    }

    @Test
    void a_row_that_was_on_one_host_only_fails_nothing() {
        assertThat(verdict("", "", "", List.of(FAULT), new RowFindings(900, 0, 2, 2_600L, 0L, 0), audit(true)))
                .isEqualTo(Verdict.PASS);
    }

    @Test
    void a_row_lost_beside_a_new_primary_fails() {
        DrillFindings findings =
                findings("", "", "", List.of(FAULT), 4, new RowFindings(900, 0, 1, 2_600L, 40L, 1), audit(true));

        assertThat(findings.judgement().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(findings.judgement().reason()).contains("OnePrimary");
    }

    @Test
    void a_row_acknowledged_beside_a_new_primary_that_has_it_is_partial() {
        DrillFindings.Judgement judgement = findings(
                        "", "", "", List.of(FAULT), 4, new RowFindings(900, 0, 0, 2_600L, 40L, 0), audit(true))
                .judgement();

        assertThat(judgement.verdict()).isEqualTo(Verdict.PARTIAL);
        assertThat(judgement.reason()).contains("40 ms");
    }

    @Test
    void a_broken_invariant_fails_also_a_drill_that_was_aborted() {
        assertThat(verdict("not whole before", "", "", List.of(), CLEAN, audit(false)))
                .isEqualTo(Verdict.FAIL);
    }

    @Test
    void a_system_that_was_not_whole_before_the_fault_aborts_and_one_that_is_not_after_it_fails() {
        assertThat(verdict("a-postgres does not run", "", "", List.of(), null, audit(true)))
                .isEqualTo(Verdict.ABORTED);
        assertThat(verdict("", "", "a-postgres does not run", List.of(), CLEAN, audit(true)))
                .isEqualTo(Verdict.FAIL);
    }

    @Test
    void a_fault_that_is_not_proved_and_consequences_that_cannot_be_read_are_inconclusive() {
        assertThat(verdict("", "it was not seen frozen", "", List.of(), CLEAN, audit(true)))
                .isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(verdict("", "", "", List.of(FAULT), null, audit(true))).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(verdict("", "", "", List.of(FAULT), CLEAN, null)).isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void of_several_faults_the_worst_figure_counts_and_none_if_one_was_not_measured() {
        DrillFindings all = findings("", "", "", List.of(FAULT, outcome(2_400L)), 4, CLEAN, audit(true));
        DrillFindings one = findings("", "", "", List.of(FAULT, outcome(null)), 4, CLEAN, audit(true));

        assertThat(all.worst(each -> each.figures().nextOrderMillis())).isEqualTo(2_400);
        assertThat(one.worst(each -> each.figures().nextOrderMillis())).isNull();
    }

    @Test
    void what_the_broker_shows_may_stop_trading_for_five_seconds_at_most() {
        assertThat(withTrading(Scenario.ODD_ROWS, 5_000, 60)).isEqualTo(Verdict.PASS);
        assertThat(withTrading(Scenario.FEED_MUTE, 5_001, 60)).isEqualTo(Verdict.PARTIAL);
        assertThat(withTrading(Scenario.ADDRESS_REFUSED, 6_000, 20)).isEqualTo(Verdict.PASS);
        assertThat(withTrading(Scenario.ADDRESS_REFUSED, 6_000, 21)).isEqualTo(Verdict.PARTIAL);
    }

    private static Verdict withTrading(Scenario scenario, long pauseMillis, long asked) {
        return new DrillFindings(
                        scenario,
                        "",
                        "",
                        "",
                        List.of(outcome(100L)),
                        false,
                        3,
                        3,
                        null,
                        new TradingSeen(pauseMillis, asked),
                        audit(true))
                .judgement()
                .verdict();
    }

    private static Verdict verdict(
            String aborted,
            String unproved,
            String notWhole,
            List<Drill.Outcome> faults,
            @Nullable RowFindings rows,
            @Nullable AuditReport audit) {
        return findings(aborted, unproved, notWhole, faults, 4, rows, audit)
                .judgement()
                .verdict();
    }

    private static DrillFindings findings(
            String aborted,
            String unproved,
            String notWhole,
            List<Drill.Outcome> faults,
            long termAfter,
            @Nullable RowFindings rows,
            @Nullable AuditReport audit) {
        return new DrillFindings(
                Scenario.POSTGRES_KILL, aborted, unproved, notWhole, faults, true, 3, termAfter, rows, null, audit);
    }

    private static Drill.Outcome outcome(@Nullable Long nextOrderMillis) {
        return outcome(300L, nextOrderMillis, true);
    }

    private static Drill.Outcome outcome(
            @Nullable Long detectMillis, @Nullable Long nextOrderMillis, @Nullable Boolean recoveryLeaderStruck) {
        return new Drill.Outcome(
                1,
                FaultKind.POSTGRES_KILL,
                "a-postgres",
                1,
                0,
                recoveryLeaderStruck,
                new Measurement.Figures(detectMillis, "the database is LOST", nextOrderMillis, 2_700L),
                10,
                9_000);
    }

    private static AuditReport audit(boolean ok) {
        return new AuditReport(
                ok, 10, 5L, 5, 5L, 10, 0, 0, 0, 0, 0, 0, 0, 0L, Map.of("ReplicasAgree", ok), List.of(), List.of());
    }
}
