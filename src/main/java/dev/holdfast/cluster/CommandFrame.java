package dev.holdfast.cluster;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A command as it enters the log: client and correlation id (8 bytes each, little-endian), then the encoded command. */
public final class CommandFrame {

    public static final int HEADER_LENGTH = 16;

    /** Every encoded command fits this. */
    public static final int MAX_LENGTH = 2_048;

    /** Of a command that is neither numbered nor answered. */
    public static final long UNNUMBERED = 0;

    private CommandFrame() {}

    public static void putHeader(MutableDirectBuffer frame, long clientId, long correlationId) {
        frame.putLong(0, clientId, ByteOrder.LITTLE_ENDIAN);
        frame.putLong(8, correlationId, ByteOrder.LITTLE_ENDIAN);
    }

    public static long clientId(DirectBuffer frame, int offset) {
        return frame.getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }

    public static long correlationId(DirectBuffer frame, int offset) {
        return frame.getLong(offset + 8, ByteOrder.LITTLE_ENDIAN);
    }
}
