package dev.holdfast.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Ticks as real feeds send them and no client expects them. */
class OddTicksTest extends OnTheFloor {

    private Shown shown() {
        return Shown.of(quote(), quote().instrument.token(), faults);
    }

    private void fault(String kindAndFields) {
        faults.set(Fault.parse("{\"kind\":" + kindAndFields + "}"));
    }

    @Test
    void a_clock_may_be_a_day_ahead_or_stand_at_1970() {
        quote().refresh(Ist.nanos(market.day, market.time));
        long now = quote().exchangeNanos;

        fault("\"WRONG_CLOCK\",\"symbol\":\"INFY\",\"durationMillis\":1000");
        assertThat(shown().exchangeNanos()).isEqualTo(now + 86_400 * Ist.NANOS_PER_SECOND);

        wallNanos += 2 * Ist.NANOS_PER_SECOND;
        fault("\"WRONG_CLOCK\",\"shiftSeconds\":-2000000000");
        ByteBuffer packet = ByteBuffer.wrap(Packets.packet(shown(), Packets.Mode.FULL));
        assertThat(packet.getInt(60)).isZero();
    }

    @Test
    void a_contract_not_traded_today_has_no_price_but_bid_and_ask() {
        fault("\"NOT_TRADED_TODAY\",\"symbol\":\"INFY\"");

        assertThat(shown().lastPaise()).isZero();
        assertThat(shown().volume()).isZero();
        assertThat(shown().bids()[0].pricePaise()).isPositive();
        assertThat(shown().closePaise()).isEqualTo(150_000);
    }

    @Test
    void a_pre_open_price_lies_outside_the_days_range() {
        fault("\"PRE_OPEN\",\"symbol\":\"INFY\"");

        assertThat(shown().lastPaise()).isEqualTo(153_000);
        assertThat(shown().highPaise()).isEqualTo(150_000);
    }

    @Test
    void a_volume_may_pass_31_bits() {
        fault("\"HUGE_VOLUME\",\"symbol\":\"INFY\"");

        ByteBuffer packet = ByteBuffer.wrap(Packets.packet(shown(), Packets.Mode.QUOTE));
        assertThat(Integer.toUnsignedLong(packet.getInt(16))).isEqualTo(3_000_000_010L);
    }

    @Test
    void another_instruments_ticks_are_as_they_were() {
        fault("\"NOT_TRADED_TODAY\",\"symbol\":\"ITC\"");

        assertThat(shown()).isEqualTo(Shown.of(quote(), quote().instrument.token()));
    }

    @Test
    void a_token_that_was_given_to_another_contract_stands_for_that_one() {
        Tokens tokens = new Tokens(floor, faults);
        Quote nifty = java.util.Objects.requireNonNull(floor.quotes().get("NIFTY 50"));
        assertThat(tokens.quote(408065)).isSameAs(quote());

        fault("\"TOKEN_REUSED\",\"symbol\":\"INFY\",\"otherSymbol\":\"NIFTY 50\"");

        assertThat(tokens.quote(408065)).isSameAs(nifty);
        assertThat(tokens.token(quote())).isEqualTo(256265);
        assertThat(tokens.quote(1)).isNull();
    }
}
