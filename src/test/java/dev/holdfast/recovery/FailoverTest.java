package dev.holdfast.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.CloneOutcome;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.PromotionMode;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaState;
import dev.holdfast.protocol.ReplyCode;
import dev.holdfast.protocol.RequestStep;
import org.junit.jupiter.api.Test;

/** Who becomes primary, when, and who does not. */
final class FailoverTest {

    @Test
    void a_primary_reported_down_is_replaced_at_once_by_the_eligible_standby() {
        Harness h = Harness.guarded();

        h.down("a", 1);

        RecoveryEvent.PromotionDecided promotion = h.last(RecoveryEvent.PromotionDecided.class);
        assertThat(promotion.host()).isEqualTo("b");
        assertThat(promotion.term()).isEqualTo(2);
        assertThat(promotion.mode()).isEqualTo(PromotionMode.SAFE);
        assertThat(h.last(RecoveryEvent.LeaseGranted.class).term()).isEqualTo(2);
    }

    @Test
    void a_silent_primary_is_replaced_only_after_lease_and_margin() {
        Harness h = Harness.guarded();
        assertThat(h.renew("a", 1).code()).isEqualTo(ReplyCode.OK);

        aliveFor(h, 2_200);
        assertThat(h.last(RecoveryEvent.PromotionDecided.class).term()).isEqualTo(1);

        aliveFor(h, 300);
        assertThat(h.last(RecoveryEvent.PromotionDecided.class).host()).isEqualTo("b");
        assertThat(h.last(RecoveryEvent.LeaseExpired.class).reason()).contains("did not renew its lease of term 1");
    }

    @Test
    void a_lease_lasts_as_long_as_it_was_granted_when_leases_become_shorter() {
        Harness h = Harness.guarded();
        h.configure(1_000);
        assertThat(h.renew("a", 1).code()).isEqualTo(ReplyCode.OK);

        aliveFor(h, 2_200);
        assertThat(h.last(RecoveryEvent.PromotionDecided.class).term()).isEqualTo(1);

        aliveFor(h, 300);
        assertThat(h.last(RecoveryEvent.LeaseGranted.class).term()).isEqualTo(2);
        assertThat(h.last(RecoveryEvent.LeaseGranted.class).leaseMillis()).isEqualTo(1_000);
    }

    @Test
    void who_does_not_hold_this_very_term_renews_nothing() {
        Harness h = Harness.guarded();

        assertThat(h.renew("a", 2).code()).isEqualTo(ReplyCode.REFUSED);
        assertThat(h.renew("b", 1).code()).isEqualTo(ReplyCode.REFUSED);
        h.down("a", 1);
        assertThat(h.renew("a", 1).text()).isEqualTo("the lease is b's under term 2, not a's under term 1");
    }

    @Test
    void a_renewal_without_a_fresh_durable_write_is_refused() {
        Harness h = Harness.guarded();

        assertThat(h.send(new RecoveryCommand.RenewLease("a", 1, 50, 1_001)).code())
                .isEqualTo(ReplyCode.REFUSED);
        assertThat(h.send(new RecoveryCommand.RenewLease("a", 1, 0, 0)).code()).isEqualTo(ReplyCode.REFUSED);
        assertThat(h.send(new RecoveryCommand.RenewLease("a", 1, 50, 1_000)).code())
                .isEqualTo(ReplyCode.OK);
    }

    @Test
    void a_new_leadership_term_restarts_the_lease_in_full() {
        Harness h = Harness.guarded();
        aliveFor(h, 2_000);

        h.newLeadershipTerm(2);
        aliveFor(h, 2_200);

        assertThat(h.last(RecoveryEvent.LeasesRestarted.class).leadershipTerm()).isEqualTo(2);
        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.GUARDED);
        aliveFor(h, 400);
        assertThat(h.last(RecoveryEvent.PromotionDecided.class).host()).isEqualTo("b");
    }

    @Test
    void a_clock_set_forward_ends_no_lease_and_one_set_back_stops_no_time() {
        Harness h = Harness.guarded();
        assertThat(h.renew("a", 1).code()).isEqualTo(ReplyCode.OK);

        h.setClock(60_000);
        aliveFor(h, 2_000);
        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.GUARDED);

        h.setClock(-60_000);
        aliveFor(h, 600);
        assertThat(h.last(RecoveryEvent.PromotionDecided.class).host()).isEqualTo("b");
    }

    @Test
    void while_automation_is_paused_nobody_is_appointed_but_a_person_may() {
        Harness h = Harness.guarded();
        h.ok(new RecoveryCommand.PauseAutomation(true, "op", "maintenance"));

        h.down("a", 1);
        aliveFor(h, 3_000);
        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.LOST);

        h.ok(new RecoveryCommand.OrderFailover("", false, "op", "it is needed"));
        assertThat(h.last(RecoveryEvent.PromotionDecided.class).host()).isEqualTo("b");
        assertThat(h.last(RecoveryEvent.PromotionDecided.class).mode()).isEqualTo(PromotionMode.PLANNED);
    }

    @Test
    void a_paused_automation_goes_on_where_it_stood_when_it_is_resumed() {
        Harness h = Harness.guarded();
        h.ok(new RecoveryCommand.PauseAutomation(true, "op", "maintenance"));
        h.down("a", 1);
        h.standby("b", 1, 100);

        h.ok(new RecoveryCommand.PauseAutomation(false, "op", "it is over"));

        assertThat(h.last(RecoveryEvent.PromotionDecided.class).host()).isEqualTo("b");
    }

    @Test
    void a_replica_that_could_lack_rows_is_refused_unless_the_loss_is_accepted() {
        Harness h = Harness.guarded();

        assertThat(h.send(new RecoveryCommand.OrderFailover("c", false, "op", "a wish"))
                        .text())
                .contains("rows that a acknowledged could be lost");

        h.ok(new RecoveryCommand.OrderFailover("c", true, "op", "a wish"));
        assertThat(h.last(RecoveryEvent.FenceOrdered.class).host()).isEqualTo("a");
        assertThat(h.renew("a", 1).code()).isEqualTo(ReplyCode.REFUSED);
        h.down("a", 1);
        assertThat(h.last(RecoveryEvent.PromotionDecided.class).host()).isEqualTo("c");
        assertThat(h.last(RecoveryEvent.PromotionDecided.class).mode()).isEqualTo(PromotionMode.ACCEPTED_LOSS);
    }

    @Test
    void a_host_appointed_in_spite_of_what_it_lacks_is_not_complete_because_it_ended() {
        Harness h = Harness.guarded();
        h.ok(new RecoveryCommand.OrderFailover("c", true, "op", "a wish"));
        h.down("a", 1);

        h.down("c", 2);
        h.standby("c", 0, 100);
        h.advance(100);

        assertThat(h.last(RecoveryEvent.PromotionDecided.class).term()).isEqualTo(3);
        assertThat(h.last(RecoveryEvent.PromotionDecided.class).mode()).isEqualTo(PromotionMode.ACCEPTED_LOSS);
    }

    @Test
    void with_nobody_eligible_the_dead_primary_itself_is_appointed_again() {
        Harness h = Harness.single();

        h.down("a", 1);
        h.standby("a", 0, 100);
        h.advance(100);

        assertThat(h.last(RecoveryEvent.PromotionDecided.class).host()).isEqualTo("a");
        assertThat(h.last(RecoveryEvent.PromotionDecided.class).mode()).isEqualTo(PromotionMode.SAME_HOST);
    }

    @Test
    void with_nobody_eligible_for_the_patience_the_furthest_copy_is_taken_and_says_so() {
        Harness h = Harness.single();
        h.standby("b", 1, 90);
        h.standby("c", 1, 95);

        copiesAliveFor(h, 30_000);
        assertThat(h.last(RecoveryEvent.PromotionDecided.class).term()).isEqualTo(1);
        copiesAliveFor(h, 4_000);

        RecoveryEvent.PromotionDecided promotion = h.last(RecoveryEvent.PromotionDecided.class);
        assertThat(promotion.host()).isEqualTo("c");
        assertThat(promotion.mode()).isEqualTo(PromotionMode.BEST_COPY);
        assertThat(promotion.reason()).contains("rows behind that are missing");
    }

    @Test
    void the_first_primary_of_all_may_take_longer_for_its_data_directory() {
        Harness h = new Harness();
        h.configure();

        for (int millis = 0; millis < 30_000; millis += 400) {
            h.ok(new RecoveryCommand.RenewLease("a", 1, 0, 0));
            h.advance(400);
        }

        assertThat(h.all(RecoveryEvent.FenceOrdered.class)).isEmpty();
        h.ok(new RecoveryCommand.ReportPromoted("a", 1, 2, 10));
        assertThat(h.last(RecoveryEvent.PrimaryRouted.class).host()).isEqualTo("a");
    }

    @Test
    void a_report_of_an_earlier_terms_end_that_arrives_late_ends_nothing() {
        Harness h = Harness.guarded();
        h.down("a", 1);
        h.ok(new RecoveryCommand.ReportPromoted("b", 2, 3, 100));

        h.down("a", 1);

        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.SINGLE);
    }

    @Test
    void a_deposed_primary_is_cloned_anew_and_the_incident_ends_when_redundancy_is_back() {
        Harness h = Harness.guarded();
        h.down("a", 1);
        h.ok(new RecoveryCommand.ReportPromoted("b", 2, 3, 100));
        long incident = h.last(RecoveryEvent.IncidentOpened.class).incident();
        h.standby("a", 0, 100);
        RecoveryEvent.ReplicaChanged order = h.last(RecoveryEvent.ReplicaChanged.class);
        assertThat(order.host()).isEqualTo("a");
        assertThat(order.state()).isEqualTo(ReplicaState.REBUILDING);
        assertThat(order.source()).isEqualTo("b");

        h.ok(new RecoveryCommand.ReportClone("a", order.cloneNumber(), CloneOutcome.DONE, ""));
        h.standby("a", 2, 120);
        h.standby("c", 2, 120);
        h.primary("b", 2, 120, "a,c");
        h.advance(100);
        RecoveryEvent.NamesOrdered names = h.last(RecoveryEvent.NamesOrdered.class);
        h.ok(new RecoveryCommand.ConfirmNames("b", 2, names.number(), 130));

        assertThat(h.last(RecoveryEvent.IncidentClosed.class).incident()).isEqualTo(incident);
    }

    @Test
    void a_clone_that_failed_is_ordered_again_after_a_while_and_not_at_once() {
        Harness h = Harness.guarded();
        h.down("a", 1);
        h.ok(new RecoveryCommand.ReportPromoted("b", 2, 3, 100));
        h.stopped("a");
        RecoveryEvent.ReplicaChanged first = copyOfA(h);
        assertThat(first.state()).isEqualTo(ReplicaState.REBUILDING);

        h.ok(new RecoveryCommand.ReportClone("a", first.cloneNumber(), CloneOutcome.FAILED, "the disk is full"));
        withoutAFor(h, 1_500);
        assertThat(copyOfA(h).state()).isEqualTo(ReplicaState.DETACHED);

        withoutAFor(h, 1_000);
        assertThat(copyOfA(h).state()).isEqualTo(ReplicaState.REBUILDING);
        assertThat(copyOfA(h).cloneNumber()).isGreaterThan(first.cloneNumber());
    }

    private static RecoveryEvent.ReplicaChanged copyOfA(Harness h) {
        return h.events.stream()
                .filter(event -> event instanceof RecoveryEvent.ReplicaChanged)
                .map(event -> (RecoveryEvent.ReplicaChanged) event)
                .filter(changed -> changed.host().equals("a"))
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    private static void withoutAFor(Harness h, long millis) {
        for (long passed = 0; passed < millis; passed += 100) {
            h.stopped("a");
            h.standby("c", 2, 120);
            h.primary("b", 2, 120, "c");
            h.renew("b", 2);
            h.advance(100);
        }
    }

    @Test
    void a_switchover_stops_the_primary_in_order_and_appoints_its_target() {
        Harness h = Harness.guarded();

        h.ok(new RecoveryCommand.OrderSwitchover("b", "op", "an upgrade"));
        assertThat(h.last(RecoveryEvent.SwitchoverChanged.class).step()).isEqualTo(RequestStep.STOPPING);
        assertThat(h.send(new RecoveryCommand.RenewLease("a", 1, 0, 0)).code()).isEqualTo(ReplyCode.OK);
        h.down("a", 1);
        assertThat(h.last(RecoveryEvent.PromotionDecided.class).mode()).isEqualTo(PromotionMode.PLANNED);
        h.ok(new RecoveryCommand.ReportPromoted("b", 2, 3, 100));

        assertThat(h.last(RecoveryEvent.SwitchoverChanged.class).step()).isEqualTo(RequestStep.DONE);
    }

    @Test
    void a_switchover_to_another_standby_makes_that_one_eligible_first() {
        Harness h = Harness.guarded();

        h.ok(new RecoveryCommand.OrderSwitchover("c", "op", "an upgrade"));

        RecoveryEvent.NamesOrdered names = h.last(RecoveryEvent.NamesOrdered.class);
        assertThat(names.standbyNames()).isEqualTo("FIRST 1 (pg_c)");
        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.TIGHTENING);
        h.ok(new RecoveryCommand.ConfirmNames("a", 1, names.number(), 110));
        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.STOPPING);
    }

    @Test
    void a_restart_from_a_snapshot_at_any_step_changes_nothing() {
        Harness h = Harness.guarded();
        h.restart();
        h.down("a", 1);
        h.restart();
        h.ok(new RecoveryCommand.ReportPromoted("b", 2, 3, 100));
        h.restart();

        assertThat(h.renew("b", 2).code()).isEqualTo(ReplyCode.OK);
        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.SINGLE);
    }

    /** Agents of b and c go on reporting, a's does not. */
    private static void aliveFor(Harness h, long millis) {
        for (long passed = 0; passed < millis; passed += 100) {
            h.standby("b", 1, 100);
            h.standby("c", 1, 100);
            h.advance(100);
        }
    }

    private static void copiesAliveFor(Harness h, long millis) {
        for (long passed = 0; passed < millis; passed += 500) {
            h.standby("b", 0, 90);
            h.standby("c", 0, 95);
            h.advance(500);
        }
    }
}
