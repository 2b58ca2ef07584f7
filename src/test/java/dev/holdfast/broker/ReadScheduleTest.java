package dev.holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.broker.ReadSchedule.Due;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReadScheduleTest {

    private static final long MILLI = 1_000_000;

    private final ReadSchedule schedule = new ReadSchedule(Duration.ofMillis(100), 2, 0);

    @Test
    void the_first_thing_is_the_whole_book_and_then_it_comes_regularly() {
        assertThat(schedule.due(0)).isEqualTo(Due.BOOK);
        read(0, 10, false);

        assertThat(schedule.due(5_009 * MILLI)).isEqualTo(Due.NOTHING);
        assertThat(schedule.due(5_010 * MILLI)).isEqualTo(Due.BOOK);
        read(5_010, 5_020, true);
        assertThat(schedule.due(7_020 * MILLI)).isEqualTo(Due.BOOK);
    }

    @Test
    void a_named_order_is_read_alone_and_an_unnamed_change_asks_for_the_book() {
        read(0, 10, false);
        schedule.hint("A");

        assertThat(schedule.due(109 * MILLI)).isEqualTo(Due.NOTHING);
        assertThat(schedule.due(110 * MILLI)).isEqualTo(Due.ORDERS);
        assertThat(schedule.takeChangedOrders()).containsExactly("A");
        schedule.ordersEnded(115 * MILLI, true);
        schedule.hint("");

        assertThat(schedule.due(120 * MILLI)).isEqualTo(Due.BOOK);
    }

    @Test
    void too_many_orders_are_read_as_a_book() {
        read(0, 10, false);
        schedule.hint("A");
        schedule.hint("B");
        schedule.hint("C");

        assertThat(schedule.due(200 * MILLI)).isEqualTo(Due.BOOK);
    }

    @Test
    void an_order_that_was_not_shown_asks_for_the_book() {
        read(0, 10, false);

        schedule.ordersEnded(115 * MILLI, false);

        assertThat(schedule.due(115 * MILLI)).isEqualTo(Due.BOOK);
    }

    @Test
    void a_book_that_takes_long_is_read_seldom_but_single_orders_are_not_kept_waiting() {
        read(0, 1_000, true);
        schedule.hint("");
        schedule.hint("A");

        assertThat(schedule.due(1_100 * MILLI)).isEqualTo(Due.ORDERS);
        schedule.takeChangedOrders();
        assertThat(schedule.due(9_999 * MILLI)).isEqualTo(Due.NOTHING);
        assertThat(schedule.due(10_000 * MILLI)).isEqualTo(Due.BOOK);
    }

    /** Seed 5092 of the simulator: a freeze of eight seconds within a read left the book unread for over a minute. */
    @Test
    void a_read_in_which_the_process_was_frozen_does_not_keep_the_book_waiting_for_minutes() {
        read(0, 60_000, true);

        assertThat(schedule.due(69_999 * MILLI)).isEqualTo(Due.NOTHING);
        assertThat(schedule.due(70_000 * MILLI)).isEqualTo(Due.BOOK);
    }

    @Test
    void after_a_failure_everything_waits() {
        schedule.hint("A");
        schedule.failed(0, Duration.ofSeconds(1));

        assertThat(schedule.due(999 * MILLI)).isEqualTo(Due.NOTHING);
        assertThat(schedule.due(1_000 * MILLI)).isEqualTo(Due.BOOK);
    }

    @Test
    void an_urgent_read_waits_for_the_least_pause_and_not_for_the_cost_of_the_last_one() {
        read(0, 1_000, false);
        schedule.hint("");
        assertThat(schedule.due(1_100 * MILLI)).isEqualTo(Due.NOTHING);

        schedule.urgent(1_010 * MILLI);

        assertThat(schedule.due(1_099 * MILLI)).isEqualTo(Due.NOTHING);
        assertThat(schedule.due(1_100 * MILLI)).isEqualTo(Due.BOOK);
    }

    @Test
    void a_read_that_took_very_long_does_not_put_the_next_one_off_without_bound() {
        read(0, 8_000, true);

        assertThat(schedule.due(17_999 * MILLI)).isEqualTo(Due.NOTHING);
        assertThat(schedule.due(18_000 * MILLI)).isEqualTo(Due.BOOK);
    }

    @Test
    void what_becomes_urgent_during_a_read_is_read_right_after_it() {
        schedule.bookBegins();
        schedule.urgent(5 * MILLI);
        schedule.bookEnded(0, 1_000 * MILLI, ReadSchedule.BETWEEN_BOOKS);

        assertThat(schedule.due(1_099 * MILLI)).isEqualTo(Due.NOTHING);
        assertThat(schedule.due(1_100 * MILLI)).isEqualTo(Due.BOOK);
    }

    @Test
    void a_hint_during_a_read_asks_for_another() {
        schedule.bookBegins();
        schedule.hint("A");
        schedule.bookEnded(0, 10 * MILLI, ReadSchedule.BETWEEN_BOOKS);

        assertThat(schedule.due(110 * MILLI)).isEqualTo(Due.ORDERS);
    }

    private void read(long beganMillis, long endedMillis, boolean unsettled) {
        schedule.bookBegins();
        schedule.bookEnded(
                beganMillis * MILLI,
                endedMillis * MILLI,
                unsettled ? ReadSchedule.BETWEEN_BOOKS_UNSETTLED : ReadSchedule.BETWEEN_BOOKS);
    }
}
