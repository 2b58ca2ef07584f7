package dev.holdfast.bench;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Frames as the Kite ticker sends them: a count, then packets behind their lengths, big-endian; every instrument in turn. */
final class KiteFrames {

    static final int QUOTE_BYTES = 44;
    static final int FULL_BYTES = 184;

    /** A full subscription of one connection is 3,000; a busy second of NSE changes some hundreds. */
    private static final int INSTRUMENTS = 500;

    private static final int PACKETS_A_FRAME = 50;
    private static final int FRAMES = 40;
    private static final long SEED = 42;
    private static final int SEGMENT_NSE = 1;
    private static final int FIRST_SECOND = 1_790_000_000;
    private static final int PRICE_PAISE = 150_000;
    private static final int PRICE_RANGE_PAISE = 5_000;
    private static final int DEPTH_BIDS = 64;
    private static final int DEPTH_ASKS = 124;
    private static final int DEPTH_LEVEL_BYTES = 12;
    private static final int DEPTH_LEVELS = 5;

    private final int packetBytes;
    private final ByteBuffer[] frames = new ByteBuffer[FRAMES];
    private final SplittableRandom random = new SplittableRandom(SEED);
    private int volume = 1;
    private long passes;

    KiteFrames(int packetBytes) {
        this.packetBytes = packetBytes;
        for (int frame = 0; frame < FRAMES; frame++) {
            frames[frame] = frame(frame * PACKETS_A_FRAME, PACKETS_A_FRAME, packetBytes);
        }
    }

    /** Ready to be read, each from its beginning. */
    ByteBuffer[] all() {
        return frames;
    }

    int packets() {
        return FRAMES * PACKETS_A_FRAME;
    }

    /** Our numbers by the broker's tokens. */
    Map<Long, Integer> instruments() {
        Map<Long, Integer> numbers = new TreeMap<>();
        for (int instrument = 0; instrument < INSTRUMENTS; instrument++) {
            numbers.put((long) token(instrument), instrument + 1);
        }
        return numbers;
    }

    /** A frame with one full packet. */
    ByteBuffer clockSetter() {
        return frame(0, 1, FULL_BYTES);
    }

    /** New prices, more volume, and a later second each hundred passes. */
    void moveOn() {
        passes++;
        for (ByteBuffer frame : frames) {
            volume++;
            for (int packet = 0; packet < PACKETS_A_FRAME; packet++) {
                int at = Short.BYTES + packet * (Short.BYTES + packetBytes) + Short.BYTES;
                put(frame, at, packetBytes);
            }
        }
    }

    private ByteBuffer frame(int first, int packets, int bytes) {
        ByteBuffer frame = ByteBuffer.allocate(Short.BYTES + packets * (Short.BYTES + bytes));
        frame.putShort((short) packets);
        for (int packet = 0; packet < packets; packet++) {
            frame.putShort((short) bytes);
            frame.putInt(frame.position(), token((first + packet) % INSTRUMENTS));
            put(frame, frame.position(), bytes);
            frame.position(frame.position() + bytes);
        }
        return frame.flip();
    }

    private void put(ByteBuffer frame, int at, int bytes) {
        int price = PRICE_PAISE + random.nextInt(PRICE_RANGE_PAISE);
        frame.putInt(at + 4, price)
                .putInt(at + 8, 1 + random.nextInt(100))
                .putInt(at + 12, price)
                .putInt(at + 16, volume)
                .putInt(at + 20, 10_000)
                .putInt(at + 24, 10_000)
                .putInt(at + 28, PRICE_PAISE)
                .putInt(at + 32, PRICE_PAISE + PRICE_RANGE_PAISE)
                .putInt(at + 36, PRICE_PAISE)
                .putInt(at + 40, PRICE_PAISE);
        if (bytes == FULL_BYTES) {
            int second = FIRST_SECOND + (int) (passes / 100);
            frame.putInt(at + 44, second).putInt(at + 60, second);
            for (int level = 0; level < DEPTH_LEVELS; level++) {
                frame.putInt(at + DEPTH_BIDS + level * DEPTH_LEVEL_BYTES, 100)
                        .putInt(at + DEPTH_BIDS + level * DEPTH_LEVEL_BYTES + 4, price - 5 - 5 * level)
                        .putInt(at + DEPTH_ASKS + level * DEPTH_LEVEL_BYTES, 100)
                        .putInt(at + DEPTH_ASKS + level * DEPTH_LEVEL_BYTES + 4, price + 5 + 5 * level);
            }
        }
    }

    private static int token(int instrument) {
        return (1_000 + instrument) << 8 | SEGMENT_NSE;
    }
}
