package dev.holdfast.broker;

/** A read that the broker did not answer whole. It proves nothing. */
public final class BrokerFailure extends Exception {

    private final Kind kind;

    public BrokerFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** What the reader does about it: log in anew, slow down, or just try again. */
    public enum Kind {
        TOKEN,
        RATE_LIMITED,
        UNAVAILABLE
    }
}
