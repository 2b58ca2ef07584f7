package dev.holdfast.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.types.InstrumentKind;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketsTest {

    private static final HexFormat HEX = HexFormat.of();

    private final Quote infy = quote(new Instrument("INFY", "INFOSYS", 408065, InstrumentKind.EQUITY, 5));
    private final Quote nifty = quote(new Instrument("NIFTY 50", "NIFTY 50", 256265, InstrumentKind.INDEX, 5));

    private static Quote quote(Instrument instrument) {
        Quote quote = new Quote(instrument);
        quote.apply(new Tick.Traded(instrument, 1_700_000_000_000_000_000L, 150_000, 10));
        quote.apply(new Tick.Traded(instrument, 1_700_000_001_000_000_000L, 150_010, 30));
        for (int i = 0; i < Quote.LEVELS; i++) {
            quote.bids[i] = new Quote.Level(150_005 - 5 * i, 100 + i, 1 + i);
            quote.asks[i] = new Quote.Level(150_010 + 5 * i, 200 + i, 11 + i);
        }
        return quote;
    }

    @Test
    void ltp_is_token_and_price() {
        assertThat(hex(infy, Packets.Mode.LTP)).isEqualTo("00063a01" + "000249fa");
    }

    @Test
    void an_index_quote_has_28_bytes_and_a_full_one_its_time() {
        String quote = "0003e909" + "000249fa" + "000249fa" + "000249f0" + "000249f0" + "000249f0" + "0000000a";

        assertThat(hex(nifty, Packets.Mode.QUOTE)).isEqualTo(quote);
        assertThat(hex(nifty, Packets.Mode.FULL)).isEqualTo(quote + "6553f101");
    }

    @Test
    void a_quote_has_the_day_in_44_bytes() {
        assertThat(hex(infy, Packets.Mode.QUOTE))
                .isEqualTo("00063a01" + "000249fa" + "0000001e" + "000249f7" + "00000028" + "000001fe" + "000003f2"
                        + "000249f0" + "000249fa" + "000249f0" + "000249f0");
    }

    @Test
    void a_full_packet_adds_times_and_depth() {
        String full = hex(infy, Packets.Mode.FULL);

        assertThat(full).hasSize(2 * Packets.FULL_BYTES).startsWith(hex(infy, Packets.Mode.QUOTE));
        assertThat(full.substring(88, 128)).isEqualTo("6553f101" + "00000000".repeat(3) + "6553f101");
        assertThat(full.substring(128, 152)).isEqualTo("00000064" + "000249f5" + "0001" + "0000");
        assertThat(full.substring(248, 272)).isEqualTo("000000c8" + "000249fa" + "000b" + "0000");
    }

    @Test
    void a_frame_counts_packets_and_says_each_length() {
        ByteBuffer frame = Packets.frame(List.of(new byte[] {1, 2}, new byte[] {3}));
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);

        assertThat(HEX.formatHex(bytes)).isEqualTo("0002" + "0002" + "0102" + "0001" + "03");
    }

    @Test
    void a_volume_beyond_32_bits_stays_at_the_most() {
        infy.volume = 5_000_000_000L;

        assertThat(hex(infy, Packets.Mode.QUOTE).substring(32, 40)).isEqualTo("ffffffff");
    }

    private static String hex(Quote quote, Packets.Mode mode) {
        return HEX.formatHex(Packets.packet(Shown.of(quote, quote.instrument.token()), mode));
    }
}
