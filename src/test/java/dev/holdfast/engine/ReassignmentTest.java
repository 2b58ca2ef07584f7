package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.Severity;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import org.junit.jupiter.api.Test;

/** Shares that change without a trade: conversions, and what a person says. */
final class ReassignmentTest {

    private static void read(Harness h, long mis, long cnc) {
        h.live(1);
        h.beginRead();
        h.send(new Command.ReportPosition(Harness.GATEWAY, h.readId(), 1, Product.MIS, mis));
        h.send(new Command.ReportPosition(Harness.GATEWAY, h.readId(), 1, Product.CNC, cnc));
        h.endRead(true);
    }

    @Test
    void two_clean_reads_that_agree_show_a_conversion_and_the_share_moves_with_its_cost() {
        Trades t = Trades.holding(100);

        read(t.h, 40, 60);
        assertThat(t.h.all(Event.PositionConverted.class)).isEmpty();
        read(t.h, 40, 60);

        assertThat(t.h.all(Event.PositionConverted.class)).singleElement().satisfies(moved -> {
            assertThat(moved.fromProduct()).isEqualTo(Product.MIS);
            assertThat(moved.toProduct()).isEqualTo(Product.CNC);
            assertThat(moved.quantity()).isEqualTo(60);
            assertThat(moved.costPaise()).isEqualTo(60 * Trades.PRICE);
        });
        assertThat(t.share("sma", Product.MIS)).isEqualTo(40);
        assertThat(t.share("sma", Product.CNC)).isEqualTo(60);
        assertThat(t.h.all(Event.Alarm.class)).noneMatch(alarm -> alarm.severity() == Severity.CRITICAL);
        t.wishOut();
        assertThat(t.newest("sma").quantity()).isEqualTo(40);
    }

    @Test
    void the_figures_of_a_gateway_that_stands_by_say_nothing_of_the_read_of_the_other() {
        Trades t = Trades.holding(100);
        read(t.h, 100, 0);
        long standby = Harness.GATEWAY + 1;
        assertThat(t.h.send(new Command.BeginRead(standby, 1)).value())
                .as("it must report all positions, for none of it are known")
                .isEqualTo(1);

        // What it was shown before the purchase arrives while the sender's next read, in which nothing changed, runs.
        assertThat(t.h.send(new Command.BeginRead(Harness.GATEWAY, 77)).value())
                .as("what changed is enough")
                .isZero();
        t.h.send(new Command.ReportPosition(standby, 1, 1, Product.MIS, 0));
        t.h.send(new Command.EndRead(Harness.GATEWAY, 77, Harness.DAY, true, 0, 0, 0));

        assertThat(t.h.last(Event.BrokerPositionSeen.class).difference()).isZero();
        t.wishOut();
        assertThat(t.newest("sma").state()).isNotEqualTo(OrderState.REFUSED);
    }

    @Test
    void an_exit_after_a_whole_conversion_sells_nothing_even_before_it_is_taken_for_one() {
        Trades t = Trades.holding(100);
        read(t.h, 0, 100);

        t.wishOut();

        assertThat(t.newest("sma").state()).isEqualTo(OrderState.REFUSED);
        read(t.h, 0, 100);
        assertThat(t.share("sma", Product.MIS)).isZero();
    }

    @Test
    void another_lasting_difference_is_alarmed_after_two_reads_and_one_under_way_is_not() {
        Trades t = Trades.holding(100);
        t.wishOut(); // on its way
        read(t.h, 90, 0);
        read(t.h, 90, 0);
        read(t.h, 90, 0);
        assertThat(t.h.all(Event.Alarm.class))
                .noneMatch(alarm -> alarm.subject().equals("position difference"));
        Trades quiet = Trades.holding(100);

        read(quiet.h, 90, 0);
        read(quiet.h, 90, 0);
        read(quiet.h, 90, 0);

        assertThat(quiet.h.all(Event.Alarm.class))
                .filteredOn(alarm -> alarm.subject().equals("position difference"))
                .singleElement()
                .satisfies(alarm -> assertThat(alarm.text())
                        .contains("NSE:INFY MIS: two clean reads show 90 at the broker, our trades make 100"));
    }

    @Test
    void a_person_says_whose_was_sold_and_the_ban_ends() {
        Trades t = new Trades(Harness.trading());
        t.define("sma", 100);
        t.define("other", 50);
        t.goIn("sma");
        t.otherHands(Side.SELL, 40);

        Reply wrong = assign(t, "sma", -50);
        Reply right = assign(t, "sma", -40);
        t.wishOut();

        assertThat(wrong.text()).contains("-50 cannot become sma's");
        assertThat(right.accepted()).isTrue();
        assertThat(t.share("")).isZero();
        assertThat(t.newest("sma").quantity()).isEqualTo(60);
        assertThat(t.newest("other").quantity()).isEqualTo(50);
        assertThat(t.newest("sma").state()).isEqualTo(OrderState.SENDING);
    }

    @Test
    void what_is_nobodys_can_be_given_to_a_strategy() {
        Trades t = Trades.holding(100);
        t.otherHands(Side.BUY, 20);

        assertThat(assign(t, "sma", 20).accepted()).isTrue();

        assertThat(t.share("sma")).isEqualTo(120);
        assertThat(t.share("")).isZero();
        assertThat(assign(t, "sma", 1).accepted()).isFalse();
        assertThat(assign(t, "nobody", 1).text()).contains("there is no strategy 'nobody'");
    }

    private static Reply assign(Trades t, String strategy, long quantity) {
        return t.h.send(new Command.AssignPosition(1, Product.MIS, quantity, strategy, "tester", "asked the desk"));
    }
}
