package dev.holdfast.exchange;

import dev.holdfast.types.InstrumentKind;

/**
 * One line of the instrument list. Everything trades on NSE in lots of one.
 *
 * @param token exchange token times 256 plus the segment: 1 for equities, 9 for indices
 * @param tickPaise smallest step of a price
 */
record Instrument(String symbol, String name, int token, InstrumentKind kind, long tickPaise) {

    static final String EXCHANGE = "NSE";
    static final int EQUITY_SEGMENT = 1;
    static final int INDEX_SEGMENT = 9;

    Instrument {
        int segment = kind == InstrumentKind.INDEX ? INDEX_SEGMENT : EQUITY_SEGMENT;
        if ((token & 0xFF) != segment || tickPaise <= 0) {
            throw new IllegalArgumentException(
                    "instrument " + symbol + " has token " + token + " and tick " + tickPaise + " paise");
        }
    }

    boolean isIndex() {
        return kind == InstrumentKind.INDEX;
    }

    /** The key of quotes: {@code NSE:INFY}. */
    String key() {
        return EXCHANGE + ":" + symbol;
    }
}
