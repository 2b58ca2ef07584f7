package dev.holdfast.protocol;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * An event as it stands in the event stream: sequence, chain hash and log time (8 bytes each, little-endian), then the
 * encoded event.
 */
public final class EventFrame {

    public static final int HEADER_LENGTH = 24;

    /** Every event fits this, and this fits a datagram of 1,408 bytes. */
    public static final int MAX_LENGTH = 1_344;

    /** The chain hash before the first event. */
    public static final long CHAIN_START = 1_125_899_906_842_597L;

    private EventFrame() {}

    public static long sequence(DirectBuffer frame, int offset) {
        return frame.getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }

    public static EventHeader header(DirectBuffer frame, int offset) {
        return new EventHeader(
                sequence(frame, offset),
                frame.getLong(offset + 8, ByteOrder.LITTLE_ENDIAN),
                frame.getLong(offset + 16, ByteOrder.LITTLE_ENDIAN));
    }

    /**
     * Completes a frame whose event already stands at {@code HEADER_LENGTH}.
     *
     * @return the new chain hash
     */
    public static long seal(
            MutableDirectBuffer frame, int eventLength, long sequence, long previousChainHash, long logTimeNanos) {
        frame.putLong(0, sequence, ByteOrder.LITTLE_ENDIAN);
        frame.putLong(16, logTimeNanos, ByteOrder.LITTLE_ENDIAN);
        long chainHash = chain(frame, 0, HEADER_LENGTH + eventLength, previousChainHash);
        frame.putLong(8, chainHash, ByteOrder.LITTLE_ENDIAN);
        return chainHash;
    }

    /** The chain hash this frame must carry after an event with the previous one. The stored hash itself is left out. */
    public static long chain(DirectBuffer frame, int offset, int length, long previousChainHash) {
        long hash = Hash.mix(previousChainHash, frame.getLong(offset, ByteOrder.LITTLE_ENDIAN));
        return Hash.bytes(hash, frame, offset + 16, length - 16);
    }
}
