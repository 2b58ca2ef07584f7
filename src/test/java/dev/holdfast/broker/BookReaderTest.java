package dev.holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.Command;
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
            new BookReader(broker, log, new InstrumentDesk(broker, log, model, () -> 0), SESSION);

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
    void a_read_is_not_clean_when_a_call_fails_or_a_row_is_malformed() {
        broker.failure = new BrokerFailure(BrokerFailure.Kind.RATE_LIMITED, "429");
        BookReader.Outcome limited = reader.read(DAY);
        broker.failure = null;
        broker.malformedOrders = 1;
        BookReader.Outcome malformed = reader.read(DAY);

        assertThat(limited.clean()).isFalse();
        assertThat(limited.failure()).isEqualTo(BrokerFailure.Kind.RATE_LIMITED);
        assertThat(malformed.clean()).isFalse();
        assertThat(log.submitted(Command.EndRead.class))
                .extracting(Command.EndRead::clean)
                .containsExactly(false, false);
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
    void a_row_in_an_instrument_the_broker_does_not_list_makes_the_read_unclean() {
        broker.positions.add(new BrokerPosition("NSE", "GONE", Product.MIS, 1, 0, 1));

        assertThat(reader.read(DAY).clean()).isFalse();
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
