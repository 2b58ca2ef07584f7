package dev.holdfast.marketdata;

/** An update that is dropped and counted. It has no stack trace: a hostile feed must not become expensive. */
public final class MalformedTick extends RuntimeException {

    private final Kind kind;

    public MalformedTick(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** What is counted. */
    public enum Kind {
        UNKNOWN_LENGTH,
        TRUNCATED,
        IMPOSSIBLE,
        /** Only quotes: the contract has had no trade today, so there is no last price to go by. */
        NOT_TRADED_TODAY,
        /** A text message that is no JSON. */
        TEXT
    }
}
