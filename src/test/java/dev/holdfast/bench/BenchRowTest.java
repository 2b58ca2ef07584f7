package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class BenchRowTest {

    private final JsonMapper json = new JsonMapper();

    @Test
    void a_ratio_above_one_is_better_whatever_the_unit() {
        BenchRow twiceAsMany = BenchRow.of("x", Unit.PER_SECOND, Samples.of(200), "plain", Samples.of(100));
        BenchRow halfTheTime = BenchRow.of("x", Unit.MILLIS, Samples.of(5), "plain", Samples.of(10));

        assertThat(twiceAsMany.ratio()).isEqualTo(2);
        assertThat(halfTheTime.ratio()).isEqualTo(2);
    }

    @Test
    void a_row_in_json_has_exactly_these_fields_in_this_order() {
        BenchRow row = BenchRow.of(
                "engine", Unit.PER_SECOND, Samples.of(30_000.4, 20_000, 25_000), "echo", Samples.of(50_000));

        assertThat(json.writeValueAsString(List.of(row)))
                .isEqualTo("[{\"name\":\"engine\",\"unit\":\"1/s\",\"n\":3,\"p50\":25000.0,\"worst\":20000.0,"
                        + "\"baseline\":\"echo\",\"baselineP50\":50000.0,\"ratio\":0.5}]");
    }

    @Test
    void without_a_baseline_its_figure_and_the_ratio_are_null() {
        BenchRow row = BenchRow.of("leader killed", Unit.MILLIS, Samples.of(812.3456, 900));

        assertThat(json.writeValueAsString(row))
                .isEqualTo("{\"name\":\"leader killed\",\"unit\":\"ms\",\"n\":2,\"p50\":856.2,\"worst\":900.0,"
                        + "\"baseline\":\"\",\"baselineP50\":null,\"ratio\":null}");
    }

    @Test
    void a_row_comes_back_from_json_as_it_went() {
        BenchRow row = BenchRow.of("x", Unit.MILLIS, Samples.of(1.5), "plain", Samples.of(3));

        assertThat(json.readValue(json.writeValueAsString(row), BenchRow.class)).isEqualTo(row);
    }
}
