package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** From rows made up here, with times in milliseconds; the disturbance is at 1,000, the old primary is A of term 3. */
class StandstillTest {

    private static final long MILLI = 1_000_000;
    private static final String A = "127.0.1.1";
    private static final String B = "127.0.1.2";

    private final List<Acknowledged> rows = new ArrayList<>();

    @Test
    void a_killed_primary_counts_from_the_last_row_before_to_the_first_on_another() {
        row(A, 3, 980);
        row(A, 3, 990);
        row(A, 3, 1_004); // a backend that had not heard of its postmaster's end
        row(B, 4, 3_090);
        row(B, 4, 9_000);

        assertThat(millis(Disturbance.POSTMASTER_KILLED)).isEqualTo(2_100);
        assertThat(millis(Disturbance.HOST_LOST)).isEqualTo(2_100);
    }

    @Test
    void the_first_row_on_another_host_counts_although_its_term_is_not_written_yet() {
        row(A, 3, 1_000);
        row(B, 3, 2_000);
        row(B, 4, 2_010);

        assertThat(millis(Disturbance.POSTMASTER_KILLED)).isEqualTo(1_000);
    }

    @Test
    void a_host_that_became_the_primary_again_counts_by_its_term() {
        row(A, 3, 1_000);
        row(A, 3, 1_010);
        row(A, 5, 4_000);

        assertThat(millis(Disturbance.HOST_LOST)).isEqualTo(3_000);
    }

    @Test
    void a_primary_that_came_back_itself_counts_with_its_longest_pause() {
        row(A, 3, 1_000);
        row(A, 3, 1_010);
        row(A, 3, 6_010);
        row(A, 3, 6_020);

        assertThat(millis(Disturbance.POSTMASTER_KILLED)).isEqualTo(5_000);
    }

    @Test
    void a_switchover_counts_from_the_order_whatever_the_old_primary_still_acknowledges() {
        row(A, 3, 990);
        row(A, 3, 1_200);
        row(B, 4, 1_450);

        assertThat(millis(Disturbance.SWITCHOVER)).isEqualTo(450);
    }

    @Test
    void a_switchover_that_moved_nothing_has_no_figure() {
        row(A, 3, 990);
        row(A, 3, 1_200);

        assertThat(millis(Disturbance.SWITCHOVER)).isNull();
    }

    @Test
    void a_lost_standby_counts_with_the_longest_pause_since_the_last_row_before() {
        row(A, 3, 100);
        row(A, 3, 995); // the pause before it is none of the fault's
        row(A, 3, 1_001);
        row(A, 3, 1_801);
        row(A, 3, 1_810);

        assertThat(millis(Disturbance.STANDBY_LOST)).isEqualTo(800);
    }

    @Test
    void without_a_row_before_or_after_nothing_was_measured() {
        row(B, 4, 2_000);

        assertThat(millis(Disturbance.HOST_LOST)).isNull();

        rows.clear();
        row(A, 3, 1_000);

        assertThat(millis(Disturbance.HOST_LOST)).isNull();
        assertThat(millis(Disturbance.STANDBY_LOST)).isNull();
    }

    private void row(String address, long term, long atMillis) {
        rows.add(new Acknowledged(1, rows.size() + 1, address, term, atMillis * MILLI));
    }

    private @Nullable Long millis(Disturbance what) {
        return new Standstill(rows, 1_000 * MILLI).millis(what);
    }
}
