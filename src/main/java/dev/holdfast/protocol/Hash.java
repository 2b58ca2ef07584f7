package dev.holdfast.protocol;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** The 64-bit hash of chains, states and row digests. It finds accidents, not attackers. */
public final class Hash {

    public static final long START = 0xCBF2_9CE4_8422_2325L;

    private Hash() {}

    public static long mix(long hash, long value) {
        long mixed = (hash ^ value) * 0x9E37_79B9_7F4A_7C15L;
        return mixed ^ (mixed >>> 29);
    }

    public static long bytes(long hash, DirectBuffer buffer, int offset, int length) {
        long mixed = mix(hash, length);
        int end = offset + length;
        int at = offset;
        for (; at + 8 <= end; at += 8) {
            mixed = mix(mixed, buffer.getLong(at, ByteOrder.LITTLE_ENDIAN));
        }
        long rest = 0;
        for (; at < end; at++) {
            rest = (rest << 8) | (buffer.getByte(at) & 0xFF);
        }
        return mix(mixed, rest);
    }

    public static long text(long hash, String value) {
        long mixed = mix(hash, value.length());
        for (int i = 0; i < value.length(); i++) {
            mixed = mix(mixed, value.charAt(i));
        }
        return mixed;
    }
}
