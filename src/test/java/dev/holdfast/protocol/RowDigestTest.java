package dev.holdfast.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class RowDigestTest {

    @Test
    void each_trade_hashes_differently_and_always_the_same() {
        Event.TradeBooked trade = trade("T1", "canary");

        assertThat(RowDigest.trade(trade)).isEqualTo(RowDigest.trade(trade("T1", "canary")));
        assertThat(RowDigest.trade(trade)).isNotEqualTo(RowDigest.trade(trade("T2", "canary")));
        assertThat(RowDigest.trade(trade)).isNotEqualTo(RowDigest.trade(trade("T1", "")));
    }

    @Test
    void a_text_cut_by_the_wire_hashes_as_the_whole_one_does() {
        String longText = "é".repeat(300);
        String carried = RowDigest.storable(longText);

        assertThat(carried.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(200);
        assertThat(RowDigest.trade(trade("T1", carried))).isEqualTo(RowDigest.trade(trade("T1", longText)));
    }

    @Test
    void what_a_row_cannot_hold_becomes_a_question_mark() {
        assertThat(RowDigest.storable("a\0b\uD800c")).isEqualTo("a?b?c");
        assertThat(RowDigest.storable("rupee \u20B9 \uD83D\uDE00")).isEqualTo("rupee \u20B9 \uD83D\uDE00");
    }

    private static Event.TradeBooked trade(String tradeId, String strategy) {
        return new Event.TradeBooked(20_779, 7, 1, Side.BUY, Product.MIS, 5, 10_050, 1L, tradeId, "B7", strategy);
    }
}
