package dev.holdfast.broker.kite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.broker.Broker.Rows;
import dev.holdfast.broker.BrokerFailure;
import dev.holdfast.broker.BrokerHolding;
import dev.holdfast.broker.BrokerInstrument;
import dev.holdfast.broker.BrokerOrder;
import dev.holdfast.broker.BrokerPosition;
import dev.holdfast.broker.BrokerTrade;
import dev.holdfast.broker.OddRow;
import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class KiteRowsTest {

    private static final String ORDER = """
            {"placed_by":"AB1234","order_id":"100000000000000","exchange_order_id":null,"status":"OPEN",
             "status_message":null,"order_timestamp":"2021-05-31 09:18:57","exchange_update_timestamp":"2021-05-31 09:19:01",
             "exchange":"NSE","tradingsymbol":"INFY","instrument_token":408065,"order_type":"LIMIT",
             "transaction_type":"BUY","validity":"DAY","product":"CNC","quantity":10,"price":1234.05,"average_price":0,
             "filled_quantity":4,"pending_quantity":6,"tag":"HF00000A1","something_new":{"a":[1]}}""";

    @Test
    void an_order_row_in_our_words() {
        BrokerOrder order = orders("[" + ORDER + "]").rows().getFirst();

        assertThat(order)
                .isEqualTo(new BrokerOrder(
                        "NSE",
                        "INFY",
                        Side.BUY,
                        Product.CNC,
                        OrderType.LIMIT,
                        10,
                        123_405,
                        4,
                        BrokerOrderState.LIVE,
                        Origin.INTENT,
                        (int) LocalDate.parse("2021-05-31").toEpochDay(),
                        OffsetDateTime.parse("2021-05-31T09:19:01+05:30").toEpochSecond() * 1_000_000_000L,
                        "100000000000000",
                        "HF00000A1",
                        "OPEN",
                        ""));
    }

    @ParameterizedTest
    @CsvSource({
        "COMPLETE, COMPLETE",
        "CANCELLED, CANCELLED",
        "LAPSED, CANCELLED",
        "REJECTED, REJECTED",
        "OPEN, LIVE",
        "TRIGGER PENDING, LIVE",
        "CANCEL PENDING, LIVE",
        "MODIFY VALIDATION PENDING, LIVE",
        "SOMETHING NEW, LIVE"
    })
    void an_unknown_status_is_live(String status, BrokerOrderState expected) {
        assertThat(KiteStatus.state(status, json(ORDER), 10, 4)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "10, 0, 0, COMPLETE",
        "4, 0, 6, CANCELLED",
        "0, 0, 10, CANCELLED",
        "4, 6, 0, LIVE",
        "4, 0, 0, LIVE",
        "4, 0, 5, LIVE",
        "10, '', 0, LIVE"
    })
    void of_an_unknown_status_the_quantities_decide(
            long filled, String pending, String cancelled, BrokerOrderState expected) {
        JsonNode row = json("{\"pending_quantity\":\"" + pending + "\",\"cancelled_quantity\":" + cancelled + "}");

        assertThat(KiteStatus.state("SOMETHING NEW", row, 10, filled)).isEqualTo(expected);
    }

    @Test
    void our_tag_is_found_beside_the_brokers_own() {
        String marketAtCap =
                ORDER.replace("\"tag\":\"HF00000A1\"", "\"tag\":null,\"tags\":[\"mktp\",\"mktp:2.00\",\"HF00000A1\"]");
        String othersFirst = ORDER.replace("\"tag\":\"HF00000A1\"", "\"tag\":\"mktp\",\"tags\":[\"HF00000A1\"]");
        String nobodys = ORDER.replace("\"tag\":\"HF00000A1\"", "\"tag\":null,\"tags\":[\"mktp\"]");

        assertThat(orders("[" + marketAtCap + "," + othersFirst + "," + nobodys + "]")
                        .rows())
                .extracting(BrokerOrder::tag, BrokerOrder::placedBy)
                .containsExactly(
                        tuple("HF00000A1", Origin.INTENT),
                        tuple("HF00000A1", Origin.INTENT),
                        tuple("mktp", Origin.PERSON));
    }

    @Test
    void an_after_market_order_is_of_the_day_of_the_exchange_and_before_it_has_it_of_its_list() {
        String eveningBefore = ORDER.replace("2021-05-31 09:18:57", "2021-05-30 19:40:00");
        String sent = eveningBefore.replace(
                "\"something_new\"", "\"variety\":\"amo\",\"exchange_timestamp\":\"2021-05-31 09:00:02\",\"new\"");
        String waiting = eveningBefore.replace("\"something_new\"", "\"variety\":\"amo\",\"new\"");

        assertThat(orders("[" + sent + "," + waiting + "]").rows())
                .extracting(BrokerOrder::day)
                .containsExactly((int) LocalDate.parse("2021-05-31").toEpochDay(), BrokerOrder.OF_ITS_LIST);
    }

    @Test
    void an_odd_row_keeps_what_can_be_read_of_it() {
        OddRow cover =
                orders("[" + ORDER.replace("\"CNC\"", "\"CO\"") + "]").odd().getFirst();
        OddRow currency =
                orders("[" + ORDER.replace("1234.05", "83.2525") + "]").odd().getFirst();
        List<OddRow> unreadable = orders("[{\"a\":1},7]").odd();

        assertThat(cover.key()).isEqualTo("ORDERS 100000000000000");
        assertThat(cover.symbol()).isEqualTo("INFY");
        assertThat(cover.tag()).isEqualTo("HF00000A1");
        assertThat(cover.perhapsOurs()).isFalse();
        assertThat(cover.wrong()).isEqualTo("unknown product CO");
        assertThat(cover.raw()).contains("\"tradingsymbol\":\"INFY\"");
        assertThat(currency.wrong()).isEqualTo("price 83.2525 is no whole number of paise");
        assertThat(unreadable).allSatisfy(row -> assertThat(row.perhapsOurs()).isTrue());
        assertThat(unreadable.getFirst().key())
                .isNotEqualTo(unreadable.getLast().key());
    }

    @Test
    void a_trade_is_placed_by_its_fill_alone() {
        Rows<BrokerTrade> trades = trades("""
                [{"trade_id":"10000000","order_id":"200000000000000","exchange":"NSE","tradingsymbol":"SBIN",
                  "product":"MIS","average_price":420.65,"quantity":1,"transaction_type":"SELL",
                  "fill_timestamp":"2021-05-31 09:16:39","order_timestamp":"0000-00-00 00:00:00"}]""");

        assertThat(trades.rows().getFirst().day())
                .isEqualTo((int) LocalDate.parse("2021-05-31").toEpochDay());
    }

    @Test
    void without_a_tag_the_placer_tells_a_person_from_the_broker() {
        String untagged = ORDER.replace("\"HF00000A1\"", "null");

        assertThat(orders("[" + untagged + "]").rows().getFirst().placedBy()).isEqualTo(Origin.PERSON);
        assertThat(orders("[" + untagged.replace("AB1234", "RMS") + "]")
                        .rows()
                        .getFirst()
                        .placedBy())
                .isEqualTo(Origin.BROKER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"order_id\":\"100000000000000\"",
                "\"status\":\"OPEN\"",
                "\"order_timestamp\":\"2021-05-31 09:18:57\"",
                "\"exchange\":\"NSE\"",
                "\"tradingsymbol\":\"INFY\"",
                "\"order_type\":\"LIMIT\"",
                "\"transaction_type\":\"BUY\"",
                "\"product\":\"CNC\"",
                "\"quantity\":10",
                "\"price\":1234.05",
                "\"filled_quantity\":4"
            })
    void a_row_without_a_required_field_is_left_out_and_counted(String field) {
        Rows<BrokerOrder> rows = orders("[" + ORDER.replace(field, "\"gone\":1") + "," + ORDER + "]");

        assertThat(rows.rows()).hasSize(1);
        assertThat(rows.odd()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"quantity\":10', '\"quantity\":0'",
        "'\"quantity\":10', '\"quantity\":1.5'",
        "'\"filled_quantity\":4', '\"filled_quantity\":11'",
        "'\"price\":1234.05', '\"price\":1234.055'",
        "'\"price\":1234.05', '\"price\":1e40'",
        "'\"price\":1234.05', '\"price\":\"dear\"'",
        "'2021-05-31 09:18:57', '2021-02-31 25:18:57'",
        "'\"BUY\"', '\"HOLD\"'"
    })
    void an_impossible_value_is_counted(String field, String instead) {
        assertThat(orders("[" + ORDER.replace(field, instead) + "]").odd()).hasSize(1);
    }

    @Test
    void what_is_no_list_proves_nothing() {
        assertThatThrownBy(() -> KiteRows.orders(json("{}"), "")).isInstanceOf(BrokerFailure.class);
        assertThat(orders("[null,1,\"x\",[]]").odd()).hasSize(4);
    }

    @Test
    void trades_positions_and_holdings() {
        Rows<BrokerTrade> trades = trades("""
                [{"trade_id":"10000000","order_id":"200000000000000","exchange":"NSE","tradingsymbol":"SBIN",
                  "product":"MIS","average_price":420.65,"quantity":1,"transaction_type":"SELL",
                  "fill_timestamp":"2021-05-31 09:16:39"},{"trade_id":"10000001"}]""");
        Rows<BrokerPosition> positions = positions("""
                {"net":[{"exchange":"NSE","tradingsymbol":"SBIN","product":"MIS","quantity":-1,"overnight_quantity":2,
                  "average_price":420.655}],"day":[{}]}""");
        Rows<BrokerHolding> holdings = holdings("""
                [{"exchange":"NSE","tradingsymbol":"SBIN","quantity":5,"t1_quantity":1,"used_quantity":2,"average_price":1},
                 {"exchange":"NSE","tradingsymbol":"INFY","quantity":5,"opening_quantity":7,"average_price":1}]""");

        assertThat(trades.odd()).hasSize(1);
        assertThat(trades.rows().getFirst().pricePaise()).isEqualTo(42_065);
        assertThat(trades.rows().getFirst().side()).isEqualTo(Side.SELL);
        assertThat(positions.rows()).containsExactly(new BrokerPosition("NSE", "SBIN", Product.MIS, -1, 2, 42_066));
        assertThat(holdings.rows())
                .containsExactly(new BrokerHolding("NSE", "SBIN", 8, 100), new BrokerHolding("NSE", "INFY", 7, 100));
    }

    @Test
    void instruments_come_from_the_csv_and_bands_from_the_quote() {
        String csv = """
                instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange
                408065,1594,INFY,"INFOSYS, LIMITED",0,,0,0.05,1,EQ,NSE,NSE
                256265,1001,NIFTY 50,NIFTY 50,0,,0,0,0,EQ,INDICES,NSE
                bad,1,TCS,TCS,0,,0,0.05,1,EQ,NSE,NSE
                2,1,OTHER,OTHER,0,,0,0.05,1,EQ,NSE,NSE
                """;
        JsonNode quotes = json("{\"NSE:INFY\":{\"lower_circuit_limit\":1350.5,\"upper_circuit_limit\":1650.55}}");

        KiteInstruments.Listed rows = KiteInstruments.parse(csv, Set.of("NSE:INFY", "NSE:NIFTY 50", "NSE:TCS"), quotes);

        assertThat(rows.rows())
                .containsExactly(
                        new BrokerInstrument("NSE", "INFY", 408065, InstrumentKind.EQUITY, 5, 1, 0, 135_050, 165_055),
                        new BrokerInstrument("NSE", "NIFTY 50", 256265, InstrumentKind.INDEX, 0, 1, 0, 0, 0));
        assertThat(rows.odd()).containsExactly("NSE:TCS");
    }

    private interface Reading<T> {
        Rows<T> of(JsonNode data) throws BrokerFailure;
    }

    private static <T> Rows<T> read(String text, Reading<T> reading) {
        try {
            return reading.of(json(text));
        } catch (BrokerFailure failure) {
            throw new AssertionError(failure);
        }
    }

    private static Rows<BrokerOrder> orders(String text) {
        return read(text, data -> KiteRows.orders(data, "AB1234"));
    }

    private static Rows<BrokerTrade> trades(String text) {
        return read(text, KiteRows::trades);
    }

    private static Rows<BrokerPosition> positions(String text) {
        return read(text, KiteRows::positions);
    }

    private static Rows<BrokerHolding> holdings(String text) {
        return read(text, KiteRows::holdings);
    }

    private static JsonNode json(String text) {
        return Json.parse(text).orElseThrow();
    }
}
