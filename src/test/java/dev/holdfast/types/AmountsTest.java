package dev.holdfast.types;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AmountsTest {

    @Test
    void rupees_are_grouped_as_in_india() {
        assertThat(Amounts.rupees(0)).isEqualTo("₹0.00");
        assertThat(Amounts.rupees(5)).isEqualTo("₹0.05");
        assertThat(Amounts.rupees(99_999)).isEqualTo("₹999.99");
        assertThat(Amounts.rupees(351_930)).isEqualTo("₹3,519.30");
        assertThat(Amounts.rupees(12_345_678)).isEqualTo("₹1,23,456.78");
        assertThat(Amounts.rupees(1_234_567_890_12L)).isEqualTo("₹1,23,45,67,890.12");
        assertThat(Amounts.rupees(-351_930)).isEqualTo("-₹3,519.30");
        assertThat(Amounts.rupees(Long.MIN_VALUE)).isEqualTo("-₹92,23,37,20,36,85,47,758.08");
    }

    @Test
    void per_cent_has_no_needless_zeros() {
        assertThat(Amounts.percent(500)).isEqualTo("5 %");
        assertThat(Amounts.percent(25)).isEqualTo("0.25 %");
        assertThat(Amounts.percent(10_000)).isEqualTo("100 %");
        assertThat(Amounts.percentOf(51_930, 351_930)).isEqualTo("14.8 %");
        assertThat(Amounts.percentOf(351_930, 351_930)).isEqualTo("100 %");
    }
}
