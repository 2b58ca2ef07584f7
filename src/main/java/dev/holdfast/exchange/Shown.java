package dev.holdfast.exchange;

import java.math.BigDecimal;

/** An instrument's market as a packet says it: what it is, or what a fault makes of it. */
@SuppressWarnings("ArrayRecordComponent") // the quote's own levels, read at once and never compared
record Shown(
        int token,
        boolean index,
        long lastPaise,
        long lastQuantity,
        long averagePaise,
        long volume,
        long openPaise,
        long highPaise,
        long lowPaise,
        long closePaise,
        long lastTradeNanos,
        long exchangeNanos,
        Quote.Level[] bids,
        Quote.Level[] asks) {

    /** Above what a signed number of 32 bits holds. */
    private static final long HUGE = 3_000_000_000L;

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    static Shown of(Quote quote, int token) {
        return new Shown(
                token,
                quote.instrument.isIndex(),
                quote.lastPaise,
                quote.lastQuantity,
                quote.volume == 0 ? 0 : quote.valuePaise / quote.volume,
                quote.volume,
                quote.openPaise,
                quote.highPaise,
                quote.lowPaise,
                quote.closePaise,
                quote.lastTradeNanos,
                quote.exchangeNanos,
                quote.bids,
                quote.asks);
    }

    /** The instrument's market as clients see it under the present faults. */
    static Shown of(Quote quote, int token, Faults faults) {
        String symbol = quote.instrument.symbol();
        Shown shown = of(quote, token);
        if (meets(FaultKind.NOT_TRADED_TODAY, symbol, faults)) {
            shown = shown.prices(0, 0, 0, 0).traded(0, 0, 0, 0);
        }
        if (meets(FaultKind.HUGE_VOLUME, symbol, faults)) {
            shown = shown.traded(shown.lastQuantity, shown.averagePaise, HUGE + shown.volume, shown.lastTradeNanos);
        }
        for (Fault fault : faults.all(FaultKind.PRE_OPEN)) {
            if (fault.target().hasSymbol(symbol)) {
                shown = shown.outsideItsDay(quote.instrument, fault.content().percent());
            }
        }
        for (Fault fault : faults.all(FaultKind.WRONG_CLOCK)) {
            if (fault.target().hasSymbol(symbol)) {
                long shift = fault.content().shiftSeconds() * Ist.NANOS_PER_SECOND;
                shown = shown.at(shown.lastTradeNanos + shift, shown.exchangeNanos + shift);
            }
        }
        return shown;
    }

    private static boolean meets(FaultKind kind, String symbol, Faults faults) {
        return faults.all(kind).stream().anyMatch(fault -> fault.target().hasSymbol(symbol));
    }

    /** Before the open an order book already has a price, while the day's range is still the one of before. */
    private Shown outsideItsDay(Instrument instrument, BigDecimal percent) {
        long from = highPaise > 0 ? highPaise : closePaise;
        long last = BigDecimal.valueOf(from)
                .multiply(HUNDRED.add(percent))
                .divide(HUNDRED, 0, java.math.RoundingMode.UP)
                .longValueExact();
        return prices(last - last % instrument.tickPaise(), openPaise, highPaise, lowPaise);
    }

    private Shown prices(long last, long open, long high, long low) {
        return new Shown(
                token,
                index,
                last,
                lastQuantity,
                averagePaise,
                volume,
                open,
                high,
                low,
                closePaise,
                lastTradeNanos,
                exchangeNanos,
                bids,
                asks);
    }

    private Shown traded(long newLastQuantity, long newAveragePaise, long newVolume, long newLastTradeNanos) {
        return new Shown(
                token,
                index,
                lastPaise,
                newLastQuantity,
                newAveragePaise,
                newVolume,
                openPaise,
                highPaise,
                lowPaise,
                closePaise,
                newLastTradeNanos,
                exchangeNanos,
                bids,
                asks);
    }

    private Shown at(long newLastTradeNanos, long newExchangeNanos) {
        return new Shown(
                token,
                index,
                lastPaise,
                lastQuantity,
                averagePaise,
                volume,
                openPaise,
                highPaise,
                lowPaise,
                closePaise,
                newLastTradeNanos,
                newExchangeNanos,
                bids,
                asks);
    }
}
