package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.BookList;
import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.SendOutcome;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Side;
import org.junit.jupiter.api.Test;

/** A row at the broker that is not understood stops its own instrument, and no proof that it could spoil is taken. */
final class OddRowsTest {

    private final Harness h = Harness.trading();

    @Test
    void an_odd_row_bans_its_instrument_for_entries_only_and_is_alarmed_once() {
        h.filledBuy(10, 1_500_00);
        h.beginRead();
        report(1, "ORDERS B7", "B7", "", false, "unknown product CO");
        report(1, "ORDERS B7", "B7", "", false, "unknown product CO");

        assertThat(h.buy(1).text()).contains("a ban covers");
        assertThat(h.place(1, Side.SELL, OrderType.MARKET, 10, 0, "").accepted())
                .isTrue();
        assertThat(h.place(2, Side.BUY, OrderType.MARKET, 1, 0, "").accepted()).isTrue();
        assertThat(h.all(Event.Alarm.class))
                .filteredOn(alarm -> alarm.subject().equals("row not understood"))
                .singleElement()
                .satisfies(alarm -> assertThat(alarm.text())
                        .contains("ORDERS B7: unknown product CO")
                        .contains("NSE:INFY is banned for entries"));
    }

    @Test
    void a_row_of_no_known_instrument_bans_nothing_and_is_alarmed() {
        readWith(0, "HOLDINGS NSE:GONE", "", "", false, "no instruments list of the broker has NSE:GONE");

        assertThat(h.buy(1).accepted()).isTrue();
        assertThat(h.last(Event.OddRowSeen.class).key()).isEqualTo("HOLDINGS NSE:GONE");
        assertThat(h.all(Event.Alarm.class))
                .anySatisfy(alarm -> assertThat(alarm.text()).contains("NSE:GONE"));
    }

    @Test
    void the_ban_ends_when_nothing_in_the_instrument_is_odd_any_more_and_is_not_alarmed_again() {
        readWith(1, "ORDERS B7", "B7", "", false, "unknown product CO");
        readWith(1, "TRADES NSE/1", "B7", "", false, "unknown product CO");
        readWith(0, "ORDERS B7", "", "", false, "");
        boolean bannedByTheOther = h.buy(1).text().contains("ban");
        readWith(0, "TRADES NSE/1", "", "", false, "");
        boolean free = h.buy(1).accepted();
        int alarms = h.all(Event.Alarm.class).size();
        readWith(1, "ORDERS B7", "B7", "", false, "unknown product CO");

        assertThat(bannedByTheOther).isTrue();
        assertThat(free).isTrue();
        assertThat(h.buy(1).text()).contains("ban");
        assertThat(h.all(Event.Alarm.class)).hasSize(alarms);
    }

    @Test
    void a_persons_ban_stays_when_the_odd_row_is_gone_and_a_person_may_lift_ours() {
        h.send(new Command.SetSwitch(SwitchKind.BAN, SwitchScope.INSTRUMENT, true, "NSE:TCS", "tester", "theirs"));
        readWith(2, "ORDERS B8", "B8", "", false, "unknown product CO");
        readWith(0, "ORDERS B8", "", "", false, "");
        readWith(1, "ORDERS B7", "B7", "", false, "unknown product CO");
        h.send(new Command.SetSwitch(SwitchKind.BAN, SwitchScope.INSTRUMENT, false, "NSE:INFY", "tester", "I looked"));
        readWith(1, "ORDERS B7", "B7", "", false, "unknown product CO");

        assertThat(h.place(2, Side.BUY, OrderType.MARKET, 1, 0, "").text()).contains("ban");
        assertThat(h.buy(1).accepted()).isTrue();
    }

    @Test
    void a_new_day_begins_without_the_bans_of_the_day_before() {
        readWith(1, "ORDERS B7", "B7", "", false, "unknown product CO");

        h.beginRead();
        h.send(new Command.OpenDay(Harness.GATEWAY, h.readId(), Harness.DAY + 1));
        h.send(new Command.EndRead(Harness.GATEWAY, h.readId(), Harness.DAY + 1, true, 0, 0, 0));
        h.ticks();

        assertThat(h.buy(1).accepted()).isTrue();
    }

    @Test
    void an_uncertain_order_is_not_proved_absent_while_an_odd_row_carries_its_tag() {
        long number = uncertain();

        for (int read = 0; read < 10; read++) {
            h.pass(3 * Harness.SECOND);
            h.renew();
            readWith(1, "ORDERS B7", "B7", h.order(number).tag(), false, "no quantity");
        }

        assertThat(h.state(number)).isEqualTo(OrderState.UNCERTAIN);
        h.row(number, "B7", BrokerOrderState.LIVE, 0);
        assertThat(h.state(number)).isEqualTo(OrderState.WORKING);
    }

    @Test
    void a_row_whose_tag_cannot_be_read_proves_no_absence_in_its_instrument_also_when_it_is_gone() {
        long number = uncertain();
        readWith(1, "ORDERS x", "", "", true, "no order_id");
        readWith(0, "ORDERS x", "", "", false, "");
        h.restart();

        cleanReads(10);

        assertThat(h.state(number)).isEqualTo(OrderState.UNCERTAIN);
        h.pass(301 * Harness.SECOND);
        assertThat(h.state(number)).isEqualTo(OrderState.HELD);
    }

    @Test
    void an_odd_row_of_a_stranger_or_of_another_instrument_delays_no_proof() {
        long number = uncertain();
        readWith(1, "ORDERS B7", "B7", "mktp", false, "unknown product CO");
        readWith(2, "ORDERS x", "", "", true, "no order_id");

        cleanReads(10);

        assertThat(h.state(number)).isEqualTo(OrderState.ABSENT);
    }

    @Test
    void so_many_odd_rows_that_they_are_not_told_apart_prove_no_absence() {
        long number = uncertain();
        h.beginRead();
        for (int row = 0; row <= OddRows.MAX_ROWS; row++) {
            report(0, "ORDERS " + row, "B" + row, "", false, "unknown product CO");
        }
        h.endRead(true);

        cleanReads(10);

        assertThat(h.state(number)).isEqualTo(OrderState.UNCERTAIN);
        assertThat(h.all(Event.OddRowSeen.class)).hasSize(OddRows.MAX_ROWS);
    }

    private long uncertain() {
        long number = h.buy(1).value();
        h.report(SendOutcome.UNCERTAIN, "");
        return number;
    }

    private void cleanReads(int reads) {
        for (int read = 0; read < reads; read++) {
            h.pass(3 * Harness.SECOND);
            h.renew();
            h.cleanRead();
        }
    }

    private void readWith(int instrument, String key, String id, String tag, boolean perhapsOurs, String wrong) {
        h.beginRead();
        assertThat(report(instrument, key, id, tag, perhapsOurs, wrong).accepted())
                .isTrue();
        h.endRead(true);
    }

    private Reply report(int instrument, String key, String id, String tag, boolean perhapsOurs, String wrong) {
        BookList list = BookList.valueOf(key.split(" ", -1)[0]);
        return h.send(new Command.ReportOddRow(
                Harness.GATEWAY,
                h.readId(),
                Harness.DAY,
                list,
                instrument,
                perhapsOurs,
                key,
                id,
                tag,
                wrong,
                "{}",
                ""));
    }
}
