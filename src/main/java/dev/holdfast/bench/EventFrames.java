package dev.holdfast.bench;

import java.util.Arrays;
import java.util.BitSet;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Sealed events one behind the other, as a recording holds them; sequences from 1. Read by others once it is complete. */
final class EventFrames {

    private static final int MAX_BYTES = 512 << 20;

    private byte[] bytes = new byte[1 << 20];
    private int[] ends = new int[1 << 12];
    private final BitSet digests = new BitSet();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private int count;

    void append(DirectBuffer frame, int length, boolean digest) {
        int start = start(count + 1L);
        if (start + length > bytes.length) {
            if (bytes.length >= MAX_BYTES) {
                throw new BenchFailure("the events take more than " + MAX_BYTES + " bytes; ask for fewer orders");
            }
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, ends.length * 2);
        }
        frame.getBytes(0, bytes, start, length);
        ends[count] = start + length;
        digests.set(count + 1, digest);
        count++;
    }

    long last() {
        return count;
    }

    /** The first digest after this event, or the last event. */
    long digestAfter(long sequence) {
        int next = digests.nextSetBit((int) sequence + 1);
        return next < 0 ? count : next;
    }

    /** The bytes of all; a frame lies from its start to its end. */
    DirectBuffer buffer() {
        view.wrap(bytes);
        return view;
    }

    int start(long sequence) {
        return sequence == 1 ? 0 : ends[(int) sequence - 2];
    }

    int end(long sequence) {
        return ends[(int) sequence - 1];
    }
}
