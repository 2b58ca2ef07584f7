package dev.holdfast.broker.kite;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KitePostbackTest {

    private final List<String> hints = new ArrayList<>();
    private final KitePostback postback = new KitePostback("secret", hints::add, new SimpleMeterRegistry());

    @Test
    void a_genuine_one_is_a_hint_however_often_it_comes() {
        String body = body(Checksum.sha256Hex("152021-05-31 09:18:57secret"));

        assertThat(postback.offer(body)).isTrue();
        assertThat(postback.offer(body)).isTrue();

        assertThat(hints).containsExactly("15", "15");
    }

    @Test
    void a_forged_or_broken_one_is_refused() {
        assertThat(postback.offer(body("00"))).isFalse();
        assertThat(postback.offer(body(""))).isFalse();
        assertThat(postback.offer("{}")).isFalse();
        assertThat(postback.offer("not json")).isFalse();
        assertThat(hints).isEmpty();
    }

    private static String body(String checksum) {
        return "{\"order_id\":\"15\",\"order_timestamp\":\"2021-05-31 09:18:57\",\"checksum\":\"" + checksum + "\"}";
    }
}
