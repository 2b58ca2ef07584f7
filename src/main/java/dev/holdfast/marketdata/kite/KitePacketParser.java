package dev.holdfast.marketdata.kite;

import dev.holdfast.marketdata.MalformedTick;
import dev.holdfast.marketdata.MalformedTick.Kind;
import dev.holdfast.marketdata.Tick;
import dev.holdfast.marketdata.TickSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads binary frames of the Kite ticker (Kite Connect v3, WebSocket, "packet structure"). Big-endian; a packet's length tells
 * its type. Nothing is guessed: what does not fit is dropped and counted.
 */
public final class KitePacketParser {

    private static final int LTP = 8;
    private static final int INDEX_QUOTE = 28;
    private static final int INDEX_FULL = 32;
    private static final int QUOTE = 44;
    private static final int FULL = 184;

    private static final int FULL_EXCHANGE_TIME = 60;
    private static final int FULL_BIDS = 64;
    private static final int FULL_ASKS = 124;

    private static final int SEGMENT_CURRENCY = 3;
    private static final int SEGMENT_BSE_CURRENCY = 6;
    private static final int SEGMENT_INDEX = 9;
    private static final long CURRENCY_UNITS_PER_PAISE = 100_000;
    private static final long BSE_CURRENCY_UNITS_PER_PAISE = 100;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private KitePacketParser() {}

    /** Delivers a frame's ticks. A frame shorter than two bytes is the heartbeat. Never throws for what the frame holds. */
    public static void readFrame(ByteBuffer frame, TickSink sink) {
        if (frame.remaining() < Short.BYTES) {
            return;
        }
        ByteBuffer bytes = frame.duplicate().order(ByteOrder.BIG_ENDIAN);
        int packets = Short.toUnsignedInt(bytes.getShort());
        for (int packet = 0; packet < packets; packet++) {
            if (bytes.remaining() < Short.BYTES) {
                sink.dropped(Kind.TRUNCATED, 0);
                return;
            }
            int length = Short.toUnsignedInt(bytes.getShort());
            if (bytes.remaining() < length) {
                sink.dropped(Kind.TRUNCATED, 0);
                return;
            }
            Tick tick;
            try {
                tick = parse(bytes, bytes.position(), length);
            } catch (MalformedTick malformed) {
                sink.dropped(malformed.kind(), length < Integer.BYTES ? 0 : unsigned(bytes, bytes.position()));
                tick = null;
            }
            bytes.position(bytes.position() + length);
            if (tick != null) {
                sink.tick(tick);
            }
        }
        if (bytes.hasRemaining()) {
            sink.dropped(Kind.TRUNCATED, 0);
        }
    }

    /**
     * Reads one packet.
     *
     * @param bytes big-endian, with at least {@code length} bytes from {@code at}
     * @return a tick; prices in paise
     * @throws MalformedTick if the length is none of the known ones, belongs to another segment, or a price is impossible
     */
    static Tick parse(ByteBuffer bytes, int at, int length) {
        return switch (length) {
            case LTP -> ltp(bytes, at);
            case INDEX_QUOTE, INDEX_FULL -> index(bytes, at, length);
            case QUOTE, FULL -> quote(bytes, at, length);
            default -> throw new MalformedTick(Kind.UNKNOWN_LENGTH, "packet of " + length + " bytes");
        };
    }

    private static Tick ltp(ByteBuffer bytes, int at) {
        long token = unsigned(bytes, at);
        return new Tick(token, price(bytes, at + 4, token), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static Tick index(ByteBuffer bytes, int at, int length) {
        long token = unsigned(bytes, at);
        if (segment(token) != SEGMENT_INDEX) {
            throw new MalformedTick(Kind.UNKNOWN_LENGTH, length + " bytes for segment " + segment(token));
        }
        long timeNanos = length == INDEX_FULL ? unsigned(bytes, at + 28) * NANOS_PER_SECOND : 0;
        return new Tick(
                token,
                price(bytes, at + 4, token),
                0,
                0,
                price(bytes, at + 16, token),
                price(bytes, at + 8, token),
                price(bytes, at + 12, token),
                price(bytes, at + 20, token),
                0,
                0,
                0,
                0,
                timeNanos);
    }

    private static Tick quote(ByteBuffer bytes, int at, int length) {
        long token = unsigned(bytes, at);
        if (segment(token) == SEGMENT_INDEX) {
            throw new MalformedTick(Kind.UNKNOWN_LENGTH, length + " bytes for an index");
        }
        boolean full = length == FULL;
        return new Tick(
                token,
                price(bytes, at + 4, token),
                unsigned(bytes, at + 8),
                unsigned(bytes, at + 16),
                price(bytes, at + 28, token),
                price(bytes, at + 32, token),
                price(bytes, at + 36, token),
                price(bytes, at + 40, token),
                full ? price(bytes, at + FULL_BIDS + 4, token) : 0,
                full ? unsigned(bytes, at + FULL_BIDS) : 0,
                full ? price(bytes, at + FULL_ASKS + 4, token) : 0,
                full ? unsigned(bytes, at + FULL_ASKS) : 0,
                full ? unsigned(bytes, at + FULL_EXCHANGE_TIME) * NANOS_PER_SECOND : 0);
    }

    private static int segment(long token) {
        return (int) (token & 0xFF);
    }

    private static long unsigned(ByteBuffer bytes, int at) {
        return Integer.toUnsignedLong(bytes.getInt(at));
    }

    /** Kite's divisor turns a number into rupees: 100, but 10^7 on CDS and 10^4 on BCD, where paise are rounded half up. */
    private static long price(ByteBuffer bytes, int at, long token) {
        long raw = unsigned(bytes, at);
        return switch (segment(token)) {
            case SEGMENT_CURRENCY -> (raw + CURRENCY_UNITS_PER_PAISE / 2) / CURRENCY_UNITS_PER_PAISE;
            case SEGMENT_BSE_CURRENCY -> (raw + BSE_CURRENCY_UNITS_PER_PAISE / 2) / BSE_CURRENCY_UNITS_PER_PAISE;
            default -> raw;
        };
    }
}
