package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void the_median_is_the_middle_one_or_the_mean_of_the_two_in_the_middle() {
        assertThat(Samples.of(3, 1, 2).p50()).isEqualTo(2);
        assertThat(Samples.of(4, 1, 3, 2).p50()).isEqualTo(2.5);
        assertThat(Samples.of(7).p50()).isEqualTo(7);
    }

    @Test
    void a_percentile_is_a_sample_that_this_share_does_not_exceed() {
        double[] hundred = new double[100];
        for (int i = 0; i < hundred.length; i++) {
            hundred[i] = 100 - i;
        }

        assertThat(Samples.of(hundred).percentile(0.99)).isEqualTo(99);
        assertThat(Samples.of(hundred).percentile(1)).isEqualTo(100);
        assertThat(Samples.of(hundred).percentile(0.001)).isEqualTo(1);
        assertThatThrownBy(() -> Samples.of(1).percentile(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Samples.of(1).percentile(99)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_worst_rate_is_the_least_and_the_worst_time_the_most() {
        assertThat(Samples.of(3, 1, 2).worst(Unit.PER_SECOND)).isEqualTo(1);
        assertThat(Samples.of(3, 1, 2).worst(Unit.MILLIS)).isEqualTo(3);
    }

    @Test
    void nothing_and_nonsense_are_no_measurement() {
        assertThatThrownBy(Samples::of).hasMessageContaining("nothing was measured");
        assertThatThrownBy(() -> Samples.of(1, Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> Samples.of(-1)).hasMessageContaining("-1");
    }
}
