package dev.holdfast.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.types.Product;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Orders as the broker changes them, and acts of persons and the broker's risk desk beside us. */
class OtherHandsTest extends OnTheFloor {

    private JsonNode row(Order order) {
        return Rows.order(order, ManualMarket.INFY, floor.tagPlace());
    }

    private static List<String> tags(JsonNode row) {
        return row.path("tags").valueStream().map(JsonNode::stringValue).toList();
    }

    private void fault(String json) {
        faults.set(Fault.parse(json));
    }

    private List<String> ledgerLines() {
        ledger.sync(ledger.lastNumber());
        return ledger.page(0, 1_000);
    }

    @Test
    void a_market_order_is_shown_as_a_limit_order_at_its_cap_with_the_brokers_own_tags() {
        Order order = place("tag", "ours", "market_protection", "2");

        JsonNode row = row(order);
        assertThat(row.path("order_type").stringValue()).isEqualTo("LIMIT");
        assertThat(row.path("price").decimalValue()).isEqualByComparingTo("1530");
        assertThat(row.path("market_protection").intValue()).isZero();
        assertThat(row.path("tag").stringValue()).isEqualTo("ours");
        assertThat(tags(row)).containsExactly("mktp", "mktp:2.00", "ours");
        assertThat(tags(row(place("order_type", "LIMIT", "price", "1500", "tag", "plain"))))
                .containsExactly("plain");
    }

    @Test
    void the_rest_of_a_market_order_stands_at_its_cap_and_can_be_modified() {
        levels(quote(), 160_000, 1_000);
        Order order = place("market_protection", "2", "quantity", "10");
        assertThat(order.status).isEqualTo(OrderStatus.OPEN);

        floor.amend(1, order.id(), Map.of("quantity", "12"));
        assertThat(order.pricePaise).isEqualTo(153_000);
        assertThat(order.filled).isZero();
        floor.amend(1, order.id(), Map.of("order_type", "LIMIT", "price", "1600"));

        assertThat(order.status).isEqualTo(OrderStatus.COMPLETE);
        assertThat(order.filled).isEqualTo(12);
    }

    @Test
    void a_market_order_modified_as_one_gets_a_new_cap_from_the_present_price() {
        levels(quote(), 160_000, 1_000);
        Order order = place("market_protection", "2", "quantity", "10");
        price(160_000, 0);

        floor.amend(1, order.id(), Map.of("order_type", "MARKET", "market_protection", "2"));

        assertThat(order.pricePaise).isEqualTo(163_200);
    }

    @Test
    void a_tag_may_stand_in_the_list_of_tags_alone() {
        Order order = place("tag", "ours");

        fault("{\"kind\":\"TAG_IN_TAGS_ONLY\",\"durationMillis\":1000}");

        assertThat(row(order).path("tag").isNull()).isTrue();
        assertThat(tags(row(order))).containsExactly("mktp", "mktp:3.00", "ours");
        wallNanos += 2 * Ist.NANOS_PER_SECOND;
        assertThat(row(order).path("tag").stringValue()).isEqualTo("ours");
    }

    @Test
    void a_gap_before_the_order_leaves_it_unfilled_at_its_cap_until_the_price_is_back() {
        fault("{\"kind\":\"GAP_BEFORE_ORDER\",\"symbol\":\"INFY\",\"percent\":7,\"millis\":5000}");

        Order order = place("transaction_type", "SELL", "quantity", "10");

        assertThat(order.filled).isZero();
        assertThat(order.pricePaise).isEqualTo(145_500);
        assertThat(quote().lastPaise).isEqualTo(139_500);
        assertThat(place().filled).isEqualTo(1);
        wallNanos += 6 * Ist.NANOS_PER_SECOND;
        floor.reprice();
        assertThat(quote().lastPaise).isEqualTo(150_000);
        assertThat(order.status).isEqualTo(OrderStatus.COMPLETE);
    }

    @Test
    void a_price_gap_lasts_as_long_as_it_was_asked_to() {
        fault("{\"kind\":\"PRICE_GAP\",\"symbol\":\"INFY\",\"percent\":-4.5,\"durationMillis\":1000}");
        floor.reprice();
        assertThat(quote().lastPaise).isEqualTo(143_250);

        floor.tick(new Tick.Traded(ManualMarket.INFY, 2, 150_100, 1));
        assertThat(quote().lastPaise).isEqualTo(143_345);
        wallNanos += 2 * Ist.NANOS_PER_SECOND;
        floor.tick(new Tick.Traded(ManualMarket.INFY, 3, 150_200, 1));

        assertThat(quote().lastPaise).isEqualTo(150_200);
    }

    @Test
    void a_strangers_order_may_carry_any_tag_and_the_ledger_says_whose_it_is() {
        String orderId = floor.placeByHand(Client.order(Map.of("tag", "ours", "product", "CNC")));

        assertThat(floor.book().order(orderId).accepted)
                .extracting(LedgerEntry.Accepted::tag, LedgerEntry.Accepted::placedBy, LedgerEntry.Accepted::product)
                .containsExactly("ours", Floor.HAND, Product.CNC);
        assertThat(ledgerLines())
                .anyMatch(line ->
                        line.contains("\"kind\":\"REQUEST\"") && line.contains("\"source\":\"HAND\",\"tag\":\"ours\""));
    }

    @Test
    void an_after_market_order_shows_the_evening_before() {
        Order order = floor.book().order(floor.placeByHand(Client.order(Map.of("variety", "amo"))));

        JsonNode row = row(order);
        assertThat(row.path("variety").stringValue()).isEqualTo("amo");
        assertThat(row.path("order_timestamp").stringValue()).isEqualTo("2026-11-22 19:40:00");
        assertThat(row.path("exchange_timestamp").stringValue()).startsWith("2026-11-23");
        assertThatThrownBy(() -> floor.placeByHand(Client.order(Map.of("variety", "gtt"))))
                .hasMessageContaining("variety");
    }

    @Test
    void a_person_modifies_and_cancels_an_order_of_ours_and_the_ledger_says_who() {
        Order order = place("order_type", "LIMIT", "price", "1400");

        floor.amendByHand(Map.of("order_id", order.id(), "quantity", "3"));
        floor.cancelByHand(Map.of("order_id", order.id()));

        assertThat(order.quantity).isEqualTo(3);
        assertThat(order.status).isEqualTo(OrderStatus.CANCELLED);
        String cancel = ledgerLines().stream()
                .filter(line -> line.contains("\"method\":\"DELETE\""))
                .findFirst()
                .orElseThrow();
        assertThat(cancel).contains("\"source\":\"HAND\"");
        assertThat(ledgerLines())
                .anyMatch(line -> line.contains("\"kind\":\"ENDED\"")
                        && line.endsWith(
                                "\"request\":" + LedgerLine.parse(cancel).number() + "}"));
    }

    @Test
    void a_conversion_moves_a_part_of_a_position_at_its_mean_price() {
        place("quantity", "10");
        place("quantity", "4", "transaction_type", "SELL");

        floor.convertByHand(conversion("6"));

        Position intraday = position(Product.MIS);
        Position delivery = position(Product.CNC);
        assertThat(intraday.quantity()).isZero();
        assertThat(delivery.quantity()).isEqualTo(6);
        assertThat(delivery.dayBuyValuePaise).isEqualTo(6 * 150_000);
        assertThat(place("product", "CNC", "transaction_type", "SELL", "quantity", "6").status)
                .isEqualTo(OrderStatus.COMPLETE);
    }

    @Test
    void a_conversion_of_more_than_there_is_is_refused() {
        place("quantity", "5");

        assertThatThrownBy(() -> floor.convertByHand(conversion("6"))).hasMessageContaining("5 can be converted");
        assertThatThrownBy(() -> floor.convertByHand(Map.of("tradingsymbol", "INFY")))
                .hasMessageContaining("transaction_type");
        assertThat(position(Product.MIS).quantity()).isEqualTo(5);
    }

    @Test
    void a_position_carried_over_night_is_converted_as_such_and_survives_a_restart() {
        place("quantity", "5", "product", "NRML");
        market.day = market.day.plusDays(1);
        floor.followTime();
        place("quantity", "2", "product", "NRML");
        Map<String, String> night = Map.of(
                "tradingsymbol", "INFY",
                "transaction_type", "BUY",
                "quantity", "4",
                "old_product", "NRML",
                "new_product", "CNC",
                "position_type", "overnight");

        floor.convertByHand(night);
        ledger.close();
        open();

        assertThat(position(Product.NRML).overnightQuantity).isEqualTo(1);
        assertThat(position(Product.CNC).overnightQuantity).isEqualTo(4);
        assertThat(position(Product.NRML).quantity()).isEqualTo(3);
    }

    private Position position(Product product) {
        return java.util.Objects.requireNonNull(floor.book().position("INFY", product));
    }

    private static Map<String, String> conversion(String quantity) {
        return Map.of(
                "tradingsymbol", "INFY",
                "transaction_type", "BUY",
                "quantity", quantity,
                "old_product", "MIS",
                "new_product", "CNC");
    }

    @Test
    void a_fault_takes_only_its_own_fields() {
        assertThatThrownBy(() -> Fault.parse("{\"kind\":\"STOP_TICKS\",\"symbol\":\"INFY\"}"))
                .hasMessageContaining("takes no [symbol]");
        assertThatThrownBy(() -> Fault.parse("{\"kind\":\"PRICE_GAP\"}")).hasMessageContaining("needs [percent]");
        assertThatThrownBy(() -> Fault.parse("{\"kind\":\"PRICE_GAP\",\"percent\":80}"))
                .hasMessageContaining("percent is 80");
        assertThatThrownBy(() -> Fault.parse("{\"kind\":\"LATENCY\",\"milis\":5}"))
                .hasMessageContaining("milis");
        assertThatThrownBy(() -> Fault.parse("{\"kind\":\"LATENCY\",\"millis\":1.9}"))
                .hasMessageContaining("millis");
        assertThatThrownBy(() -> Fault.parse("{\"kind\":\"LATENCY\",\"millis\":5,\"millis\":6}"))
                .hasMessageContaining("millis");
        assertThatThrownBy(() -> Fault.parse("null")).hasMessageContaining("null");
    }
}
