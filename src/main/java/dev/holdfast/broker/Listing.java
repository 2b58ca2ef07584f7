package dev.holdfast.broker;

import dev.holdfast.types.InstrumentKind;

/** An instrument under the number the engine gave it. */
public record Listing(int number, String exchange, String symbol, long token, InstrumentKind kind) {

    static String key(String exchange, String symbol) {
        return exchange + ":" + symbol;
    }

    String key() {
        return key(exchange, symbol);
    }
}
