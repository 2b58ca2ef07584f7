package dev.holdfast.types;

/** The life of an order. */
public enum OrderState {
    /** Asked for, not yet answered by risk. */
    WISHED,
    /** Risk said no. */
    REFUSED,
    /** An intent: it will be sent when grant and budget allow. */
    COMMITTED,
    /** A send request with an epoch is published; the gateway may be writing it now. */
    SENDING,
    /** The gateway swears that it wrote nothing. */
    NOT_SENT,
    /** It may or may not have reached the broker; only evidence ends this. */
    UNCERTAIN,
    /** In the broker's book, nothing filled. */
    WORKING,
    PARTLY_FILLED,
    FILLED,
    CANCELLED,
    REJECTED,
    /** Its trading day ended. */
    EXPIRED,
    /** Proved never to have reached the broker. */
    ABSENT,
    /** Unproved; a person must decide. */
    HELD;

    /** A terminal state is never replaced. HELD is not terminal: evidence or a person may still end it. */
    public boolean isTerminal() {
        return switch (this) {
            case REFUSED, NOT_SENT, FILLED, CANCELLED, REJECTED, EXPIRED, ABSENT -> true;
            case WISHED, COMMITTED, SENDING, UNCERTAIN, WORKING, PARTLY_FILLED, HELD -> false;
        };
    }

    /** Whether the broker is known to hold it, open. */
    public boolean isWorking() {
        return this == WORKING || this == PARTLY_FILLED;
    }
}
