package dev.holdfast.cli;

import java.util.List;
import java.util.Optional;

/**
 * Whether we can trade, from what was heard. Nothing is called impossible because nobody answered: on a busy machine answers come
 * late while orders fill.
 *
 * @param reason empty when we can
 * @param source by whose word; empty when nobody who would know was heard
 */
record TradingVerdict(Trading trading, String reason, String source) {

    static final String ENGINE = "the engine";

    /** There is a pulse each second; a word of the engine that is older says nothing of the present. */
    static final long FRESH_MILLIS = 3_000;

    /** The verdict that a command ends with. */
    enum Trading {
        CAN,
        CANNOT,
        UNKNOWN
    }

    /**
     * A word of the engine's about trading.
     *
     * @param source who handed it on
     * @param reason empty when we can
     */
    record Word(String source, boolean canTrade, String reason, long ageMillis) {}

    /**
     * The engine's own answer first, then what makes trading impossible whatever was said before, then the newest word that another
     * process heard.
     *
     * @param engine its own answer, now
     * @param impossible a fact without which nobody trades, with what to do
     * @param others what others heard, or hold
     * @param silence why the engine gave no answer
     */
    static TradingVerdict of(Optional<Word> engine, Optional<Word> impossible, List<Word> others, String silence) {
        return engine.or(() -> impossible)
                .or(() -> others.stream()
                        .filter(word -> word.ageMillis <= FRESH_MILLIS)
                        .min((one, two) -> Long.compare(one.ageMillis, two.ageMillis)))
                .map(word -> new TradingVerdict(word.canTrade ? Trading.CAN : Trading.CANNOT, word.reason, word.source))
                .orElseGet(() -> new TradingVerdict(Trading.UNKNOWN, unheard(others, silence), ""));
    }

    private static String unheard(List<Word> others, String silence) {
        String last = others.stream()
                .min((one, two) -> Long.compare(one.ageMillis, two.ageMillis))
                .map(word -> "; " + word.source + " last heard that we "
                        + (word.canTrade ? "can trade" : "cannot trade (" + word.reason + ")") + ", "
                        + word.ageMillis / 1_000 + " s ago")
                .orElse("");
        return silence + last + "; ask again";
    }
}
