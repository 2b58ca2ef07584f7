package dev.holdfast.exchange;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where prices and market time come from. Wall times are epoch nanoseconds and never go back. */
interface Market {

    List<Instrument> instruments();

    /** Market time at a wall time; safe from any thread. */
    MarketTime at(long wallNanos);

    /** Whether the instrument has prices on that day. */
    boolean quotes(Instrument instrument, LocalDate day);

    /** When the broker squares MIS positions off, or null if the market never closes. */
    @Nullable
    LocalTime squareOffTime(LocalDate day);

    /**
     * Begins, once, before any other call. An exchange that was down goes on where it stood.
     *
     * @param resumeNanos market time last seen, or null at the very first start
     * @param lastPaise prices last seen, by symbol
     */
    void begin(long wallNanos, @Nullable Long resumeNanos, Map<String, Long> lastPaise);

    /**
     * Hands over all ticks that are due. Only the pump calls this.
     *
     * @return wall time of the next tick
     */
    long advance(long wallNanos, Consumer<Tick> sink);
}
