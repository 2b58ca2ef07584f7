package dev.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.types.OrderState;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A thousand worlds; {@code -Dseed=} runs one of them. */
final class SimulationTest {

    private static final long FIRST_SEED = 1;
    private static final long SEEDS = 1_000;
    private static final int SIDE_BY_SIDE = 2;

    @BeforeAll
    static void quiet() {
        Quiet.logs();
    }

    @AfterAll
    static void loud() {
        Quiet.loud();
    }

    @Test
    void every_invariant_holds_in_every_world() throws InterruptedException {
        Long only = Long.getLong("seed");
        Campaign.Result result = only == null
                ? new Campaign(FIRST_SEED, SEEDS, SIDE_BY_SIDE, _ -> {}).run()
                : new Campaign(only, 1, 1, _ -> {}).run();

        System.out.println("seeds " + result.from() + " to " + (result.from() + result.seeds() - 1) + ": "
                + result.intents() + " intents, " + result.held() + " held, faults " + result.faults());
        assertThat(result.failures())
                .as(result.failures().stream().map(SeedResult::explanation).collect(Collectors.joining("\n\n")))
                .isEmpty();
        assertThat(result.clean()).isEqualTo(result.seeds());
        assertThat(result.intents()).isGreaterThanOrEqualTo(Simulation.LEAST_INTENTS * result.seeds());
        assertThat(result.faultCount()).isGreaterThanOrEqualTo(Simulation.LEAST_FAULTS * result.seeds());
    }

    @Test
    void a_seed_repeats_every_step() throws InterruptedException {
        SeedResult first = run(77);
        SeedResult again = run(77);

        assertThat(again).isEqualTo(first);
    }

    /** A world in which nothing rare happens proves nothing about it. */
    @Test
    void every_kind_of_fault_and_every_state_of_an_order_comes_up() throws InterruptedException {
        Campaign.Result result = new Campaign(5_000, 300, SIDE_BY_SIDE, _ -> {}).run();

        assertThat(result.faults()).containsOnlyKeys(Faults.KINDS);
        assertThat(result.happened())
                .containsKeys(Arrays.stream(OrderState.values())
                        .filter(state -> state != OrderState.WISHED)
                        .map(OrderState::name)
                        .toArray(String[]::new))
                .containsKeys("right to send moved", "order appeared late", "command quarantined", "strategy failed");
    }

    private static SeedResult run(long seed) throws InterruptedException {
        AtomicReference<SeedResult> result = new AtomicReference<>();
        new Campaign(seed, 1, 1, result::set).run();
        return result.get();
    }
}
