package dev.holdfast.bench;

import dev.holdfast.protocol.AmendmentState;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventCodec;
import dev.holdfast.protocol.EventFrame;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.time.Duration;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A day's events as an engine publishes them: orders from wish to the last fill with their trades, positions and profit,
 * ticks between them, minutes, a person's acts, digests. The same for the same number of orders.
 */
final class TradingStream {

    private static final long SEED = 42;
    private static final int INSTRUMENTS = 50;
    private static final int DAY = 20_800;
    private static final long FIRST_NANOS = Duration.ofDays(DAY).plusHours(4).toNanos();
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int PRICE_PAISE = 150_000;
    private static final int TICKS_AN_ORDER = 4;
    private static final int ORDERS_A_MINUTE = 200;

    /** Rows after which an engine gives a digest at the latest. */
    private static final int ROWS_A_DIGEST = 512;

    private final EventCodec codec = new EventCodec();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[EventFrame.MAX_LENGTH]);
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final EventFrames frames = new EventFrames();
    private final long[] positions = new long[INSTRUMENTS + 1];
    private long chainHash = EventFrame.CHAIN_START;
    private long nowNanos = FIRST_NANOS;
    private int rows;
    private int trades;

    private TradingStream() {}

    static EventFrames of(int orders) {
        TradingStream stream = new TradingStream();
        stream.begin();
        for (int number = 1; number <= orders; number++) {
            stream.trade(number);
        }
        stream.digest();
        return stream.frames;
    }

    private void begin() {
        append(new Event.CheckpointStarted());
        append(new Event.CheckpointEnded());
        for (int number = 1; number <= INSTRUMENTS; number++) {
            row(new Event.InstrumentDefined(
                    number, 256_265L + number, InstrumentKind.EQUITY, 5, 1, 0, 0, 0, "NSE", "STOCK" + number));
        }
        append(new Event.DayChanged(DAY, DayPhase.OPEN, "opened by the gateway"));
    }

    private void trade(int number) {
        nowNanos += MINUTE_NANOS / ORDERS_A_MINUTE;
        for (int tick = 0; tick < TICKS_AN_ORDER; tick++) {
            tick();
        }
        int instrument = 1 + random.nextInt(INSTRUMENTS);
        Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
        long quantity = 2L + random.nextInt(100);
        long price = PRICE_PAISE + 5L * random.nextInt(500);
        Life life = new Life(number, instrument, side, quantity, price);
        if (number % 10 == 0) {
            row(new Event.OperatorActed("operator", "place order", "order " + number, "by hand", "accepted"));
        }
        row(life.as(OrderState.COMMITTED, OrderState.WISHED, 0, "sma-cross: the short average crossed the long one"));
        row(life.as(OrderState.SENDING, OrderState.COMMITTED, 0, "sent under epoch 1"));
        row(life.as(OrderState.WORKING, OrderState.SENDING, 0, "accepted by the broker"));
        if (number % 5 == 0) {
            row(life.as(OrderState.CANCELLED, OrderState.WORKING, 0, "the broker's book: CANCELLED"));
        } else {
            long half = quantity / 2;
            fill(life, half);
            row(life.as(OrderState.PARTLY_FILLED, OrderState.WORKING, half, "filled"));
            fill(life, quantity - half);
            row(life.as(OrderState.FILLED, OrderState.PARTLY_FILLED, quantity, "filled"));
        }
        if (number % ORDERS_A_MINUTE == 0) {
            minute(number / ORDERS_A_MINUTE);
        }
        if (rows >= ROWS_A_DIGEST) {
            digest();
        }
    }

    private void fill(Life life, long quantity) {
        int trade = ++trades;
        row(new Event.TradeBooked(
                DAY,
                life.number,
                life.instrument,
                life.side,
                Product.MIS,
                quantity,
                life.pricePaise,
                nowNanos,
                "T" + (70_000_000 + trade),
                life.brokerOrderId(),
                "sma-cross"));
        positions[life.instrument] += life.side == Side.BUY ? quantity : -quantity;
        long held = positions[life.instrument];
        row(new Event.PositionChanged(
                life.instrument, Product.MIS, DAY, held, 0, held * PRICE_PAISE, trade, trade, trade));
        row(new Event.ProfitChanged(
                DAY, life.instrument, Product.MIS, held, held * PRICE_PAISE, trade, trade, "sma-cross"));
    }

    private void tick() {
        long price = PRICE_PAISE + 5L * random.nextInt(500);
        append(new Event.TickApplied(
                1 + random.nextInt(INSTRUMENTS),
                price,
                1,
                100,
                price,
                price,
                price,
                price,
                price,
                price,
                price,
                10,
                price,
                10,
                nowNanos,
                3));
    }

    private void minute(int minute) {
        for (int instrument = 1; instrument <= INSTRUMENTS; instrument++) {
            row(new Event.BarApplied(
                    instrument,
                    FIRST_NANOS + minute * MINUTE_NANOS,
                    PRICE_PAISE,
                    PRICE_PAISE,
                    PRICE_PAISE,
                    PRICE_PAISE,
                    1_000,
                    240));
        }
    }

    private void digest() {
        rows = 0;
        append(new Event.Digest(0, 0, 0)); // the recorder ends batches on it and compares nothing
    }

    private void row(Event event) {
        rows++;
        append(event);
    }

    private void append(Event event) {
        int length = codec.encode(event, frame, EventFrame.HEADER_LENGTH);
        chainHash = EventFrame.seal(frame, length, frames.last() + 1, chainHash, nowNanos);
        frames.append(frame, EventFrame.HEADER_LENGTH + length, event instanceof Event.Digest);
    }

    /** One order. */
    private record Life(int number, int instrument, Side side, long quantity, long pricePaise) {

        String brokerOrderId() {
            return "2511230" + (10_000_000 + number);
        }

        Event.OrderChanged as(OrderState state, OrderState before, long filled, String reason) {
            boolean sent = state != OrderState.COMMITTED;
            return new Event.OrderChanged(
                    number,
                    Origin.INTENT,
                    instrument,
                    side,
                    Product.MIS,
                    OrderType.LIMIT,
                    quantity,
                    pricePaise,
                    state,
                    before,
                    filled,
                    filled * pricePaise,
                    AmendmentState.NONE,
                    0,
                    0,
                    false,
                    DAY,
                    FIRST_NANOS,
                    sent ? 1 : 0,
                    sent ? 1 : 0,
                    "HF0BENCH" + Integer.toString(number, 36),
                    sent && state != OrderState.SENDING ? brokerOrderId() : "",
                    "sma-cross",
                    "",
                    reason);
        }
    }
}
