package dev.holdfast.marketdata.kite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.marketdata.MalformedTick;
import dev.holdfast.marketdata.MalformedTick.Kind;
import dev.holdfast.marketdata.Tick;
import dev.holdfast.marketdata.TickSink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KitePacketParserTest {

    private static final int INFY = 408_065; // segment 1
    private static final int NIFTY = 256_265; // segment 9
    private static final long TIME = 1_546_573_596L;

    /** A full packet as it stands on the wire: two levels of depth filled, the others empty. */
    private static final String GOLDEN_FULL = "00063a01" + "0001e1d5" + "0000000a" + "0001e208" + "00012d68"
            + "00000064" + "000000c8" + "0001e0f4" + "0001e33a" + "0001dffa" + "0001e0aa"
            + "5c2ed71b" + "00000000".repeat(3) + "5c2ed71c"
            + "00000032" + "0001e1d0" + "0003" + "0000" + "00".repeat(48)
            + "0000003c" + "0001e1da" + "0004" + "0000" + "00".repeat(48);

    private static final Tick FULL_TICK = new Tick(
            INFY,
            123_349,
            10,
            77_160,
            123_124,
            123_706,
            122_874,
            123_050,
            123_344,
            50,
            123_354,
            60,
            TIME * 1_000_000_000L);

    @Test
    void a_golden_full_packet_reads_as_its_tick_and_the_tick_writes_as_the_packet() {
        byte[] golden = HexFormat.of().parseHex(GOLDEN_FULL);

        assertThat(golden).hasSize(184);
        assertThat(parse(golden)).isEqualTo(FULL_TICK);
        assertThat(parse(KitePackets.full(FULL_TICK))).isEqualTo(FULL_TICK);
        assertThat(KitePackets.full(FULL_TICK)).startsWith(HexFormat.of().parseHex(GOLDEN_FULL.substring(0, 24)));
    }

    @Test
    void shorter_packets_tell_less() {
        byte[] full = KitePackets.full(FULL_TICK);

        assertThat(parse(head(full, 44)))
                .isEqualTo(new Tick(INFY, 123_349, 10, 77_160, 123_124, 123_706, 122_874, 123_050, 0, 0, 0, 0, 0));
        assertThat(parse(head(full, 8))).isEqualTo(new Tick(INFY, 123_349, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void an_index_has_its_own_layout() {
        byte[] golden = HexFormat.of()
                .parseHex("0003e909" + "00107ac0" + "00108000" + "00107000" + "00107500" + "00107600" + "00000000"
                        + "5c2ed71c");

        Tick tick = parse(golden);

        assertThat(tick)
                .isEqualTo(new Tick(
                        NIFTY,
                        0x107ac0,
                        0,
                        0,
                        0x107500,
                        0x108000,
                        0x107000,
                        0x107600,
                        0,
                        0,
                        0,
                        0,
                        TIME * 1_000_000_000L));
        assertThat(parse(head(golden, 28)).exchangeTimeNanos()).isZero();
    }

    @Test
    void currency_segments_have_other_divisors() {
        assertThat(parse(ltp(0x103, 823_450_000)).lastPricePaise()).isEqualTo(8_235); // 82.345 rupees, half up
        assertThat(parse(ltp(0x106, 823_450)).lastPricePaise()).isEqualTo(8_235);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 9, 27, 29, 43, 45, 183, 185, 500})
    void a_packet_of_unknown_length_is_dropped_and_the_next_one_read(int length) {
        Recorder recorder = new Recorder();

        KitePacketParser.readFrame(frame(new byte[length], KitePackets.full(FULL_TICK)), recorder);

        assertThat(recorder.ticks).containsExactly(FULL_TICK);
        assertThat(recorder.dropped).containsExactly(Kind.UNKNOWN_LENGTH);
    }

    @Test
    void an_index_token_in_an_equitys_packet_is_dropped() {
        byte[] packet = KitePackets.full(FULL_TICK);
        ByteBuffer.wrap(packet).putInt(0, NIFTY);

        assertThatThrownBy(() -> parse(packet)).isInstanceOf(MalformedTick.class);
    }

    @Test
    void impossible_prices_are_dropped() {
        assertThatThrownBy(() -> parse(ltp(INFY, 0))).isInstanceOf(MalformedTick.class);
        assertThatThrownBy(() -> parse(with(32, 1))).isInstanceOf(MalformedTick.class); // high under low
        assertThatThrownBy(() -> parse(with(36, 0))).isInstanceOf(MalformedTick.class); // high but no low
    }

    @Test
    void before_the_opening_a_last_price_outside_the_days_range_is_real() {
        assertThat(parse(with(4, 99_999_999)).lastPricePaise()).isEqualTo(99_999_999);
        assertThat(parse(with(4, 1)).lastPricePaise()).isEqualTo(1);
    }

    @Test
    void a_contract_without_a_trade_today_is_told_from_nonsense() {
        assertThatThrownBy(() -> parse(with(4, 0)))
                .isInstanceOfSatisfying(
                        MalformedTick.class,
                        dropped -> assertThat(dropped.kind()).isEqualTo(Kind.NOT_TRADED_TODAY));
        assertThatThrownBy(() -> parse(ltp(INFY, 0)))
                .isInstanceOfSatisfying(
                        MalformedTick.class,
                        dropped -> assertThat(dropped.kind()).isEqualTo(Kind.IMPOSSIBLE));
    }

    @Test
    void before_the_first_trade_of_the_day_there_is_no_range() {
        byte[] packet = with(32, 0);
        ByteBuffer.wrap(packet).putInt(36, 0);

        assertThat(parse(packet).lastPricePaise()).isEqualTo(123_349);
    }

    @Test
    void a_truncated_frame_gives_the_ticks_before_the_cut() {
        ByteBuffer whole = frame(KitePackets.full(FULL_TICK), KitePackets.full(FULL_TICK));
        for (int cut = 2; cut < whole.limit(); cut++) {
            Recorder recorder = new Recorder();

            KitePacketParser.readFrame(whole.duplicate().limit(cut), recorder);

            assertThat(recorder.ticks).as("cut at %d", cut).hasSize(cut >= 188 ? 1 : 0);
            assertThat(recorder.dropped).as("cut at %d", cut).containsExactly(Kind.TRUNCATED);
        }
    }

    @Test
    void the_heartbeat_is_no_frame() {
        Recorder recorder = new Recorder();

        KitePacketParser.readFrame(ByteBuffer.wrap(new byte[] {0}), recorder);
        KitePacketParser.readFrame(ByteBuffer.allocate(0), recorder);

        assertThat(recorder.ticks).isEmpty();
        assertThat(recorder.dropped).isEmpty();
    }

    @Test
    void hostile_bytes_are_counted_and_never_throw() {
        long seed = Long.getLong("seed", 20_261_122);
        SplittableRandom random = new SplittableRandom(seed);
        int[] lengths = {8, 28, 32, 44, 184};
        for (int round = 0; round < 50_000; round++) {
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            if (bytes.length > 4 && random.nextBoolean()) {
                ByteBuffer.wrap(bytes).putShort(0, (short) random.nextInt(3)).putShort(2, (short)
                        lengths[random.nextInt(lengths.length)]);
            }
            Recorder recorder = new Recorder();
            try {
                KitePacketParser.readFrame(ByteBuffer.wrap(bytes), recorder);
            } catch (RuntimeException thrown) {
                throw new AssertionError("seed " + seed + " round " + round, thrown);
            }
            assertThat(recorder.ticks).allMatch(tick -> tick.lastPricePaise() > 0);
        }
    }

    private static Tick parse(byte[] packet) {
        return KitePacketParser.parse(ByteBuffer.wrap(packet), 0, packet.length);
    }

    private static byte[] with(int at, int value) {
        byte[] packet = KitePackets.full(FULL_TICK);
        ByteBuffer.wrap(packet).putInt(at, value);
        return packet;
    }

    private static byte[] ltp(int token, int price) {
        return ByteBuffer.allocate(8).putInt(token).putInt(price).array();
    }

    private static byte[] head(byte[] packet, int length) {
        return java.util.Arrays.copyOf(packet, length);
    }

    private static ByteBuffer frame(byte[]... packets) {
        return KitePackets.frame(packets);
    }

    private static final class Recorder implements TickSink {
        private final List<Tick> ticks = new ArrayList<>();
        private final List<Kind> dropped = new ArrayList<>();

        @Override
        public void connected() {}

        @Override
        public void disconnected(String reason) {}

        @Override
        public void raw(ByteBuffer frame) {}

        @Override
        public void tick(Tick tick) {
            ticks.add(tick);
        }

        @Override
        public void dropped(Kind kind, long token) {
            dropped.add(kind);
        }

        @Override
        public void orderChanged(String brokerOrderId) {}

        @Override
        public void tokenRefused() {}
    }
}
