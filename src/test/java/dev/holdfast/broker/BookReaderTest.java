package dev.holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.BookList;
import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.ReplyCode;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BookReaderTest {

    private static final int DAY = 20_000;
    private static final long SESSION = 77;

    private final FakeLog log = new FakeLog();
    private final FakeBroker broker = new FakeBroker();
    private final GatewayModel model = new GatewayModel(SESSION);
    private final BookReader reader =
            new BookReader(broker, log, new InstrumentDesk(broker, log, model, () -> 0), model, SESSION);

    BookReaderTest() {
        model.defined(new Listing(1, "NSE", "INFY", 408065, InstrumentKind.EQUITY));
    }

    @Test
    void the_engine_knows_of_the_read_before_the_first_call() {
        int[] submittedBeforeFirstCall = {-1};
        broker.onOrders = () -> submittedBeforeFirstCall[0] =
                log.submitted(Command.BeginRead.class).size();

        reader.read(DAY);

        assertThat(submittedBeforeFirstCall[0]).isEqualTo(1);
    }

    @Test
    void the_first_read_reports_every_row_and_later_ones_only_changes() {
        broker.orders.add(order("B1", 0, BrokerOrderState.LIVE));
        broker.orders.add(order("B2", 10, BrokerOrderState.COMPLETE));
        broker.trades.add(trade("T1", "B2"));
        broker.positions.add(new BrokerPosition("NSE", "INFY", Product.MIS, 10, 0, 150_000));

        assertThat(reader.read(DAY).clean()).isTrue();
        assertThat(log.submitted(Command.ReportOrder.class)).hasSize(2);
        assertThat(log.submitted(Command.ReportTrade.class)).hasSize(1);
        assertThat(log.submitted(Command.ReportPosition.class)).hasSize(1);
        broker.orders.set(0, order("B1", 4, BrokerOrderState.LIVE));
        reader.read(DAY);
        reader.read(DAY);

        assertThat(log.submitted(Command.ReportOrder.class))
                .extracting(Command.ReportOrder::brokerOrderId)
                .containsExactly("B1", "B2", "B1");
        assertThat(log.submitted(Command.ReportTrade.class)).hasSize(1);
        assertThat(log.submitted(Command.EndRead.class))
                .extracting(Command.EndRead::clean)
                .containsExactly(true, true, true);
    }

    @Test
    void an_order_that_becomes_visible_late_is_reported_when_it_does() {
        reader.read(DAY);
        broker.orders.add(order("B1", 0, BrokerOrderState.LIVE));

        reader.read(DAY);

        assertThat(log.submitted(Command.ReportOrder.class)).hasSize(1);
    }

    @Test
    void a_read_is_not_clean_when_a_call_fails() {
        broker.failure = new BrokerFailure(BrokerFailure.Kind.RATE_LIMITED, "429");

        BookReader.Outcome limited = reader.read(DAY);

        assertThat(limited.clean()).isFalse();
        assertThat(limited.failure()).isEqualTo(BrokerFailure.Kind.RATE_LIMITED);
        assertThat(log.submitted(Command.EndRead.class))
                .extracting(Command.EndRead::clean)
                .containsExactly(false);
    }

    @Test
    void a_row_that_is_not_understood_is_reported_as_that_and_the_read_is_clean_for_all_else() {
        broker.orders.add(order("B1", 0, BrokerOrderState.LIVE));
        broker.oddOrders.add(odd("B2", "unknown product CO"));

        assertThat(reader.read(DAY).clean()).isTrue();

        assertThat(log.submitted(Command.ReportOrder.class)).hasSize(1);
        assertThat(log.submitted(Command.ReportOddRow.class)).singleElement().satisfies(row -> {
            assertThat(row.instrument()).isEqualTo(1);
            assertThat(row.key()).isEqualTo("ORDERS B2");
            assertThat(row.brokerOrderId()).isEqualTo("B2");
            assertThat(row.wrong()).isEqualTo("unknown product CO");
            assertThat(row.raw()).startsWith("{\"order_id\":\"B2\"").hasSize(200);
            assertThat(row.rawRest()).isNotEmpty();
        });
        assertThat(log.submitted.getLast()).isInstanceOf(Command.EndRead.class);
    }

    @Test
    void what_the_log_shows_as_odd_is_not_told_again_and_its_end_is_told_by_who_sends() {
        OddRow odd = odd("B2", "unknown product CO");
        broker.oddOrders.add(odd);
        model.apply(seen(odd.key(), odd.wrong()), 0);
        reader.read(DAY);
        int whileItStands = log.submitted(Command.ReportOddRow.class).size();
        broker.oddOrders.clear();

        reader.read(DAY);

        assertThat(whileItStands).isZero();
        assertThat(log.submitted(Command.ReportOddRow.class)).singleElement().satisfies(row -> {
            assertThat(row.key()).isEqualTo(odd.key());
            assertThat(row.wrong()).isEmpty();
        });
        model.apply(seen(odd.key(), ""), 0);
        reader.read(DAY);
        assertThat(log.submitted(Command.ReportOddRow.class)).hasSize(1);
    }

    @Test
    void a_gateway_that_stands_by_ends_no_odd_row() {
        model.apply(seen("ORDERS B2", "unknown product CO"), 0);
        model.apply(new Event.GrantChanged(GrantKind.SENDER, SESSION + 1, 3, "b", ""), 0);

        reader.read(DAY);

        assertThat(log.submitted(Command.ReportOddRow.class)).isEmpty();
    }

    @Test
    void a_row_of_another_day_is_odd_when_it_goes_on_to_be_and_until_then_may_be_midnight() {
        broker.orders.add(order("B1", 0, BrokerOrderState.LIVE));
        broker.orders.add(ofDay(order("B0", 0, BrokerOrderState.LIVE), DAY - 1));

        assertThat(reader.read(DAY).clean()).isFalse();
        assertThat(reader.read(DAY).clean()).isFalse();
        assertThat(reader.read(DAY).clean()).isTrue();

        assertThat(log.submitted(Command.ReportOrder.class)).hasSize(1);
        assertThat(log.submitted(Command.ReportOddRow.class))
                .singleElement()
                .satisfies(row -> assertThat(row.wrong()).contains("it is of 2024-10-03, today is 2024-10-04"));
    }

    @Test
    void an_order_whose_row_does_not_tell_its_day_is_of_the_day_whose_list_shows_it() {
        broker.orders.add(ofDay(order("B1", 0, BrokerOrderState.LIVE), BrokerOrder.OF_ITS_LIST));

        assertThat(reader.read(DAY).clean()).isTrue();

        assertThat(log.submitted(Command.ReportOrder.class).getFirst().day()).isEqualTo(DAY);
    }

    @Test
    void an_order_that_was_understood_and_is_odd_now_is_not_a_list_that_lost_rows() {
        broker.orders.add(order("B1", 0, BrokerOrderState.LIVE));
        reader.read(DAY);
        broker.orders.clear();
        broker.oddOrders.add(odd("B1", "no quantity"));

        assertThat(reader.read(DAY).clean()).isTrue();
    }

    @Test
    void a_position_is_not_taken_for_gone_while_a_row_of_its_instrument_is_odd() {
        broker.positions.add(new BrokerPosition("NSE", "INFY", Product.MIS, 10, 0, 150_000));
        reader.read(DAY);
        broker.positions.clear();
        broker.oddPositions.add(new OddRow(
                BookList.POSITIONS, "POSITIONS NSE:INFY CO", "NSE", "INFY", "", "", false, "unknown product CO", "{}"));

        assertThat(reader.read(DAY).clean()).isTrue();

        assertThat(log.submitted(Command.ReportPosition.class)).hasSize(1);
    }

    @Test
    void a_row_that_the_engine_refuses_on_its_open_day_is_odd() {
        model.apply(new Event.DayChanged(DAY, DayPhase.OPEN, ""), 0);
        broker.orders.add(order("B1", 0, BrokerOrderState.LIVE));
        log.judging(command -> command instanceof Command.ReportOrder ? ReplyCode.REFUSED : ReplyCode.OK);

        assertThat(reader.read(DAY).clean()).isTrue();

        assertThat(log.submitted(Command.ReportOddRow.class))
                .extracting(Command.ReportOddRow::key)
                .containsExactly("ORDERS B1");
    }

    private static Event.OddRowSeen seen(String key, String wrong) {
        return new Event.OddRowSeen(DAY, BookList.ORDERS, 1, false, key, "", "", wrong, "{}", "");
    }

    private static OddRow odd(String id, String wrong) {
        String raw = "{\"order_id\":\"" + id + "\",\"x\":\"" + "y".repeat(300) + "\"}";
        return new OddRow(BookList.ORDERS, "ORDERS " + id, "NSE", "INFY", id, "", false, wrong, raw);
    }

    private static BrokerOrder ofDay(BrokerOrder row, int day) {
        return new BrokerOrder(
                row.exchange(),
                row.symbol(),
                row.side(),
                row.product(),
                row.orderType(),
                row.quantity(),
                row.pricePaise(),
                row.filledQuantity(),
                row.state(),
                row.placedBy(),
                day,
                row.timeNanos(),
                row.brokerOrderId(),
                row.tag(),
                row.status(),
                row.message());
    }

    @Test
    void lists_that_lost_rows_prove_nothing() {
        broker.orders.add(order("B1", 10, BrokerOrderState.COMPLETE));
        broker.trades.add(trade("T1", "B1"));
        broker.trades.add(trade("T2", "B1"));
        assertThat(reader.read(DAY).clean()).isTrue();

        broker.trades.removeLast();
        assertThat(reader.read(DAY).clean()).isFalse();
        broker.trades.add(trade("T2", "B1"));
        assertThat(reader.read(DAY).clean()).isTrue();
        broker.orders.clear();
        assertThat(reader.read(DAY).clean()).isFalse();
    }

    @Test
    void a_new_day_starts_with_empty_lists_and_reports_everything_again() {
        broker.orders.add(order("B1", 10, BrokerOrderState.COMPLETE));
        reader.read(DAY);
        broker.orders.clear();

        assertThat(reader.read(DAY + 1).clean()).isTrue();
    }

    @Test
    void a_row_the_engine_refuses_is_offered_again_and_the_read_is_not_clean() {
        broker.orders.add(order("B1", 0, BrokerOrderState.LIVE));
        log.judging(command -> command instanceof Command.ReportOrder ? ReplyCode.REFUSED : ReplyCode.OK);
        assertThat(reader.read(DAY).clean()).isFalse();
        log.judging(command -> ReplyCode.OK);

        assertThat(reader.read(DAY).clean()).isTrue();
        assertThat(log.submitted(Command.ReportOrder.class)).hasSize(2);
    }

    @Test
    void a_foreign_order_in_an_instrument_we_did_not_know_declares_it_first() {
        log.answering(command -> command instanceof Command.DefineInstrument ? 9L : 0L);
        broker.listed.add(new BrokerInstrument("NSE", "TCS", 2953217, InstrumentKind.EQUITY, 5, 1, 0, 0, 0));
        broker.orders.add(new BrokerOrder(
                "NSE",
                "TCS",
                Side.SELL,
                Product.CNC,
                OrderType.MARKET,
                3,
                0,
                0,
                BrokerOrderState.LIVE,
                Origin.PERSON,
                DAY,
                1,
                "B7",
                "",
                "OPEN",
                ""));

        assertThat(reader.read(DAY).clean()).isTrue();

        assertThat(log.submitted(Command.ReportOrder.class).getFirst().instrument())
                .isEqualTo(9);
    }

    @Test
    void a_row_in_an_instrument_the_broker_does_not_list_is_odd_and_stops_nothing() {
        broker.positions.add(new BrokerPosition("NSE", "GONE", Product.MIS, 1, 0, 1));

        assertThat(reader.read(DAY).clean()).isTrue();

        assertThat(log.submitted(Command.ReportOddRow.class)).singleElement().satisfies(row -> {
            assertThat(row.instrument()).isZero();
            assertThat(row.wrong()).isEqualTo("no instruments list of the broker has NSE:GONE");
        });
    }

    @Test
    void a_day_opens_though_a_holding_is_in_no_list_and_a_row_is_not_understood() {
        broker.holdings.add(new BrokerHolding("NSE", "GONE", 1, 100));
        broker.oddHoldings.add(
                new OddRow(BookList.HOLDINGS, "HOLDINGS NSE:INFY", "NSE", "INFY", "", "", false, "no quantity", "{}"));

        assertThat(open()).isTrue();

        assertThat(log.submitted(Command.ReportOddRow.class))
                .extracting(Command.ReportOddRow::key)
                .containsExactlyInAnyOrder("HOLDINGS NSE:GONE", "HOLDINGS NSE:INFY");
        assertThat(log.submitted.getLast()).isInstanceOf(Command.OpenDay.class);
        reader.read(DAY);
        assertThat(log.submitted(Command.EndRead.class).getLast().clean()).isTrue();
    }

    @Test
    void delivery_positions_include_what_was_held_at_the_start_of_the_day() {
        broker.holdings.add(new BrokerHolding("NSE", "INFY", 100, 150_000));
        broker.positions.add(new BrokerPosition("NSE", "INFY", Product.CNC, -30, 0, 150_000));
        reader.read(DAY);
        broker.positions.clear();
        reader.read(DAY);

        assertThat(log.submitted(Command.ReportPosition.class))
                .extracting(Command.ReportPosition::quantity)
                .containsExactly(70L, 100L);
    }

    @Test
    void a_day_opens_with_holdings_and_overnight_positions_each_counted_once() {
        broker.holdings.add(new BrokerHolding("NSE", "INFY", 100, 150_000));
        broker.positions.add(new BrokerPosition("NSE", "INFY", Product.CNC, 0, 100, 150_000));
        broker.positions.add(new BrokerPosition("NSE", "INFY", Product.NRML, 5, 5, 149_000));
        broker.positions.add(new BrokerPosition("NSE", "INFY", Product.MIS, 7, 0, 149_000));

        boolean opened = open();

        assertThat(opened).isTrue();
        assertThat(log.submitted(Command.ReportOpening.class))
                .extracting(Command.ReportOpening::product, Command.ReportOpening::quantity)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Product.CNC, 100L),
                        org.assertj.core.groups.Tuple.tuple(Product.NRML, 5L));
        assertThat(log.submitted.getLast()).isEqualTo(new Command.OpenDay(SESSION, 1, DAY));
    }

    @Test
    void single_orders_are_read_with_their_fills_and_prove_nothing_about_others() {
        broker.orders.add(order("B1", 10, BrokerOrderState.COMPLETE));
        broker.orders.add(order("B2", 0, BrokerOrderState.LIVE));
        broker.trades.add(trade("T1", "B1"));

        assertThat(reader.readOrders(DAY, Set.of("B1"))).isTrue();
        assertThat(reader.readOrders(DAY, Set.of("B9"))).isFalse();

        assertThat(log.submitted(Command.ReportOrder.class)).hasSize(1);
        assertThat(log.submitted(Command.ReportTrade.class)).hasSize(1);
        assertThat(log.submitted(Command.EndRead.class))
                .extracting(Command.EndRead::clean)
                .containsExactly(false, false);
        reader.read(DAY);
        assertThat(log.submitted(Command.ReportTrade.class)).hasSize(1);
    }

    private boolean open() {
        try {
            return reader.open(DAY);
        } catch (BrokerFailure failure) {
            throw new AssertionError(failure);
        }
    }

    private static BrokerOrder order(String id, long filled, BrokerOrderState state) {
        return new BrokerOrder(
                "NSE",
                "INFY",
                Side.BUY,
                Product.MIS,
                OrderType.LIMIT,
                10,
                150_000,
                filled,
                state,
                Origin.INTENT,
                DAY,
                1,
                id,
                "TAG" + id,
                state.name(),
                "");
    }

    private static BrokerTrade trade(String id, String orderId) {
        return new BrokerTrade("NSE", "INFY", Side.BUY, Product.MIS, 5, 150_000, DAY, 1, id, orderId);
    }
}
