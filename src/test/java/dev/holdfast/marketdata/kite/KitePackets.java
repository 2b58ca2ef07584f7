package dev.holdfast.marketdata.kite;

import dev.holdfast.marketdata.Tick;
import java.nio.ByteBuffer;

/** Writes ticks as the Kite ticker does. */
public final class KitePackets {

    private KitePackets() {}

    /** A full packet of an equity, one level of depth on each side. */
    public static byte[] full(Tick tick) {
        ByteBuffer packet = ByteBuffer.allocate(184);
        packet.putInt(0, (int) tick.token())
                .putInt(4, (int) tick.lastPricePaise())
                .putInt(8, (int) tick.lastQuantity())
                .putInt(16, (int) tick.volume())
                .putInt(28, (int) tick.dayOpenPaise())
                .putInt(32, (int) tick.dayHighPaise())
                .putInt(36, (int) tick.dayLowPaise())
                .putInt(40, (int) tick.previousClosePaise())
                .putInt(60, (int) (tick.exchangeTimeNanos() / 1_000_000_000L))
                .putInt(64, (int) tick.bidQuantity())
                .putInt(68, (int) tick.bidPaise())
                .putInt(124, (int) tick.askQuantity())
                .putInt(128, (int) tick.askPaise());
        return packet.array();
    }

    public static ByteBuffer frame(byte[]... packets) {
        int length = 2;
        for (byte[] packet : packets) {
            length += 2 + packet.length;
        }
        ByteBuffer frame = ByteBuffer.allocate(length).putShort((short) packets.length);
        for (byte[] packet : packets) {
            frame.putShort((short) packet.length).put(packet);
        }
        return frame.flip();
    }
}
