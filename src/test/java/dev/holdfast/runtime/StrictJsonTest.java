package dev.holdfast.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.types.Side;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictJsonTest {

    record Wish(Side side, int quantity, long price, boolean now, String why) {
        Wish {
            if (quantity == 13) {
                throw new IllegalArgumentException("quantity is 13, expected a luckier one");
            }
        }
    }

    record Part(@Nullable String kind, @Nullable Integer count) {}

    private static final String GOOD =
            "{\"side\": \"BUY\", \"quantity\": 1, \"price\": 2, \"now\": true, \"why\": \"because\"}";

    @Test
    void what_fits_is_read() {
        assertThat(StrictJson.read(GOOD, Wish.class)).isEqualTo(new Wish(Side.BUY, 1, 2, true, "because"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"quantity\": 1 | \"quantity\": 1.5 | 'quantity' is not a whole number without quotes that fits",
                "\"quantity\": 1 | \"quantity\": 1.0 | 'quantity' is not a whole number without quotes that fits",
                "\"quantity\": 1 | \"quantity\": 1e0 | 'quantity' is not a whole number without quotes that fits",
                "\"quantity\": 1 | \"quantity\": \"1\" | 'quantity' is not a whole number without quotes that fits",
                "\"quantity\": 1 | \"quantity\": \"\" | 'quantity' is not a whole number without quotes that fits",
                "\"quantity\": 1 | \"quantity\": true | 'quantity' is not a whole number without quotes that fits",
                "\"quantity\": 1 | \"quantity\": [1] | 'quantity' is not a whole number without quotes that fits",
                "\"quantity\": 1 | \"quantity\": null | 'quantity' is not a whole number without quotes that fits",
                "\"quantity\": 1 | \"quantity\": 4294967297 | 'quantity' is not a whole number without quotes that fits",
                "\"price\": 2 | \"price\": 2.9 | 'price' is not a whole number without quotes that fits",
                "\"price\": 2 | \"price\": 99999999999999999999 | 'price' is not a whole number without quotes that fits",
                "\"side\": \"BUY\" | \"side\": 1 | 'side' is not one of [BUY, SELL] in quotes",
                "\"side\": \"BUY\" | \"side\": \"1\" | 'side' is not one of [BUY, SELL] in quotes",
                "\"side\": \"BUY\" | \"side\": \"buy\" | 'side' is not one of [BUY, SELL] in quotes",
                "\"side\": \"BUY\" | \"side\": \"\" | 'side' is not one of [BUY, SELL] in quotes",
                "\"now\": true | \"now\": \"true\" | 'now' is not true or false without quotes",
                "\"now\": true | \"now\": 1 | 'now' is not true or false without quotes",
                "\"why\": \"because\" | \"why\": 5 | 'why' is not a text in quotes",
                "\"why\": \"because\" | \"why\": true | 'why' is not a text in quotes",
                "\"why\": \"because\" | \"why\": [\"because\"] | 'why' is not a text in quotes",
                "\"quantity\": 1 | \"quantity\": 13 | quantity is 13, expected a luckier one",
                "\"now\": true | \"now\": true, \"extra\": 1 | the key 'extra' is unknown here",
                "\"now\": true | \"now\": true, \"quantity\": 7 | Duplicate Object property \"quantity\"",
                "\"now\": true, | `` | 'now' is missing"
            })
    void nothing_is_guessed(String good, @Nullable String bad, String message) {
        String document = GOOD.replace(good, bad == null ? "" : bad);

        assertThatThrownBy(() -> StrictJson.read(document, Wish.class))
                .isInstanceOf(StrictJson.BadInput.class)
                .hasMessageContaining(message)
                .message()
                .doesNotContain("dev.holdfast");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"null", "[]", "5", "{", "{}", "''", "{\"side\": \"BUY\",}", "// a comment"})
    void what_is_no_such_object_is_refused(String document) {
        assertThatThrownBy(() -> StrictJson.read(document, Wish.class))
                .isInstanceOf(StrictJson.BadInput.class)
                .message()
                .doesNotContain("dev.holdfast");
        assertThatThrownBy(() -> StrictJson.read(GOOD + " " + GOOD, Wish.class))
                .isInstanceOf(StrictJson.BadInput.class);
    }

    @Test
    void a_partial_document_may_leave_out_keys_and_nothing_else() {
        assertThat(StrictJson.readPartial("{\"kind\": \"LATENCY\"}", Part.class))
                .isEqualTo(new Part("LATENCY", null));
        assertThatThrownBy(() -> StrictJson.readPartial("{\"count\": 1.5}", Part.class))
                .hasMessage("'count' is not a whole number without quotes that fits");
        assertThatThrownBy(() -> StrictJson.readPartial("{\"cuont\": 1}", Part.class))
                .hasMessageContaining("unknown");
        assertThatThrownBy(() -> StrictJson.readPartial("null", Part.class)).hasMessageContaining("null");
    }
}
