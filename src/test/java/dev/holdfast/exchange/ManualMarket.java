package dev.holdfast.exchange;

import dev.holdfast.types.InstrumentKind;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A market whose time and phase a test sets. */
final class ManualMarket implements Market {

    static final Instrument INFY = new Instrument("INFY", "INFOSYS", 408065, InstrumentKind.EQUITY, 5);
    static final Instrument NIFTY = new Instrument("NIFTY 50", "NIFTY 50", 256265, InstrumentKind.INDEX, 5);

    LocalDate day = LocalDate.of(2026, 11, 23);
    LocalTime time = LocalTime.of(10, 0);
    Phase phase = Phase.OPEN;

    @Override
    public List<Instrument> instruments() {
        return List.of(INFY, NIFTY);
    }

    @Override
    public MarketTime at(long wallNanos) {
        return new MarketTime(day, Ist.nanos(day, time), phase);
    }

    @Override
    public boolean quotes(Instrument instrument, LocalDate onDay) {
        return true;
    }

    @Override
    public @Nullable LocalTime squareOffTime(LocalDate onDay) {
        return LocalTime.of(15, 20);
    }

    @Override
    public void begin(long wallNanos, @Nullable Long resumeNanos, Map<String, Long> lastPaise) {}

    @Override
    public long advance(long wallNanos, Consumer<Tick> sink) {
        return Long.MAX_VALUE;
    }
}
