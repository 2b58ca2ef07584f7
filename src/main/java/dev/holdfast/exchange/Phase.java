package dev.holdfast.exchange;

/** Where a trading day stands. */
enum Phase {
    /** Shortly before the open: ticks carry the new day's time, orders are rejected. */
    PREOPEN,
    OPEN,
    /** The last half minute of a market that never closes: what does not fill at once lapses, so that clients still see it lapse before the book is emptied at midnight. */
    ENDING,
    /** Past the close; DAY orders have lapsed. */
    CLOSED
}
