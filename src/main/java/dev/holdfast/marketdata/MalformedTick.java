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
        /** A text message that is no JSON. */
        TEXT
    }
}
