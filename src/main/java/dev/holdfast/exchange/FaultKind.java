package dev.holdfast.exchange;

/** What can be made to go wrong. Faults on requests take the next {@code count} order requests; faults of state last. */
enum FaultKind {
    /** Holds a request for {@code millis} before handling it: an order may arrive after its client gave up. */
    LATENCY(Bound.COUNT, 1_000),
    /** Nothing is done; after {@code millis} the connection is closed without an answer. */
    TIMEOUT_BEFORE_ACCEPT(Bound.COUNT, 10_000),
    /** The request is carried out; after {@code millis} the connection is closed without an answer. */
    TIMEOUT_AFTER_ACCEPT(Bound.COUNT, 10_000),
    /** Nothing is done; answers {@code status} (default 502) as a proxy would, without Kite's envelope. */
    ERROR_BEFORE_ACCEPT(Bound.COUNT, 0),
    /** The request is carried out; answers {@code status} (default 502) without Kite's envelope. */
    ERROR_AFTER_ACCEPT(Bound.COUNT, 0),
    /** Answers 429 as if a rate limit were spent. */
    TOO_MANY_REQUESTS(Bound.COUNT, 0),
    /** The next orders enter the book and are rejected there. */
    REJECT_ORDERS(Bound.COUNT, 0),
    /** The next orders fill by half at first; the rest may fill {@code millis} later. */
    PARTIAL_FILLS(Bound.COUNT, 1_000),
    /** The next order updates are sent twice. */
    POSTBACK_DUPLICATE(Bound.COUNT, 0),
    /** The next order updates are sent {@code millis} late. */
    POSTBACK_LATE(Bound.COUNT, 3_000),
    /** The next order updates are not sent. */
    POSTBACK_MISSING(Bound.COUNT, 0),
    /** New orders and their trades appear in the books only {@code millis} after they were accepted. */
    BOOK_DELAY(Bound.DURATION, 3_000),
    /** No ticks are sent; connections and heartbeats live on. The market itself goes on. */
    STOP_TICKS(Bound.DURATION, 0),
    /** Closes every ticker connection; with {@code durationMillis} refuses new ones that long. */
    DROP_TICKER(Bound.AT_ONCE, 0),
    /** Ends every session at once: each call answers 403 TokenException until a new log-in. */
    TOKEN_DEATH(Bound.AT_ONCE, 0),
    /** Places the order described by {@code order}, as a person in the broker's own screens would. */
    FOREIGN_ORDER(Bound.AT_ONCE, 0),
    /** The broker cancels open MIS orders and squares MIS positions off. */
    SQUARE_OFF(Bound.AT_ONCE, 0);

    final Bound bound;
    final long defaultMillis;

    FaultKind(Bound bound, long defaultMillis) {
        this.bound = bound;
        this.defaultMillis = defaultMillis;
    }

    /** How a fault ends. */
    enum Bound {
        COUNT,
        DURATION,
        AT_ONCE
    }
}
