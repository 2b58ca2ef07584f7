package dev.holdfast.exchange;

import dev.holdfast.types.InstrumentKind;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A seeded random walk over a dozen NSE symbols and their index: always open, market time is wall time. */
final class RandomMarket implements Market {

    static final String INDEX_SYMBOL = "NIFTY 50";
    private static final long TICK_PAISE = 5;
    private static final long MEAN_GAP_MILLIS = 750;
    private static final LocalTime ENDING = LocalTime.of(23, 59, 30);

    /** The walk turns back here, so that a long run stays inside price bands. */
    private static final int MAX_DRIFT_PERCENT = 8;

    /** After a long pause (a stopped machine) the walk goes on from now, it does not catch up. */
    private static final long MAX_CATCH_UP_NANOS = 5 * Ist.NANOS_PER_SECOND;

    private final List<Walker> walkers = new ArrayList<>();
    private final PriorityQueue<Walker> byNextTick = new PriorityQueue<>(Comparator.comparingLong(w -> w.nextNanos));
    private final Walker index;
    private final RandomGenerator random;

    RandomMarket(long seed) {
        this.random = new SplittableRandom(seed);
        add("RELIANCE", "RELIANCE INDUSTRIES", 2885, 129_450);
        add("TCS", "TATA CONSULTANCY SERV", 11536, 352_000);
        add("HDFCBANK", "HDFC BANK", 1333, 168_500);
        add("INFY", "INFOSYS", 1594, 149_800);
        add("ICICIBANK", "ICICI BANK", 4963, 124_300);
        add("SBIN", "STATE BANK OF INDIA", 3045, 81_200);
        add("ITC", "ITC", 1660, 43_600);
        add("AXISBANK", "AXIS BANK", 5900, 109_700);
        add("BHARTIARTL", "BHARTI AIRTEL", 10604, 158_900);
        add("LT", "LARSEN & TOUBRO", 11483, 362_500);
        add("HINDUNILVR", "HINDUSTAN UNILEVER", 1394, 240_800);
        add("TATASTEEL", "TATA STEEL", 3499, 15_450);
        int indexToken = 1001 * 256 + Instrument.INDEX_SEGMENT;
        this.index = new Walker(
                new Instrument(INDEX_SYMBOL, INDEX_SYMBOL, indexToken, InstrumentKind.INDEX, TICK_PAISE), 2_435_000);
    }

    private void add(String symbol, String name, int exchangeToken, long basePaise) {
        int token = exchangeToken * 256 + Instrument.EQUITY_SEGMENT;
        walkers.add(new Walker(new Instrument(symbol, name, token, InstrumentKind.EQUITY, TICK_PAISE), basePaise));
    }

    @Override
    public List<Instrument> instruments() {
        List<Instrument> all =
                new ArrayList<>(walkers.stream().map(w -> w.instrument).toList());
        all.add(index.instrument);
        return all;
    }

    @Override
    public MarketTime at(long wallNanos) {
        LocalDateTime time = Ist.at(wallNanos);
        Phase phase = time.toLocalTime().isBefore(ENDING) ? Phase.OPEN : Phase.ENDING;
        return new MarketTime(time.toLocalDate(), wallNanos, phase);
    }

    @Override
    public boolean quotes(Instrument instrument, LocalDate day) {
        return true;
    }

    @Override
    public @Nullable LocalTime squareOffTime(LocalDate day) {
        return null;
    }

    @Override
    public void begin(long wallNanos, @Nullable Long resumeNanos, Map<String, Long> lastPaise) {
        for (Walker walker : walkers) {
            walker.lastPaise = lastPaise.getOrDefault(walker.instrument.symbol(), walker.basePaise);
            // Everything has a price from the first instant on.
            walker.nextNanos = wallNanos;
        }
        index.nextNanos = wallNanos;
        byNextTick.addAll(walkers);
        byNextTick.add(index);
    }

    @Override
    public long advance(long wallNanos, Consumer<Tick> sink) {
        while (next().nextNanos <= wallNanos) {
            Walker walker = byNextTick.remove();
            long due = Math.max(walker.nextNanos, wallNanos - MAX_CATCH_UP_NANOS);
            sink.accept(walker == index ? indexTick(due) : stockTick(walker, due));
            walker.nextNanos = due + (MEAN_GAP_MILLIS / 2 + random.nextLong(MEAN_GAP_MILLIS)) * Ist.NANOS_PER_MILLI;
            byNextTick.add(walker);
        }
        return next().nextNanos;
    }

    private Walker next() {
        Walker next = byNextTick.peek();
        if (next == null) {
            throw new IllegalStateException("the random market has not begun");
        }
        return next;
    }

    private Tick stockTick(Walker walker, long dueNanos) {
        // A step of about one basis point, in whole ticks, never quite still.
        long scale = Math.max(1, walker.basePaise / 10_000 / TICK_PAISE);
        long ticks = Math.round(random.nextGaussian() * scale);
        long limit = walker.basePaise * MAX_DRIFT_PERCENT / 100;
        long price = walker.lastPaise + ticks * TICK_PAISE;
        if (Math.abs(price - walker.basePaise) > limit) {
            price = walker.lastPaise - ticks * TICK_PAISE;
        }
        walker.lastPaise = price;
        return new Tick.Traded(walker.instrument, dueNanos, price, 1 + random.nextLong(400));
    }

    /** The index moves with the mean of its members' moves since their base. */
    private Tick indexTick(long dueNanos) {
        long partsPerMillion = 0;
        for (Walker walker : walkers) {
            partsPerMillion += walker.lastPaise * 1_000_000 / walker.basePaise;
        }
        long price = index.basePaise * (partsPerMillion / walkers.size()) / 1_000_000;
        index.lastPaise = price - price % TICK_PAISE;
        return new Tick.Traded(index.instrument, dueNanos, index.lastPaise, 0);
    }

    private static final class Walker {
        private final Instrument instrument;
        private final long basePaise;
        private long lastPaise;
        private long nextNanos;

        private Walker(Instrument instrument, long basePaise) {
            this.instrument = instrument;
            this.basePaise = basePaise;
            this.lastPaise = basePaise;
        }
    }
}
