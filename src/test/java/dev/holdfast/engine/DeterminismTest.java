package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Machine.CorruptSnapshot;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Same log, same hash; a snapshot loses nothing; bad input changes nothing. */
final class DeterminismTest {

    private static final int SEEDS = 100;

    @Test
    void the_same_log_gives_the_same_hash_and_events_on_every_seed() {
        for (long seed : seeds()) {
            Harness h = new SeededWorld(seed).run();

            Harness twin = h.replay();

            assertThat(twin.engine.stateHash())
                    .as("state hash, -Dseed=%d", seed)
                    .isEqualTo(h.engine.stateHash());
            assertThat(twin.headers).as("chain, -Dseed=%d", seed).isEqualTo(h.headers);
        }
    }

    /** Seeds 113 and 124 of the simulator, when the reason of a quarantine was still the exception's own text. */
    @Test
    void a_command_that_overflows_is_worded_the_same_however_hot_the_code_is() {
        Harness h = Harness.trading();
        for (int again = 0; again < 30_000; again++) {
            h.place(1, Side.BUY, OrderType.LIMIT, 1, Long.MAX_VALUE / 1_000 / 5 * 5, "");
        }

        assertThat(h.all(Event.CommandQuarantined.class))
                .hasSize(30_000)
                .extracting(Event.CommandQuarantined::reason)
                .containsOnly("ArithmeticException");
    }

    @Test
    void a_restart_from_a_snapshot_at_any_moment_changes_nothing() {
        for (long seed : seeds()) {
            Harness plain = new SeededWorld(seed).run();
            Harness restarted = new SeededWorld(seed).restartingOften().run();

            assertThat(restarted.headers).as("chain, -Dseed=%d", seed).isEqualTo(plain.headers);
        }
    }

    @Test
    void every_transition_of_the_life_cycle_is_visited_and_no_other() {
        Map<OrderState, Set<OrderState>> visited = new java.util.EnumMap<>(OrderState.class);
        for (long seed = 1; seed <= 250; seed++) {
            for (Event.OrderChanged order : new SeededWorld(seed).run().all(Event.OrderChanged.class)) {
                if (order.previousState() != order.state()) {
                    visited.computeIfAbsent(order.previousState(), none -> EnumSet.noneOf(OrderState.class))
                            .add(order.state());
                }
            }
        }
        Set<String> missing = new LinkedHashSet<>();
        for (OrderState from : OrderState.values()) {
            for (OrderState to : OrderLifecycle.next(from)) {
                if (!visited.getOrDefault(from, Set.of()).contains(to)) {
                    missing.add(from + " -> " + to);
                }
            }
            assertThat(OrderLifecycle.next(from)).containsAll(visited.getOrDefault(from, Set.of()));
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void the_life_cycle_in_the_documentation_is_the_one_in_the_code() throws Exception {
        Path document = Path.of("docs/order-lifecycle.md");

        assertThat(Files.readString(document)).contains("```mermaid\n" + OrderLifecycle.diagram() + "```");
    }

    @Test
    void a_command_that_is_no_message_is_quarantined_and_the_next_one_is_served() {
        Harness h = Harness.trading();
        long before = h.engine.stateHash();

        byte[] garbage = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        assertThat(h.sendBytes(999, 1, garbage).code()).isEqualTo(ReplyCode.QUARANTINED);

        assertThat(h.last(Event.CommandQuarantined.class).clientId()).isEqualTo(999);
        assertThat(h.engine.stateHash()).isNotEqualTo(before); // the client's number moved on
        assertThat(h.sendAs(999, 2, new Command.Probe()).code()).isEqualTo(ReplyCode.OK);
    }

    @Test
    void a_handler_that_throws_while_deciding_leaves_no_trace_of_its_decision() {
        Harness h = Harness.trading();
        int orders = h.all(Event.OrderChanged.class).size();

        // A value beyond 64 bits: the arithmetic throws in the middle of risk.
        assertThat(h.send(new Command.ReportTrade(
                                Harness.GATEWAY,
                                h.readId(),
                                Harness.DAY,
                                1,
                                Side.BUY,
                                Product.MIS,
                                Long.MAX_VALUE / 2,
                                1_000_00,
                                h.now,
                                "T1",
                                "B1"))
                        .code())
                .isEqualTo(ReplyCode.QUARANTINED);

        assertThat(h.all(Event.OrderChanged.class)).hasSize(orders);
        assertThat(h.all(Event.TradeBooked.class)).isEmpty();
    }

    @Test
    void a_resent_command_is_answered_again_and_a_skipped_number_is_refused() {
        Harness h = Harness.trading();
        Command probe = new Command.Probe();
        h.sendAs(42, 1, probe);

        assertThat(h.sendAs(42, 1, probe).code()).isEqualTo(ReplyCode.OK);
        assertThat(h.sendAs(42, 3, probe).code()).isEqualTo(ReplyCode.GAP);
        assertThat(h.sendAs(42, 2, probe).code()).isEqualTo(ReplyCode.OK);
        assertThat(h.sendAs(42, 1, probe).code()).isEqualTo(ReplyCode.OK);
        for (int correlation = 3; correlation <= 40; correlation++) {
            h.sendAs(42, correlation, probe);
        }
        assertThat(h.sendAs(42, 1, probe).code()).isEqualTo(ReplyCode.DUPLICATE);
    }

    @Test
    void a_resent_order_is_answered_with_its_refusal_and_not_with_a_duplicate_that_looks_like_success() {
        Harness h = Harness.trading();
        Command tooMuch = new Command.PlaceOrder(
                1, Side.BUY, Product.MIS, OrderType.MARKET, 20_000, 0, "key", "tester", "too much");
        h.sendAs(42, 1, tooMuch);
        h.sendAs(42, 2, new Command.Probe());

        Reply again = h.sendAs(42, 1, tooMuch);

        assertThat(again.code()).isEqualTo(ReplyCode.REFUSED);
        assertThat(again.text()).contains("is above the limit of");
    }

    @Test
    void time_that_goes_back_does_not_take_log_time_back() {
        Harness h = Harness.trading();
        h.now -= 3600 * Harness.SECOND;

        h.buy(1);

        long previous = 0;
        for (var header : h.headers) {
            assertThat(header.logTimeNanos()).isGreaterThanOrEqualTo(previous);
            previous = header.logTimeNanos();
        }
    }

    @Test
    void a_minority_member_is_halted_and_without_majority_nothing_is_sent() {
        Harness h = Harness.trading();
        h.send(new Command.ReportStateHash(0, 100, 1));
        h.send(new Command.ReportStateHash(1, 100, 1));
        h.send(new Command.ReportStateHash(2, 100, 2));
        assertThat(h.halted).singleElement().asString().startsWith("2: ");
        h.send(new Command.ReportStateHash(0, 200, 1));
        h.send(new Command.ReportStateHash(1, 200, 2));
        h.send(new Command.ReportStateHash(2, 200, 3));

        long number = h.buy(1).value();

        assertThat(h.state(number)).isEqualTo(OrderState.COMMITTED);
    }

    @Test
    void a_damaged_snapshot_is_refused_whole() {
        Harness h = Harness.trading();
        ArrayDeque<byte[]> cut = Harness.snapshot(h.engine);
        cut.removeLast();
        ArrayDeque<byte[]> flipped = Harness.snapshot(h.engine);
        flipped.getLast()[100] ^= 1;

        assertThatThrownBy(() -> new TradingEngine().restore(Harness.source(cut)))
                .isInstanceOf(CorruptSnapshot.class)
                .hasMessageContaining("bytes, expected");
        assertThatThrownBy(() -> new TradingEngine().restore(Harness.source(flipped)))
                .isInstanceOf(CorruptSnapshot.class)
                .hasMessageContaining("hash");
    }

    @Test
    void a_reader_that_starts_at_the_checkpoint_learns_the_whole_present_state() {
        Harness h = Harness.trading();
        long number = h.limit(Side.BUY, 1, 1_490_00).value();
        h.live(601);
        long start = h.send(new Command.Probe()).value();

        var since = h.events.subList((int) start - 1, h.events.size());

        assertThat(since.get(0)).isInstanceOf(Event.CheckpointStarted.class);
        assertThat(since).hasAtLeastOneElementOfType(Event.EngineConfigured.class);
        assertThat(since).filteredOn(Event.InstrumentDefined.class::isInstance).hasSize(3);
        assertThat(since).contains(h.order(number));
    }

    private static long[] seeds() {
        Long one = Long.getLong("seed");
        return one == null ? java.util.stream.LongStream.rangeClosed(1, SEEDS).toArray() : new long[] {one};
    }
}
