package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.StrategyState;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.Product;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadTest {

    @Test
    void ten_orders_a_second_are_shared_among_the_instruments_without_the_index() {
        for (int equities = 1; equities <= 8; equities++) {
            Load.Plan plan = Load.plan(facts(equities, List.of()));

            assertThat(plan.canaries().stream().mapToInt(Load.Canary::perSecond).sum())
                    .as(equities + " instruments")
                    .isEqualTo(Load.ORDERS_PER_SECOND);
            assertThat(plan.canaries()).allMatch(canary -> canary.instrument() != 100);
            assertThat(plan.canaries().stream().map(Load.Canary::instrument)).doesNotHaveDuplicates();
            assertThat(plan.canaries().stream().map(Load.Canary::phase)).doesNotHaveDuplicates();
        }
        assertThat(Load.plan(facts(6, List.of())).canaries()).hasSize(5);
    }

    @Test
    void a_canary_that_runs_on_one_of_them_is_paused_and_others_are_left_alone() {
        Load.Plan plan = Load.plan(facts(
                6,
                List.of(
                        strategy("canary", "canary", 1, StrategyState.RUNNING),
                        strategy("elsewhere", "canary", 6, StrategyState.RUNNING),
                        strategy("stopped", "canary", 2, StrategyState.STOPPED),
                        strategy("sma-cross", "sma-cross", 2, StrategyState.RUNNING),
                        strategy(Load.PREFIX + "1", "canary", 1, StrategyState.RUNNING))));

        assertThat(plan.paused()).containsExactly("canary");
    }

    @Test
    void without_an_instrument_there_is_no_load() {
        assertThatThrownBy(() -> Load.plan(facts(0, List.of()))).isInstanceOf(IllegalStateException.class);
    }

    private static EventTail.Facts facts(int equities, List<Event.StrategyChanged> strategies) {
        List<Event.InstrumentDefined> instruments = new ArrayList<>();
        instruments.add(instrument(100, InstrumentKind.INDEX));
        for (int number = 1; number <= equities; number++) {
            instruments.add(instrument(number, InstrumentKind.EQUITY));
        }
        return new EventTail.Facts(1, true, "", 0, 0, "a", false, instruments, strategies);
    }

    private static Event.InstrumentDefined instrument(int number, InstrumentKind kind) {
        return new Event.InstrumentDefined(number, number, kind, 5, 1, 1_000, 0, 0, "NSE", "S" + number);
    }

    private static Event.StrategyChanged strategy(String name, String kind, int instrument, StrategyState state) {
        return new Event.StrategyChanged(state, instrument, Product.MIS, 1, name, kind, "", "", "");
    }
}
