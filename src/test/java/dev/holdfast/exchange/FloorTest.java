package dev.holdfast.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FloorTest extends OnTheFloor {

    @Test
    void a_market_order_takes_levels_in_turn_at_their_prices() {
        Order order = place("quantity", "1500");

        assertThat(order.status).isEqualTo(OrderStatus.COMPLETE);
        assertThat(order.filledValuePaise).isEqualTo(1_000 * 150_000L + 500 * 150_005L);
        assertThat(floor.book().trades()).hasSize(2);
        assertThat(Rows.order(order, ManualMarket.INFY, Rows.TagPlace.BOTH)
                        .path("average_price")
                        .decimalValue())
                .isEqualByComparingTo("1500.0167");
    }

    @Test
    void a_market_order_never_trades_beyond_its_protection() {
        levels(quote(), 160_000, 1_000);

        Order order = place("market_protection", "2");

        assertThat(order.status).isEqualTo(OrderStatus.OPEN);
        assertThat(order.pricePaise).isEqualTo(153_000);
    }

    @Test
    void what_finds_nobody_rests_and_fills_when_the_price_comes() {
        Order order = place("order_type", "LIMIT", "price", "1490", "quantity", "1200");
        assertThat(order.status).isEqualTo(OrderStatus.OPEN);

        price(149_000, 1_000);

        assertThat(order.filled).isGreaterThanOrEqualTo(1_000);
        assertThat(notices.getFirst().status()).isEqualTo("OPEN");
        assertThat(notices.get(1).status()).isIn("UPDATE", "COMPLETE");
    }

    @Test
    void the_rest_of_an_ioc_order_is_cancelled() {
        Order order = place("order_type", "LIMIT", "price", "1500", "quantity", "1200", "validity", "IOC");

        assertThat(order.status).isEqualTo(OrderStatus.CANCELLED);
        assertThat(order.filled).isEqualTo(1_000);
        assertThat(order.cancelled).isEqualTo(200);
    }

    @Test
    void an_order_passes_the_documented_states() {
        Order order = place("order_type", "LIMIT", "price", "1400");
        floor.amend(1, order.id(), Map.of("price", "1401", "quantity", "2"));
        floor.cancel(1, order.id());

        assertThat(order.history().stream().map(step -> step.status().text()))
                .containsExactly(
                        "PUT ORDER REQ RECEIVED",
                        "VALIDATION PENDING",
                        "OPEN PENDING",
                        "OPEN",
                        "MODIFY VALIDATION PENDING",
                        "MODIFY PENDING",
                        "MODIFIED",
                        "OPEN",
                        "CANCEL PENDING",
                        "CANCELLED");
        assertThat(order.quantity).isEqualTo(2);
        assertThat(order.pricePaise).isEqualTo(140_100);
    }

    @Test
    void what_the_front_door_refuses_never_becomes_an_order() {
        refused("quantity", "0");
        refused("quantity", "1.5");
        refused("tradingsymbol", "NOSUCH");
        refused("tradingsymbol", "NIFTY 50");
        refused("market_protection", "0");
        refused("order_type", "SL");
        refused("product", "MTF");
        refused("tag", "no spaces");
        refused("order_type", "LIMIT", "price", "1500.02");
        refused("order_type", "LIMIT", "price", "1e9999999");
        assertThat(floor.book().orders()).isEmpty();
    }

    private void refused(String... changes) {
        assertThatThrownBy(() -> place(changes))
                .isInstanceOfSatisfying(
                        KiteError.class, error -> assertThat(error.errorType).isEqualTo("InputException"));
    }

    @Test
    void what_risk_turns_down_stands_rejected_in_the_book() {
        assertThat(place("order_type", "LIMIT", "price", "1900").status).isEqualTo(OrderStatus.REJECTED);
        assertThat(place("product", "CNC", "transaction_type", "SELL").message).contains("insufficient stock");
        market.phase = Phase.CLOSED;
        Order order = place();
        assertThat(order.status).isEqualTo(OrderStatus.REJECTED);
        assertThat(order.history()).hasSize(3);
        assertThat(floor.book().trades()).isEmpty();
    }

    @Test
    void the_twenty_sixth_modification_is_refused() {
        Order order = place("order_type", "LIMIT", "price", "1400");
        for (int i = 0; i < Floor.MAX_MODIFICATIONS; i++) {
            floor.amend(1, order.id(), Map.of("quantity", Integer.toString(i + 2)));
        }

        assertThatThrownBy(() -> floor.amend(1, order.id(), Map.of("quantity", "50")))
                .hasMessageContaining("modifications exceeded");
    }

    @Test
    void an_ended_order_can_neither_be_modified_nor_cancelled() {
        Order order = place();

        assertThatThrownBy(() -> floor.cancel(1, order.id())).hasMessageContaining("COMPLETE");
        assertThatThrownBy(() -> floor.amend(1, order.id(), Map.of())).hasMessageContaining("COMPLETE");
        assertThatThrownBy(() -> floor.cancel(1, "261123000009999")).hasMessageContaining("not found");
    }

    @Test
    void a_position_shows_what_was_bought_and_sold() {
        place("quantity", "10");
        place("quantity", "4", "transaction_type", "SELL");

        var row = Rows.position(floor.book().positions().iterator().next(), quote(), true);

        assertThat(row.path("quantity").longValue()).isEqualTo(6);
        assertThat(row.path("average_price").decimalValue()).isEqualByComparingTo("1500");
        assertThat(row.path("realised").decimalValue()).isEqualByComparingTo("-0.20");
        assertThat(row.path("value").decimalValue()).isEqualByComparingTo("-9000.20");
        assertThat(row.path("day_sell_quantity").longValue()).isEqualTo(4);
    }

    @Test
    void day_orders_lapse_at_the_close() {
        Order order = place("order_type", "LIMIT", "price", "1400");

        market.phase = Phase.CLOSED;
        floor.followTime();

        assertThat(order.status).isEqualTo(OrderStatus.LAPSED);
        assertThat(notices.getLast().status()).isEqualTo("CANCELLED");
    }

    @Test
    void the_broker_squares_intraday_positions_off_at_twenty_past_three() {
        place("quantity", "5");
        place("quantity", "5", "product", "NRML");

        market.time = LocalTime.of(15, 20);
        floor.followTime();

        assertThat(floor.book().positions().stream().map(Position::quantity)).containsExactlyInAnyOrder(0L, 5L);
        assertThat(place().message).contains("square-off");
    }

    @Test
    void a_new_day_forgets_orders_and_carries_what_was_bought() {
        place("quantity", "5", "product", "CNC");
        place("quantity", "3", "product", "NRML");

        market.day = market.day.plusDays(1);
        floor.followTime();

        assertThat(floor.book().orders()).isEmpty();
        assertThat(floor.book().trades()).isEmpty();
        assertThat(floor.book().holdings()).containsExactly(new LedgerEntry.Holding("INFY", 5, 750_000));
        assertThat(floor.book().positions())
                .singleElement()
                .satisfies(position -> assertThat(position.overnightQuantity).isEqualTo(3));
        assertThat(place("quantity", "5", "product", "CNC", "transaction_type", "SELL").status)
                .isEqualTo(OrderStatus.COMPLETE);
    }

    @Test
    void a_restart_rebuilds_the_same_day_and_never_repeats_an_id() {
        place("quantity", "5", "product", "CNC");
        Order resting = place("order_type", "LIMIT", "price", "1400", "tag", "mine");
        floor.amend(1, resting.id(), Map.of("price", "1401"));
        place("order_type", "LIMIT", "price", "1900");
        List<String> before = rows();
        String last = floor.book().nextOrderId();

        ledger.close();
        open();

        assertThat(rows()).isEqualTo(before);
        assertThat(floor.book().nextOrderId()).isEqualTo(last);
        assertThat(floor.book().openOrders("INFY")).hasSize(1);
        assertThat(floor.book().placedToday()).isEqualTo(3);
    }

    private List<String> rows() {
        List<String> rows = new ArrayList<>();
        floor.book()
                .orders()
                .forEach(order -> Rows.history(order, ManualMarket.INFY, Rows.TagPlace.BOTH)
                        .forEach(row -> rows.add(row.toString())));
        floor.book()
                .trades()
                .forEach(trade -> rows.add(Rows.trade(trade, ManualMarket.INFY).toString()));
        floor.book().positions().forEach(position -> rows.add(position.symbol + position.carry()));
        return rows;
    }

    @Test
    void a_partial_fill_fault_leaves_the_rest_for_later() {
        faults.set(Fault.parse("{\"kind\":\"PARTIAL_FILLS\",\"millis\":1000}"));
        Order order = place("quantity", "10");
        price(150_000, 1_000);
        assertThat(order.filled).isEqualTo(5);

        wallNanos += 2 * Ist.NANOS_PER_SECOND;
        price(150_000, 1_000);

        assertThat(order.status).isEqualTo(OrderStatus.COMPLETE);
    }

    @Test
    void a_fault_ends_by_its_count_or_its_time() {
        faults.set(Fault.parse("{\"kind\":\"REJECT_ORDERS\",\"count\":2}"));
        faults.set(Fault.parse("{\"kind\":\"STOP_TICKS\",\"durationMillis\":1000}"));
        assertThat(faults.active()).hasSize(2);

        assertThat(place().status).isEqualTo(OrderStatus.REJECTED);
        assertThat(place().status).isEqualTo(OrderStatus.REJECTED);
        assertThat(place().status).isEqualTo(OrderStatus.COMPLETE);
        wallNanos += 2 * Ist.NANOS_PER_SECOND;

        assertThat(faults.lasting(FaultKind.STOP_TICKS)).isEmpty();
        assertThat(faults.active()).isEmpty();
    }

    @Test
    void an_order_by_hand_is_in_the_ledger_as_such() {
        String orderId = floor.placeByHand(Client.order(Map.of()));
        ledger.sync(ledger.lastNumber());

        assertThat(ledger.page(0, 100))
                .anyMatch(line ->
                        line.contains("\"orderId\":\"" + orderId + "\"") && line.contains("\"placedBy\":\"HAND\""));
    }
}
