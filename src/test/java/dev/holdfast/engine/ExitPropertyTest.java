package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.protocol.SendOutcome;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Two strategies, and other hands that trade, square off, convert and leave orders in the book, in random order: at no moment do
 * the strategies' open exits close more than is left for them, and the shares add up to the account.
 */
final class ExitPropertyTest {

    private static final int SEEDS = 2_000;
    private static final int STEPS = 60;

    @Test
    void at_no_event_do_open_exits_close_more_than_there_is() {
        Long only = Long.getLong("seed");
        long exits = IntStream.range(0, only == null ? SEEDS : 1)
                .parallel()
                .mapToLong(seed -> new World(only == null ? seed : only).run())
                .sum();
        assertThat(only == null ? exits : SEEDS).as("exits seen").isGreaterThanOrEqualTo(SEEDS / 2);
    }

    @SuppressWarnings("EnumOrdinal") // a random constant is drawn by its place
    private static final class World {
        private final long seed;
        private final Random random;
        private final Trades t = new Trades(Harness.trading());
        private final Harness h = t.h;
        private final Map<Long, Event.OrderChanged> orders = new TreeMap<>();
        private final Map<Long, Event.SendRequested> unanswered = new TreeMap<>();
        private final Map<Product, Event.PositionChanged> positions = new TreeMap<>();
        private final Map<Product, Long> differences = new TreeMap<>();
        private final Map<Product, Map<String, Long>> shares = new TreeMap<>();
        private long convertedUnseen;
        private long convertedSeen;
        private int seen;
        private int nextTrade = 1;
        private long exits;

        World(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            t.define("sma", 100);
            t.define("other", 40);
        }

        long run() {
            for (int step = 0; step < STEPS; step++) {
                step();
                look(step);
            }
            return exits;
        }

        private void step() {
            switch (random.nextInt(14)) {
                case 0, 1 -> t.crossAbove();
                case 2, 3 -> t.wishOut();
                case 4, 5, 6 -> answer();
                case 7, 8 -> fill();
                case 9 ->
                    t.otherHands(
                            random.nextBoolean() ? Origin.PERSON : Origin.BROKER,
                            random.nextInt(4) == 0 ? Side.BUY : Side.SELL,
                            1 + random.nextInt(120));
                case 10 -> t.othersRest(random.nextInt(4) == 0 ? Side.BUY : Side.SELL, 1 + random.nextInt(60));
                case 11 -> h.live(1 + random.nextInt(4));
                case 12 -> read();
                default -> {
                    long mis = quantity(Product.MIS) - (convertedUnseen - convertedSeen);
                    if (mis > 0 && random.nextBoolean()) {
                        convertedUnseen += 1 + random.nextInt((int) mis);
                    } else {
                        h.restart();
                    }
                }
            }
        }

        private long quantity(Product product) {
            Event.PositionChanged position = positions.get(product);
            return position == null ? 0 : position.quantity();
        }

        private void read() {
            h.live(1);
            look(-1);
            long unseen = convertedUnseen - convertedSeen;
            h.beginRead();
            h.send(new Command.ReportPosition(
                    Harness.GATEWAY, h.readId(), 1, Product.MIS, quantity(Product.MIS) - unseen));
            h.send(new Command.ReportPosition(
                    Harness.GATEWAY, h.readId(), 1, Product.CNC, quantity(Product.CNC) + unseen));
            h.endRead(true);
        }

        private void answer() {
            if (unanswered.isEmpty()) {
                return;
            }
            Event.SendRequested send = Objects.requireNonNull(
                    unanswered.remove(unanswered.keySet().iterator().next()));
            Event.OrderChanged order = Objects.requireNonNull(orders.get(send.orderNumber()));
            SendOutcome outcome =
                    random.nextInt(5) > 0 ? SendOutcome.ACCEPTED : SendOutcome.values()[random.nextInt(4)];
            h.send(new Command.ReportSend(
                    send.epoch(),
                    send.sendNumber(),
                    send.orderNumber(),
                    outcome,
                    "B" + send.orderNumber(),
                    "",
                    "drawn"));
            if (outcome == SendOutcome.ACCEPTED && send.action() == SendAction.CANCEL) {
                row(order, BrokerOrderState.CANCELLED);
            } else if (outcome == SendOutcome.ACCEPTED && random.nextBoolean()) {
                row(order, BrokerOrderState.LIVE); // shown as a LIMIT at a cap
            }
        }

        private void row(Event.OrderChanged order, BrokerOrderState state) {
            Event.OrderChanged now = h.order(order.orderNumber());
            t.row(
                    Origin.PERSON,
                    "B" + now.orderNumber(),
                    now.tag(),
                    now.side(),
                    OrderType.LIMIT,
                    now.quantity(),
                    1_470_00,
                    state,
                    now.filledQuantity());
        }

        private void fill() {
            List<Event.OrderChanged> working = orders.values().stream()
                    .filter(order -> order.state().isWorking() && order.filledQuantity() < order.quantity())
                    .toList();
            if (working.isEmpty()) {
                return;
            }
            Event.OrderChanged order = working.get(random.nextInt(working.size()));
            long open = order.quantity() - order.filledQuantity();
            long quantity = random.nextBoolean() ? open : 1 + random.nextInt((int) open);
            h.trade("F" + nextTrade++, order.brokerOrderId(), order.side(), quantity, 1_500_00);
        }

        /** Takes in what the engine said, and looks whether it may be so. */
        private void look(int step) {
            for (; seen < h.events.size(); seen++) {
                switch (h.events.get(seen)) {
                    case Event.OrderChanged order -> {
                        if (orders.put(order.orderNumber(), order) == null && isExit(order)) {
                            exits++;
                        }
                    }
                    case Event.SendRequested send -> unanswered.put(send.sendNumber(), send);
                    case Event.PositionChanged position -> positions.put(position.product(), position);
                    case Event.BrokerPositionSeen figure -> differences.put(figure.product(), figure.difference());
                    case Event.PositionConverted moved -> convertedSeen += moved.quantity();
                    case Event.ProfitChanged share ->
                        shares.computeIfAbsent(share.product(), _ -> new TreeMap<>())
                                .put(share.strategy(), share.quantity());
                    case Event.CommandQuarantined poison -> throw new AssertionError("seed " + seed + ": " + poison);
                    default -> {} // of no consequence here
                }
            }
            String when = "seed " + seed + " step " + step;
            for (Product product : List.of(Product.MIS, Product.CNC)) {
                assertThat(shares.getOrDefault(product, Map.of()).values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        .as(when + " shares of " + product)
                        .isEqualTo(quantity(product));
            }
            long held = quantity(Product.MIS) + Math.min(0, differences.getOrDefault(Product.MIS, 0L));
            long selling = 0;
            boolean exit = false;
            for (Event.OrderChanged order : orders.values()) {
                if (order.state().isTerminal() || order.side() != Side.SELL || order.cancelWanted()) {
                    continue;
                }
                selling += order.quantity() - order.filledQuantity();
                exit |= !order.strategy().isEmpty() && order.state() != OrderState.HELD;
            }
            if (exit) {
                assertThat(selling).as(when + ": open sells").isLessThanOrEqualTo(Math.max(0, held));
            }
        }

        private static boolean isExit(Event.OrderChanged order) {
            return !order.strategy().isEmpty() && order.side() == Side.SELL && order.state() != OrderState.REFUSED;
        }
    }
}
