package dev.holdfast.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Rows as real brokers send them and no client expects them. */
class OddRowsTest extends OnTheFloor {

    private OddRows odd() {
        return new OddRows(faults, floor);
    }

    private void fault(String fields) {
        faults.set(Fault.parse("{\"kind\":\"ODD_ROW\"," + fields + "}"));
    }

    private ObjectNode madeUp(String list) {
        List<ObjectNode> rows = odd().madeUp(list);
        assertThat(rows).hasSize(1);
        return rows.getFirst();
    }

    @Test
    void a_made_up_order_is_a_persons_complete_purchase_of_one_but_for_what_was_asked() {
        fault("\"list\":\"orders\",\"row\":{\"product\":\"CO\",\"average_price\":83.2525}");

        ObjectNode row = madeUp("orders");
        assertThat(row.path("product").stringValue()).isEqualTo("CO");
        assertThat(row.path("average_price").decimalValue()).isEqualByComparingTo("83.2525");
        assertThat(row.path("status").stringValue()).isEqualTo("COMPLETE");
        assertThat(row.path("order_timestamp").stringValue()).isEqualTo("2026-11-23 09:15:00");
        assertThat(madeUp("orders")).isEqualTo(row);
        assertThat(odd().order(row.path("order_id").stringValue())).contains(row);
        assertThat(odd().madeUp("trades")).isEmpty();
    }

    @Test
    void a_row_may_lack_a_field_have_a_null_or_a_text_for_a_number() {
        fault("\"list\":\"trades\",\"row\":{\"order_timestamp\":\"0000-12-31 00:00:00\",\"quantity\":\"1\","
                + "\"exchange_order_id\":null},\"without\":[\"product\"]");

        ObjectNode row = madeUp("trades");
        assertThat(row.path("order_timestamp").stringValue()).startsWith("0000-");
        assertThat(row.path("quantity").isString()).isTrue();
        assertThat(row.path("exchange_order_id").isNull()).isTrue();
        assertThat(row.has("product")).isFalse();
    }

    @Test
    void positions_and_holdings_of_a_symbol_in_no_list_are_shown() {
        fault("\"list\":\"holdings\",\"row\":{\"tradingsymbol\":\"SUSPENDED\"}");
        fault("\"list\":\"positions\",\"row\":{\"tradingsymbol\":\"GONE26JUL\",\"exchange\":\"NFO\"}");

        assertThat(madeUp("holdings").path("tradingsymbol").stringValue()).isEqualTo("SUSPENDED");
        assertThat(madeUp("positions").path("quantity").intValue()).isEqualTo(1);
    }

    @Test
    void a_real_row_that_matches_is_changed_instead_until_the_fault_is_over() {
        Order order = place("order_type", "LIMIT", "price", "1400");
        fault("\"list\":\"orders\",\"match\":{\"order_id\":\"" + order.id()
                + "\"},\"row\":{\"status\":\"QUEUED BY THE BROKER\"},\"durationMillis\":1000");
        List<ObjectNode> rows = new ArrayList<>(List.of(Rows.order(order, ManualMarket.INFY, Rows.TagPlace.BOTH)));

        odd().change("orders", rows);

        assertThat(rows.getFirst().path("status").stringValue()).isEqualTo("QUEUED BY THE BROKER");
        assertThat(odd().madeUp("orders")).isEmpty();
        wallNanos += 2 * Ist.NANOS_PER_SECOND;
        assertThat(odd().any("orders")).isFalse();
    }

    @Test
    void the_ledger_names_an_order_that_was_made_up_and_no_other() {
        Fault order = Fault.parse("{\"kind\":\"ODD_ROW\",\"list\":\"orders\",\"row\":{\"order_id\":\"990001\"}}");
        Fault trade = Fault.parse("{\"kind\":\"ODD_ROW\",\"list\":\"trades\"}");

        assertThat(odd().entry(order)).isEqualTo(new LedgerEntry.OddRow("orders", "990001"));
        assertThat(odd().entry(trade).orderId()).isNull();
        assertThatThrownBy(() -> Fault.parse("{\"kind\":\"ODD_ROW\",\"list\":\"margins\"}"))
                .hasMessageContaining("list is margins");
    }
}
