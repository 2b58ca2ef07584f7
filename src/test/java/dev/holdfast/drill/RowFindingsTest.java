package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.drill.RecoveryTail.Appointment;
import dev.holdfast.drill.RecoveryTail.Moment;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.PromotionMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** From rows made up here, with times in milliseconds; the fault is at 1,000, the old primary is A of term 3. */
class RowFindingsTest {

    private static final long MILLI = 1_000_000;
    private static final String A = "127.0.1.1";
    private static final String B = "127.0.1.2";

    private final List<Acknowledged> rows = new ArrayList<>();
    private final Set<Acknowledged.Key> missing = new HashSet<>();
    private final List<Moment> moments = new ArrayList<>();
    private final List<Appointment> appointments = new ArrayList<>();
    private boolean oneFault = true;
    private long number;

    @Test
    void a_failover_is_counted_from_the_last_row_before_the_fault_to_the_first_on_the_new_primary() {
        row(Rows.CLIENT, A, 3, 980);
        row(Rows.CLIENT, A, 3, 1_000);
        row(Rows.CLIENT, A, 3, 1_700); // a frozen postmaster's sessions go on
        row(Rows.PINNED, B, 4, 2_900);
        row(Rows.CLIENT, B, 4, 3_100);

        assertThat(findings().rtoDurableMillis()).isEqualTo(2_100);
    }

    @Test
    void without_a_new_primary_the_longest_pause_counts() {
        row(Rows.CLIENT, A, 3, 990);
        row(Rows.CLIENT, A, 3, 1_001);
        row(Rows.CLIENT, A, 3, 2_040);
        row(Rows.CLIENT, A, 3, 2_050);

        RowFindings findings = findings();

        assertThat(findings.rtoDurableMillis()).isEqualTo(1_039);
        assertThat(findings.splitBrainMillis()).isNull();
    }

    @Test
    void after_several_faults_the_longest_pause_counts_also_when_the_primary_moved() {
        oneFault = false;
        row(Rows.CLIENT, A, 3, 1_000);
        row(Rows.CLIENT, A, 3, 1_200);
        row(Rows.CLIENT, B, 4, 1_900);

        assertThat(findings().rtoDurableMillis()).isEqualTo(700);
    }

    @Test
    void what_the_old_primary_acknowledges_after_the_new_ones_first_row_is_split_brain_and_breaks_it_if_it_is_lost() {
        row(Rows.CLIENT, A, 3, 1_000);
        row(Rows.CLIENT, B, 4, 2_000);
        lost(row(Rows.PINNED, A, 3, 2_350));

        RowFindings findings = findings();

        assertThat(findings.splitBrainMillis()).isEqualTo(350);
        assertThat(findings.lostBesideNewPrimary()).isEqualTo(1);
    }

    @Test
    void a_row_that_the_new_primary_acknowledged_before_its_term_was_written_is_no_split_brain() {
        row(Rows.CLIENT, A, 3, 1_000);
        row(Rows.CLIENT, B, 4, 2_000);
        row(Rows.PINNED, B, 3, 2_001);

        RowFindings findings = findings();

        assertThat(findings.splitBrainMillis()).isZero();
        assertThat(findings.lostBesideNewPrimary()).isZero();
    }

    @Test
    void a_lost_row_of_the_old_primary_counts_because_a_standby_held_it() {
        lost(row(Rows.CLIENT, A, 3, 1_000));
        row(Rows.CLIENT, B, 4, 2_000);

        RowFindings findings = findings();

        assertThat(findings.acknowledged()).isEqualTo(2);
        assertThat(findings.lost()).isEqualTo(1);
        assertThat(findings.lostAlone()).isZero();
    }

    @Test
    void a_primary_that_is_being_fenced_still_waits_for_its_standby() {
        phase(1_500, DatabasePhase.FENCING, 3);
        lost(row(Rows.PINNED, A, 3, 1_600));

        assertThat(findings().lost()).isEqualTo(1);
    }

    @Test
    void a_row_acknowledged_by_a_lone_primary_is_counted_apart_until_it_is_guarded_again() {
        phase(1_900, DatabasePhase.SINGLE, 4);
        phase(2_500, DatabasePhase.TIGHTENING, 4);
        phase(2_900, DatabasePhase.GUARDED, 4);
        lost(row(Rows.CLIENT, B, 4, 2_000));
        lost(row(Rows.CLIENT, B, 4, 2_600));
        lost(row(Rows.CLIENT, B, 4, 3_000));

        RowFindings findings = findings();

        assertThat(findings.lostAlone()).isEqualTo(2);
        assertThat(findings.lost()).isEqualTo(1);
    }

    @Test
    void what_is_missing_on_a_primary_that_was_appointed_in_spite_of_it_is_counted_apart() {
        appointments.add(new Appointment(1_900 * MILLI, "b", 4, PromotionMode.BEST_COPY));
        lost(row(Rows.CLIENT, A, 3, 1_000));

        RowFindings findings = findings();

        assertThat(findings.lostAlone()).isEqualTo(1);
        assertThat(findings.lost()).isZero();
    }

    @Test
    void nothing_is_measured_without_a_row_before_the_fault() {
        row(Rows.CLIENT, B, 4, 2_000);

        assertThat(findings().rtoDurableMillis()).isNull();
    }

    private Acknowledged row(int writer, String address, long term, long atMillis) {
        Acknowledged row = new Acknowledged(writer, ++number, address, term, atMillis * MILLI);
        rows.add(row);
        return row;
    }

    private void lost(Acknowledged row) {
        missing.add(row.key());
    }

    private void phase(long atMillis, DatabasePhase phase, long term) {
        moments.add(new Moment(atMillis * MILLI, phase, term));
    }

    private RowFindings findings() {
        Set<Acknowledged.Key> present = new HashSet<>();
        rows.forEach(row -> present.add(row.key()));
        present.removeAll(missing);
        return RowFindings.of(
                new RowFindings.Observed(rows, present, moments, appointments, A, 3, 1_000 * MILLI, oneFault));
    }
}
