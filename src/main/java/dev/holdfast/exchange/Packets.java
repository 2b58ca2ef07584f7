package dev.holdfast.exchange;

import java.nio.ByteBuffer;
import java.util.List;

/** The ticker's binary packets, big-endian (Kite Connect v3, WebSocket, "packet structure"). */
final class Packets {

    static final int LTP_BYTES = 8;
    static final int INDEX_QUOTE_BYTES = 28;
    static final int INDEX_FULL_BYTES = 32;
    static final int QUOTE_BYTES = 44;
    static final int FULL_BYTES = 184;
    static final byte[] HEARTBEAT = {0};

    /** A frame counts its packets in 16 bits. */
    static final int MAX_PACKETS = 3_000;

    private Packets() {}

    enum Mode {
        LTP,
        QUOTE,
        FULL
    }

    static byte[] packet(Shown shown, Mode mode) {
        return shown.index() ? index(shown, mode) : equity(shown, mode);
    }

    /** The packets, each behind its length, behind their count. */
    static ByteBuffer frame(List<byte[]> packets) {
        int length = 2 + packets.stream().mapToInt(packet -> 2 + packet.length).sum();
        ByteBuffer frame = ByteBuffer.allocate(length).putShort((short) packets.size());
        for (byte[] packet : packets) {
            frame.putShort((short) packet.length).put(packet);
        }
        return frame.flip();
    }

    private static byte[] index(Shown shown, Mode mode) {
        int length = switch (mode) {
            case LTP -> LTP_BYTES;
            case QUOTE -> INDEX_QUOTE_BYTES;
            case FULL -> INDEX_FULL_BYTES;
        };
        ByteBuffer packet = ByteBuffer.allocate(length);
        u32(packet, shown.token());
        u32(packet, shown.lastPaise());
        if (mode != Mode.LTP) {
            u32(packet, shown.highPaise());
            u32(packet, shown.lowPaise());
            u32(packet, shown.openPaise());
            u32(packet, shown.closePaise());
            packet.putInt((int) (shown.lastPaise() - shown.closePaise()));
        }
        if (mode == Mode.FULL) {
            time(packet, shown.exchangeNanos());
        }
        return packet.array();
    }

    private static byte[] equity(Shown shown, Mode mode) {
        int length = switch (mode) {
            case LTP -> LTP_BYTES;
            case QUOTE -> QUOTE_BYTES;
            case FULL -> FULL_BYTES;
        };
        ByteBuffer packet = ByteBuffer.allocate(length);
        u32(packet, shown.token());
        u32(packet, shown.lastPaise());
        if (mode != Mode.LTP) {
            u32(packet, shown.lastQuantity());
            u32(packet, shown.averagePaise());
            u32(packet, shown.volume());
            u32(packet, total(shown.bids()));
            u32(packet, total(shown.asks()));
            u32(packet, shown.openPaise());
            u32(packet, shown.highPaise());
            u32(packet, shown.lowPaise());
            u32(packet, shown.closePaise());
        }
        if (mode == Mode.FULL) {
            time(packet, shown.lastTradeNanos());
            packet.putInt(0).putInt(0).putInt(0); // open interest and its day's range: equities have none
            time(packet, shown.exchangeNanos());
            levels(packet, shown.bids());
            levels(packet, shown.asks());
        }
        return packet.array();
    }

    private static void levels(ByteBuffer packet, Quote.Level[] levels) {
        for (Quote.Level level : levels) {
            u32(packet, level.quantity());
            u32(packet, level.pricePaise());
            packet.putShort((short) level.orders()).putShort((short) 0);
        }
    }

    static long total(Quote.Level[] levels) {
        long total = 0;
        for (Quote.Level level : levels) {
            total += level.quantity();
        }
        return total;
    }

    /** The wire has 32 bits; what does not fit (a day's volume of a very busy stock) stays at the most it can say. */
    private static void u32(ByteBuffer packet, long value) {
        packet.putInt((int) Math.clamp(value, 0, 0xFFFF_FFFFL));
    }

    private static void time(ByteBuffer packet, long epochNanos) {
        u32(packet, epochNanos / Ist.NANOS_PER_SECOND);
    }
}
