package dev.holdfast.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplyCode;
import dev.holdfast.protocol.RequestStep;
import org.junit.jupiter.api.Test;

/** Whom the primary waits for, and in which order that becomes known. */
final class StandbysTest {

    @Test
    void a_standby_is_named_exactly_and_counts_only_when_that_is_confirmed() {
        Harness h = Harness.single();
        h.standby("b", 1, 100);
        h.primary("a", 1, 100, "b");
        h.advance(100);

        RecoveryEvent.NamesOrdered order = h.last(RecoveryEvent.NamesOrdered.class);
        assertThat(order.standbyNames()).isEqualTo("FIRST 1 (pg_b)");
        assertThat(h.all(RecoveryEvent.EligibleChanged.class)).noneMatch(RecoveryEvent.EligibleChanged::eligible);

        assertThat(h.send(new RecoveryCommand.ConfirmNames("a", 1, order.number(), 0))
                        .code())
                .isEqualTo(ReplyCode.REFUSED);
        h.ok(new RecoveryCommand.ConfirmNames("a", 1, order.number(), 120));
        assertThat(h.last(RecoveryEvent.EligibleChanged.class).eligible()).isTrue();
        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.GUARDED);
    }

    @Test
    void a_standby_stops_counting_before_the_primary_stops_waiting_for_it() {
        Harness h = Harness.guarded();

        unheardFor(h, 1_200, "");

        int disqualified = h.events.indexOf(h.last(RecoveryEvent.EligibleChanged.class));
        int ordered = h.events.indexOf(h.last(RecoveryEvent.NamesOrdered.class));
        assertThat(h.last(RecoveryEvent.EligibleChanged.class).eligible()).isFalse();
        assertThat(h.last(RecoveryEvent.NamesOrdered.class).standbyNames()).isEmpty();
        assertThat(disqualified).isLessThan(ordered);
        h.down("a", 1);
        assertThat(h.last(RecoveryEvent.PromotionDecided.class).term()).isEqualTo(1);
    }

    @Test
    void a_standby_stops_counting_before_its_primary_is_told_to_wait_for_it_anew_when_the_names_were_changed() {
        Harness h = Harness.guarded();
        RecoveryEvent.NamesOrdered before = h.last(RecoveryEvent.NamesOrdered.class);

        h.ok(new RecoveryCommand.WithdrawNames("a", 1, before.number(), "somebody changed them"));

        RecoveryEvent.NamesOrdered order = h.last(RecoveryEvent.NamesOrdered.class);
        assertThat(h.last(RecoveryEvent.EligibleChanged.class).eligible()).isFalse();
        assertThat(order.standby()).isEqualTo(before.standby());
        assertThat(order.number()).isGreaterThan(before.number());
        assertThat(h.events.indexOf(h.last(RecoveryEvent.EligibleChanged.class)))
                .isLessThan(h.events.indexOf(order));
        h.ok(new RecoveryCommand.ConfirmNames("a", 1, order.number(), 500));
        assertThat(h.last(RecoveryEvent.EligibleChanged.class).eligible()).isTrue();
        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.GUARDED);
    }

    @Test
    void a_standby_whose_confirmation_was_withdrawn_is_not_promoted_when_the_primary_dies() {
        Harness h = Harness.guarded();
        long number = h.last(RecoveryEvent.NamesOrdered.class).number();

        h.ok(new RecoveryCommand.WithdrawNames("a", 1, number, "somebody changed them"));
        h.down("a", 1);

        assertThat(h.last(RecoveryEvent.PromotionDecided.class).term()).isEqualTo(1);
    }

    @Test
    void a_withdrawal_of_an_order_that_was_replaced_changes_nothing() {
        Harness h = Harness.guarded();
        long number = h.last(RecoveryEvent.NamesOrdered.class).number();

        h.ok(new RecoveryCommand.WithdrawNames("a", 1, number - 1, "somebody changed them"));

        assertThat(h.last(RecoveryEvent.EligibleChanged.class).eligible()).isTrue();
        assertThat(h.last(RecoveryEvent.NamesOrdered.class).number()).isEqualTo(number);
    }

    @Test
    void a_damaged_primary_gives_its_office_to_the_sound_standby() {
        Harness h = Harness.guarded();
        h.standby("b", 1, 100);

        h.ok(new RecoveryCommand.ReportDamage("a", 3, "3 checksum failures"));
        h.advance(100);

        RecoveryEvent.SwitchoverChanged switchover = h.last(RecoveryEvent.SwitchoverChanged.class);
        assertThat(switchover.to()).isEqualTo("b");
        assertThat(switchover.reason()).contains("b is");
        assertThat(h.all(RecoveryEvent.SwitchoverChanged.class))
                .filteredOn(RecoveryEvent.SwitchoverChanged::step, RequestStep.ACCEPTED)
                .singleElement()
                .matches(accepted -> accepted.reason().contains("3 checksum failures"));
        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.STOPPING);
        h.restart();
    }

    @Test
    void a_damaged_primary_stays_while_its_standby_is_damaged_too() {
        Harness h = Harness.guarded();
        h.standby("b", 1, 100);
        h.primary("a", 1, 100, "b");

        h.ok(new RecoveryCommand.ReportDamage("b", 1, "1 checksum failure"));
        h.ok(new RecoveryCommand.ReportDamage("a", 3, "3 checksum failures"));
        h.advance(100);

        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.GUARDED);
    }

    @Test
    void a_damaged_standby_gives_its_place_to_a_sound_one_and_is_made_anew() {
        Harness h = Harness.guarded();
        h.standby("b", 1, 100);
        h.standby("c", 1, 100);
        h.primary("a", 1, 100, "b,c");

        h.ok(new RecoveryCommand.ReportDamage("b", 1, "1 checksum failure"));
        h.advance(100);

        assertThat(h.last(RecoveryEvent.NamesOrdered.class).standby()).isEqualTo("c");
        h.standby("b", 1, 100);
        h.advance(100);
        RecoveryEvent.ReplicaChanged rebuilt = h.all(RecoveryEvent.ReplicaChanged.class).reversed().stream()
                .filter(copy -> copy.host().equals("b"))
                .findFirst()
                .orElseThrow();
        assertThat(rebuilt.reason()).contains("1 checksum failure");
    }

    @Test
    void another_standby_that_keeps_up_takes_the_place_of_one_that_is_lost() {
        Harness h = Harness.guarded();

        unheardFor(h, 1_200, "c");

        assertThat(h.last(RecoveryEvent.NamesOrdered.class).standbyNames()).isEqualTo("FIRST 1 (pg_c)");
        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.TIGHTENING);
    }

    @Test
    void a_standby_that_is_away_for_a_moment_costs_nothing() {
        Harness h = Harness.guarded();
        long names = h.last(RecoveryEvent.NamesOrdered.class).number();

        unheardFor(h, 600, "");
        h.standby("b", 1, 200);
        h.primary("a", 1, 200, "b,c");
        unheardFor(h, 600, "");

        assertThat(h.last(RecoveryEvent.NamesOrdered.class).number()).isEqualTo(names);
    }

    @Test
    void a_confirmation_of_an_order_that_was_replaced_counts_for_nothing() {
        Harness h = Harness.single();
        h.standby("b", 1, 100);
        h.primary("a", 1, 100, "b");
        h.advance(100);
        long late = h.last(RecoveryEvent.NamesOrdered.class).number();
        for (int i = 0; i < 8; i++) {
            h.standby("b", 1, 100);
            h.renew("a", 1);
            h.advance(250);
        }
        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.RELAXING);

        assertThat(h.send(new RecoveryCommand.ConfirmNames("a", 1, late, 120)).code())
                .isEqualTo(ReplyCode.REFUSED);
        assertThat(h.all(RecoveryEvent.EligibleChanged.class)).noneMatch(RecoveryEvent.EligibleChanged::eligible);
    }

    @Test
    void a_primary_that_renews_but_goes_on_waiting_for_a_lost_standby_is_fenced_when_the_time_for_names_is_over() {
        Harness h = Harness.guarded();
        aloneUntil(h, DatabasePhase.RELAXING);

        relaxingIsFencedAfter(h, 1_500);
        assertThat(h.last(RecoveryEvent.FenceOrdered.class).reason()).contains("has not stopped waiting");
    }

    @Test
    void a_primary_whose_standby_was_never_confirmed_may_take_twice_the_time_to_drop_its_name() {
        Harness h = Harness.single();
        h.standby("b", 1, 100);
        h.primary("a", 1, 100, "b");
        h.advance(100);
        aloneUntil(h, DatabasePhase.RELAXING);

        relaxingIsFencedAfter(h, 3_000);
    }

    @Test
    void a_primary_that_is_not_heard_never_makes_its_standby_ineligible() {
        Harness h = Harness.guarded();

        for (int i = 0; i < 40; i++) {
            h.standby("b", 1, 100);
            h.advance(50);
        }

        assertThat(h.last(RecoveryEvent.EligibleChanged.class).eligible()).isTrue();
    }

    private static void relaxingIsFencedAfter(Harness h, long millis) {
        aloneFor(h, millis - 100);
        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.RELAXING);
        aloneFor(h, 200);
        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.FENCING);
    }

    private static void aloneUntil(Harness h, DatabasePhase phase) {
        while (h.last(RecoveryEvent.PhaseChanged.class).phase() != phase) {
            aloneFor(h, 100);
        }
    }

    /** The primary goes on and sees no standby. */
    private static void aloneFor(Harness h, long millis) {
        for (long passed = 0; passed < millis; passed += 100) {
            h.renew("a", 1);
            h.primary("a", 1, 200, "");
            h.advance(100);
        }
    }

    /** The primary goes on and sees only these standbys. */
    private static void unheardFor(Harness h, long millis, String connected) {
        for (long passed = 0; passed < millis; passed += 200) {
            h.renew("a", 1);
            h.standby("c", 1, 200);
            h.primary("a", 1, 200, connected);
            h.advance(200);
        }
    }
}
