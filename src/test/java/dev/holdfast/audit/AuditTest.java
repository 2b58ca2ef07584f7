package dev.holdfast.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.audit.Witness.Hand;
import dev.holdfast.protocol.AmendmentState;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each cause of a verdict, alone. Times are milliseconds; everything is about INFY in MIS. */
class AuditTest {

    private static final long MILLI = 1_000_000L;
    private static final int INFY = 1;

    private final ScriptedLog log = new ScriptedLog();
    private final List<Witness.Entry> ledger = new ArrayList<>();
    private long booked;

    @BeforeEach
    void begin() {
        ledger.add(new Witness.DayBegan(List.of()));
        event(0, new Event.InstrumentDefined(INFY, 408065, InstrumentKind.EQUITY, 5, 1, 0, 0, 0, "NSE", "INFY"));
    }

    private void event(long atMillis, Event event) {
        log.add(atMillis * MILLI, event);
    }

    private AuditReport audit() {
        return new Audit(log, () -> List.copyOf(ledger), database(), BrokerProfile.DRILL).run();
    }

    /** A recorder that is never behind. */
    private DatabaseView.Source database() {
        return new DatabaseView.Source() {
            @Override
            public long sequence() {
                return log.sequence();
            }

            @Override
            public DatabaseView compare() {
                return new DatabaseView(log.sequence(), 0, List.of());
            }
        };
    }

    private static Event.OrderChanged order(
            long number, Origin origin, Side side, long quantity, OrderState state, String tag, String brokerId) {
        return new Event.OrderChanged(
                number,
                origin,
                INFY,
                side,
                Product.MIS,
                OrderType.MARKET,
                quantity,
                0,
                state,
                state,
                0,
                0,
                AmendmentState.NONE,
                0,
                0,
                false,
                20_000,
                0,
                1,
                1,
                tag,
                brokerId,
                origin == Origin.INTENT ? "sma" : "",
                "",
                "why");
    }

    private void committed(long atMillis, long number, Side side, long quantity, String tag) {
        event(atMillis, order(number, Origin.INTENT, side, quantity, OrderState.COMMITTED, tag, ""));
    }

    private void sent(long atMillis, long number, Side side, long quantity, String tag) {
        event(
                atMillis,
                new Event.SendRequested(
                        number,
                        SendAction.PLACE,
                        number,
                        1,
                        0,
                        INFY,
                        side,
                        Product.MIS,
                        OrderType.MARKET,
                        quantity,
                        0,
                        tag,
                        ""));
    }

    private void ended(long atMillis, long number, Side side, long quantity, OrderState state, String tag, String id) {
        event(atMillis, order(number, Origin.INTENT, side, quantity, state, tag, id));
    }

    /** @return the request's number */
    private long posted(long atMillis, String tag) {
        long number = ledger.size() + 1L;
        ledger.add(new Witness.PlaceRequested(number, atMillis * MILLI, tag));
        ledger.add(new Witness.Requested(atMillis * MILLI));
        return number;
    }

    private void accepted(long atMillis, long request, String id, String tag, Hand by, long signedQuantity) {
        ledger.add(new Witness.Accepted(atMillis * MILLI, request, id, tag, by, "INFY", Product.MIS, signedQuantity));
    }

    private void traded(long atMillis, String tradeId, String orderId, long signedQuantity) {
        ledger.add(new Witness.Traded(
                ledger.size() + 1L, atMillis * MILLI, tradeId, orderId, "INFY", Product.MIS, signedQuantity, 150_000));
    }

    /** The log takes a trade in, and what it makes of the account and of a strategy. */
    private void booked(long atMillis, String tradeId, long number, long signedQuantity, String strategy, long share) {
        Side side = signedQuantity > 0 ? Side.BUY : Side.SELL;
        event(
                atMillis,
                new Event.TradeBooked(
                        20_000,
                        number,
                        INFY,
                        side,
                        Product.MIS,
                        Math.abs(signedQuantity),
                        150_000,
                        0,
                        tradeId,
                        "",
                        strategy));
        booked += signedQuantity;
        position(atMillis, Product.MIS, booked);
        event(atMillis, new Event.ProfitChanged(20_000, INFY, Product.MIS, share, 0, 0, 1, strategy));
    }

    private void position(long atMillis, Product product, long quantity) {
        event(atMillis, new Event.PositionChanged(INFY, product, 20_000, quantity, 0, 0, 0, 0, 0));
    }

    /** The strategy buys 100, by order 1 with the tag t1. */
    private void entry() {
        committed(1, 1, Side.BUY, 100, "t1");
        sent(1, 1, Side.BUY, 100, "t1");
        accepted(2, posted(2, "t1"), "B1", "t1", Hand.OURS, 100);
        traded(2, "T1", "B1", 100);
        booked(3, "T1", 1, 100, "sma", 100);
        ended(3, 1, Side.BUY, 100, OrderState.FILLED, "t1", "B1");
    }

    /** A person sells 100 in the broker's own screen. */
    private void soldByHand(long atMillis) {
        accepted(atMillis, 0, "H1", "", Hand.PERSON, -100);
        traded(atMillis, "T2", "H1", -100);
    }

    private void heardOfTheSale(long atMillis) {
        event(atMillis, order(2, Origin.PERSON, Side.SELL, 100, OrderState.FILLED, "", "H1"));
        booked(atMillis, "T2", 2, -100, "", -100);
    }

    private void exitFilled(long atMillis, long request) {
        accepted(atMillis, request, "B3", "t3", Hand.OURS, -100);
        traded(atMillis, "T3", "B3", -100);
        booked(atMillis + 1, "T3", 3, -100, "sma", 0);
        ended(atMillis + 1, 3, Side.SELL, 100, OrderState.FILLED, "t3", "B3");
    }

    private void exitSent(long atMillis) {
        committed(atMillis, 3, Side.SELL, 100, "t3");
        sent(atMillis, 3, Side.SELL, 100, "t3");
    }

    @Test
    void an_order_in_both_records_is_clean() {
        entry();

        assertThat(audit().differences()).isEmpty();
        assertThat(audit().ok()).isTrue();
    }

    @Test
    void a_strangers_order_with_a_tag_of_ours_is_neither_duplicate_nor_phantom() {
        entry();
        accepted(4, 0, "H1", "t1", Hand.PERSON, 5);
        event(5, order(2, Origin.PERSON, Side.BUY, 5, OrderState.WORKING, "t1", "H1"));

        AuditReport report = audit();

        assertThat(report.differences()).isEmpty();
        assertThat(report.foreign()).isEqualTo(1);
    }

    @Test
    void a_strangers_order_with_a_tag_of_its_own_is_no_phantom() {
        accepted(4, 0, "H1", "his", Hand.NEIGHBOUR, 5);
        event(5, order(2, Origin.PERSON, Side.BUY, 5, OrderState.WORKING, "his", "H1"));

        assertThat(audit().ok()).isTrue();
    }

    @Test
    void a_strangers_order_that_we_do_not_know_is_lost_and_named() {
        accepted(4, 0, "H1", "t9", Hand.PERSON, 5);
        event(60_000, new Event.DayChanged(20_000, dev.holdfast.protocol.DayPhase.OPEN, "later"));

        AuditReport report = audit();

        assertThat(report.lost()).isEqualTo(1);
        assertThat(report.differences())
                .containsExactly(
                        "lost: the exchange has H1 (tag 't9', BUY 5 INFY MIS, by PERSON), and it is unknown here");
    }

    @Test
    void an_order_called_absent_whose_fill_was_taken_for_a_persons_is_lost() {
        committed(1, 1, Side.BUY, 100, "t1");
        sent(1, 1, Side.BUY, 100, "t1");
        accepted(2, posted(2, "t1"), "B1", "t1", Hand.OURS, 100);
        traded(2, "T1", "B1", 100);
        event(3, order(2, Origin.PERSON, Side.BUY, 100, OrderState.FILLED, "", "B1"));
        booked(3, "T1", 2, 100, "", 100);
        ended(20, 1, Side.BUY, 100, OrderState.ABSENT, "t1", "");

        AuditReport report = audit();

        assertThat(report.lost()).isEqualTo(1);
        assertThat(report.duplicated() + report.phantom()).isZero();
        assertThat(report.differences().getFirst())
                .contains("B1 (tag 't1', BUY 100 INFY MIS, by OURS)")
                .contains("order 1 (tag 't1', BUY 100 INFY MIS) is ABSENT here")
                .contains("taken for PERSON's order 2");
    }

    @Test
    void an_intent_placed_twice_is_one_duplicate_and_names_both_orders() {
        entry();
        accepted(4, posted(4, "t1"), "B2", "t1", Hand.OURS, 100);
        event(5, order(2, Origin.INTENT, Side.BUY, 100, OrderState.WORKING, "t1", "B2"));

        AuditReport report = audit();

        assertThat(report.duplicated()).isEqualTo(1);
        assertThat(report.phantom() + report.lost()).isZero();
        assertThat(report.differences().getFirst())
                .startsWith("duplicated: order 1 (tag 't1', BUY 100 INFY MIS): 2 orders at the exchange: B1 (tag 't1'")
                .contains("; B2 (tag 't1'")
                .contains("POSTed 2 times");
    }

    @Test
    void an_order_of_our_application_without_an_intent_is_a_phantom() {
        accepted(4, posted(4, "t7"), "B7", "t7", Hand.OURS, 5);

        AuditReport report = audit();

        assertThat(report.phantom()).isEqualTo(1);
        assertThat(report.duplicated()).isZero();
        assertThat(report.differences().getFirst()).contains("B7 (tag 't7', BUY 5 INFY MIS, by OURS)");
    }

    @Test
    void an_order_that_the_exchange_never_had_is_a_phantom_unless_it_was_made_up_to_be_shown() {
        event(5, order(2, Origin.PERSON, Side.BUY, 5, OrderState.WORKING, "", "X1"));
        assertThat(audit().phantom()).isEqualTo(1);

        ledger.add(new Witness.MadeUp("X1"));

        assertThat(audit().phantom()).isZero();
    }

    @Test
    void an_exit_that_opens_a_position_after_a_sale_that_the_log_knew_is_a_fault() {
        entry();
        soldByHand(10);
        heardOfTheSale(11);
        exitSent(20);
        exitFilled(22, posted(21, "t3"));

        AuditReport report = audit();

        assertThat(report.invariants()).containsEntry("ExitsNeverOpen", false);
        assertThat(report.differences())
                .containsExactly("an exit opened a position: order 3 (tag 't3', SELL 100 INFY MIS) of strategy sma as"
                        + " B3 (tag 't3', SELL 100 INFY MIS, by OURS) opened 100 by trade T3 after trade T2 of H1"
                        + " (tag '', SELL 100 INFY MIS, by PERSON)");
    }

    @Test
    void a_sale_by_others_after_our_request_had_arrived_is_a_race() {
        entry();
        exitSent(20);
        long request = posted(21, "t3");
        soldByHand(22);
        exitFilled(23, request);
        heardOfTheSale(25);

        AuditReport report = audit();

        assertThat(report.ok()).isTrue();
        assertThat(report.races()).singleElement().asString().contains("came after our request had arrived");
    }

    @Test
    void a_sale_that_the_log_had_not_heard_of_is_a_race() {
        entry();
        soldByHand(1_000);
        exitSent(5_900);
        exitFilled(5_902, posted(5_901, "t3"));
        heardOfTheSale(5_910);
        assertThat(audit().races())
                .singleElement()
                .asString()
                .contains("came 4900 ms before our send and the log had not heard of it");
    }

    @Test
    void a_sale_that_stood_in_the_brokers_lists_for_six_seconds_is_no_excuse() {
        entry();
        soldByHand(1_000);
        exitSent(7_000);
        exitFilled(7_002, posted(7_001, "t3"));
        heardOfTheSale(7_010);

        assertThat(audit().invariants()).containsEntry("ExitsNeverOpen", false);
    }

    @Test
    void an_order_that_was_wished_to_turn_a_position_is_no_exit() {
        entry();
        committed(20, 3, Side.SELL, 200, "t3");
        sent(20, 3, Side.SELL, 200, "t3");
        accepted(22, posted(21, "t3"), "B3", "t3", Hand.OURS, -200);
        traded(22, "T3", "B3", -200);
        booked(23, "T3", 3, -200, "sma", -100);
        ended(23, 3, Side.SELL, 200, OrderState.FILLED, "t3", "B3");

        assertThat(audit().differences()).isEmpty();
    }

    @Test
    void a_strangers_order_is_touched_only_when_a_person_asked_for_it() {
        accepted(4, 0, "H1", "his", Hand.PERSON, 5);
        event(5, order(2, Origin.PERSON, Side.BUY, 5, OrderState.WORKING, "his", "H1"));
        ledger.add(new Witness.ChangeRequested(6 * MILLI, Hand.PERSON, false, "H1"));
        assertThat(audit().ok()).isTrue();

        ledger.add(new Witness.ChangeRequested(7 * MILLI, Hand.OURS, true, "H1"));
        assertThat(audit().differences().getFirst())
                .isEqualTo("we cancelled H1 (tag 'his', BUY 5 INFY MIS, by PERSON), which is not ours and which nobody"
                        + " asked us to touch");

        event(6, new Event.OperatorActed("anna", "cancel order", "order 2", "in the way", "accepted"));
        assertThat(audit().ok()).isTrue();
    }

    @Test
    void a_position_is_its_opening_plus_trades_and_conversions() {
        entry();
        ledger.add(new Witness.Converted(9, 9 * MILLI, "INFY", 40, Product.MIS, Product.CNC, false));
        position(10, Product.MIS, 60);
        position(10, Product.CNC, 40);
        assertThat(audit().differences()).isEmpty();

        position(11, Product.CNC, 0);

        assertThat(audit().differences())
                .containsExactly("position INFY CNC is 0; opening 0, trades 0 and conversions 40 make 40");
    }

    @Test
    void a_trade_that_was_booked_otherwise_than_it_was_made_differs() {
        entry();
        ledger.removeIf(Witness.Traded.class::isInstance);
        traded(2, "T1", "B1", 90);

        AuditReport report = audit();

        assertThat(report.positionDifferences()).isEqualTo(1);
        assertThat(report.differences().getFirst()).startsWith("trade T1 is ");
    }
}
