package dev.holdfast.exchange;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Jumps of the price that were asked for: how far each instrument stands from what the market alone says. Guarded by the floor's lock. */
final class Gaps {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final Faults faults;
    private final LongSupplier wallNanos;
    private final Map<String, Long> plainPaise = new HashMap<>();
    private final List<Gap> gaps = new ArrayList<>();

    Gaps(Faults faults, LongSupplier wallNanos) {
        this.faults = faults;
        this.wallNanos = wallNanos;
    }

    private record Gap(String symbol, BigDecimal percent, long untilNanos) {}

    void add(String symbol, BigDecimal percent, long millis) {
        gaps.add(new Gap(symbol, percent, wallNanos.getAsLong() + millis * Ist.NANOS_PER_MILLI));
    }

    /** The tick as clients shall see it. */
    Tick shift(Tick tick) {
        Instrument instrument = tick.instrument();
        if (tick instanceof Tick.Traded traded) {
            plainPaise.put(instrument.symbol(), traded.pricePaise());
        }
        BigDecimal percent = percent(instrument.symbol());
        if (percent.signum() == 0) {
            return tick;
        }
        return switch (tick) {
            case Tick.Traded traded ->
                new Tick.Traded(
                        instrument,
                        traded.nanos(),
                        shifted(instrument, traded.pricePaise(), percent),
                        traded.quantity());
            case Tick.Quoted quoted ->
                new Tick.Quoted(
                        instrument,
                        quoted.nanos(),
                        shifted(instrument, quoted.bidPaise(), percent),
                        quoted.bidQuantity(),
                        shifted(instrument, quoted.bidPaise(), percent) + quoted.askPaise() - quoted.bidPaise(),
                        quoted.askQuantity());
        };
    }

    /** The market's own last price, without gaps; the quote's last price before the first tick. */
    long plainPaise(Quote quote) {
        return plainPaise.getOrDefault(quote.instrument.symbol(), quote.lastPaise);
    }

    private BigDecimal percent(String symbol) {
        long now = wallNanos.getAsLong();
        gaps.removeIf(gap -> gap.untilNanos <= now);
        BigDecimal passing = gaps.stream()
                .filter(gap -> gap.symbol.equals(symbol))
                .map(Gap::percent)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        return faults.all(FaultKind.PRICE_GAP).stream()
                .filter(fault -> fault.target().hasSymbol(symbol))
                .map(fault -> fault.content().percent())
                .reduce(passing, BigDecimal::add);
    }

    private static long shifted(Instrument instrument, long paise, BigDecimal percent) {
        long raw = BigDecimal.valueOf(paise)
                .multiply(HUNDRED.add(percent))
                .divide(HUNDRED, 0, RoundingMode.DOWN)
                .longValueExact();
        return Math.max(instrument.tickPaise(), raw - raw % instrument.tickPaise());
    }
}
