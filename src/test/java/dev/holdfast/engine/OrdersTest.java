package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.protocol.AmendmentState;
import dev.holdfast.protocol.Event.OrderChanged;
import dev.holdfast.protocol.Event.TickApplied;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class OrdersTest {

    private static final long SEED = Long.getLong("seed", 42);
    private static final long SECOND = 1_000_000_000L;
    private static final int INSTRUMENTS = 3;

    private final Orders orders = new Orders();
    private final Market market = new Market(new MarketTime());
    private final Map<Long, OrderChanged> expected = new TreeMap<>();
    private final Map<Long, Long> since = new TreeMap<>();

    @Test
    void what_it_knows_at_once_is_what_a_look_at_every_order_would_tell() {
        System.out.println("seed=" + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        long now = SECOND;
        int most = 0;
        for (int step = 0; step < 8_000; step++) {
            now += random.nextLong(SECOND / 20);
            if (random.nextInt(20) == 0) {
                market.apply(tick(1 + random.nextInt(INSTRUMENTS), 90 + random.nextInt(20)), now);
            }
            OrderChanged order = random(random);
            OrderChanged before = expected.put(order.orderNumber(), order);
            if (before == null || before.state() != order.state()) {
                since.put(order.orderNumber(), now);
            }
            orders.apply(order, false, now);
            if (random.nextInt(10) == 0) {
                orders.retire(now);
                retireExpected(now);
            }
            if (step % 2_000 == 1_999) {
                orders.startDay();
                expected.values().removeIf(each -> each.state().isTerminal());
            }
            compare();
            most = Math.max(most, orders.live().size());
        }
        assertThat(most).as("open orders at a time").isGreaterThan(20);
    }

    @Test
    void sums_too_large_for_a_number_fail_the_question_and_not_the_change() {
        orders.apply(order(1, OrderState.WORKING, Long.MAX_VALUE, 1), false, SECOND);
        orders.apply(order(2, OrderState.WORKING, Long.MAX_VALUE, 1), false, SECOND);

        assertThatThrownBy(() -> orders.openQuantity(1, Product.MIS, Side.BUY)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> orders.openValuePaise(market)).isInstanceOf(ArithmeticException.class);

        orders.apply(order(2, OrderState.CANCELLED, Long.MAX_VALUE, 1), false, SECOND);
        assertThat(orders.openQuantity(1, Product.MIS, Side.BUY)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void of_too_many_that_ended_the_oldest_retire_at_once() {
        for (int number = 1; number <= Orders.MAX_ENDED + 5; number++) {
            orders.apply(order(number, OrderState.REFUSED, 1, 1), false, SECOND);
        }

        orders.retire(SECOND);

        assertThat(orders.find(5)).isNull();
        assertThat(orders.findByTag("T5")).isNull();
        assertThat(orders.find(6)).isNotNull();
    }

    private void compare() {
        assertThat(numbers(orders.live()))
                .isEqualTo(numbersOf(each -> !each.state().isTerminal()));
        assertThat(numbers(orders.committed())).isEqualTo(numbersOf(each -> each.state() == OrderState.COMMITTED));
        assertThat(numbers(orders.uncertain())).isEqualTo(numbersOf(each -> each.state() == OrderState.UNCERTAIN));
        assertThat(numbers(orders.sending()))
                .isEqualTo(numbersOf(
                        each -> each.state() == OrderState.SENDING || each.amendment() == AmendmentState.SENDING));
        assertThat(numbers(orders.cancelWanted())).isEqualTo(numbersOf(OrderChanged::cancelWanted));
        long value = 0;
        for (OrderChanged order : expected.values()) {
            long price = Math.max(order.pricePaise(), market.lastPrice(order.instrument()));
            value += price * OpenInterest.openQuantity(order);
        }
        assertThat(orders.openValuePaise(market)).isEqualTo(value);
        for (Side side : Side.values()) {
            assertThat(orders.openQuantity(1, Product.MIS, side))
                    .isEqualTo(expected.values().stream()
                            .filter(each -> each.instrument() == 1 && each.side() == side)
                            .mapToLong(OpenInterest::openQuantity)
                            .sum());
        }
        for (int key = 0; key < 40; key++) {
            String tag = "T" + key;
            OrderEntry found = orders.findByTag(tag);
            long first = expected.values().stream()
                    .filter(each -> each.tag().equals(tag) && each.origin() == Origin.INTENT)
                    .mapToLong(OrderChanged::orderNumber)
                    .findFirst()
                    .orElse(0);
            assertThat(found == null ? 0 : found.order.orderNumber()).as(tag).isEqualTo(first);
            String id = "B" + key;
            found = orders.findByBrokerId(id);
            first = expected.values().stream()
                    .filter(each -> each.brokerOrderId().equals(id))
                    .mapToLong(OrderChanged::orderNumber)
                    .findFirst()
                    .orElse(0);
            assertThat(found == null ? 0 : found.order.orderNumber()).as(id).isEqualTo(first);
        }
    }

    private void retireExpected(long now) {
        expected.values()
                .removeIf(each -> each.origin() == Origin.INTENT
                        && each.state().isTerminal()
                        && each.state() != OrderState.ABSENT
                        && now - since.getOrDefault(each.orderNumber(), 0L) > Orders.RETIRE_NANOS);
    }

    private List<Long> numbersOf(Predicate<OrderChanged> test) {
        return expected.values().stream()
                .filter(test)
                .map(OrderChanged::orderNumber)
                .toList();
    }

    private static List<Long> numbers(Collection<OrderEntry> entries) {
        List<Long> numbers = new ArrayList<>();
        entries.forEach(entry -> numbers.add(entry.order.orderNumber()));
        return numbers;
    }

    /** Any order into any state: the indexes must not depend on what is likely. Tags and ids are few, so that some are shared. */
    private OrderChanged random(SplittableRandom random) {
        long number = random.nextLong(1, 61);
        boolean terminalStays = false;
        OrderChanged known = expected.get(number);
        OrderState state = List.of(OrderState.values()).get(random.nextInt(OrderState.values().length));
        if (state.isTerminal() && random.nextInt(4) > 0) {
            state = OrderState.WORKING;
        }
        if (known != null && known.state().isTerminal()) {
            terminalStays = true;
        }
        return new OrderChanged(
                number,
                number % 4 == 0 ? Origin.PERSON : Origin.INTENT,
                known == null ? 1 + random.nextInt(INSTRUMENTS) : known.instrument(),
                known == null ? (random.nextBoolean() ? Side.BUY : Side.SELL) : known.side(),
                Product.MIS,
                OrderType.LIMIT,
                1 + random.nextInt(100),
                90 + random.nextInt(20),
                terminalStays && known != null ? known.state() : state,
                OrderState.WISHED,
                random.nextInt(100),
                0,
                random.nextInt(3) == 0 ? AmendmentState.SENDING : AmendmentState.NONE,
                0,
                0,
                random.nextInt(3) == 0,
                1,
                1,
                1,
                1,
                known == null ? "T" + random.nextInt(40) : known.tag(),
                random.nextInt(3) == 0 ? "B" + random.nextInt(40) : "",
                "",
                "",
                "");
    }

    private static OrderChanged order(long number, OrderState state, long quantity, long pricePaise) {
        return new OrderChanged(
                number,
                Origin.INTENT,
                1,
                Side.BUY,
                Product.MIS,
                OrderType.LIMIT,
                quantity,
                pricePaise,
                state,
                OrderState.WISHED,
                0,
                0,
                AmendmentState.NONE,
                0,
                0,
                false,
                1,
                1,
                0,
                0,
                "T" + number,
                "",
                "",
                "",
                "");
    }

    private static TickApplied tick(int instrument, long pricePaise) {
        return new TickApplied(instrument, pricePaise, 1, 1, pricePaise, pricePaise, 1, 1, 1, 1, 1, 1, 1, 1, SECOND, 1);
    }
}
