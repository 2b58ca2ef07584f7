package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

    private static final List<FaultKind> ALL = List.of(FaultKind.values());

    @Test
    void the_same_seed_gives_the_same_plan() {
        assertThat(steps(new FaultPlan(42, ALL), 300)).isEqualTo(steps(new FaultPlan(42, ALL), 300));
    }

    @Test
    void another_seed_gives_another_plan() {
        assertThat(steps(new FaultPlan(42, ALL), 20)).isNotEqualTo(steps(new FaultPlan(43, ALL), 20));
    }

    @Test
    void every_kind_comes_in_every_round() {
        FaultPlan plan = new FaultPlan(7, ALL);

        for (int round = 0; round < 10; round++) {
            assertThat(steps(plan, ALL.size()).stream().map(FaultPlan.Step::kind))
                    .containsExactlyInAnyOrderElementsOf(EnumSet.allOf(FaultKind.class));
        }
    }

    @Test
    void freezes_are_shorter_than_a_lease_and_longer_and_some_faults_overlap_but_not_the_first() {
        List<FaultPlan.Step> steps = steps(new FaultPlan(1, ALL), 400);

        assertThat(steps).anyMatch(step -> step.lengthMillis() < 600).anyMatch(step -> step.lengthMillis() > 2_300);
        assertThat(steps).allMatch(step -> step.lengthMillis() < 4_000);
        assertThat(steps).anyMatch(FaultPlan.Step::overlaps);
        for (long seed = 0; seed < 200; seed++) {
            assertThat(new FaultPlan(seed, ALL).next().overlaps())
                    .as("seed " + seed)
                    .isFalse();
        }
    }

    @Test
    void a_plan_of_nothing_is_refused() {
        assertThatThrownBy(() -> new FaultPlan(1, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<FaultPlan.Step> steps(FaultPlan plan, int count) {
        List<FaultPlan.Step> steps = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            steps.add(plan.next());
        }
        return steps;
    }
}
