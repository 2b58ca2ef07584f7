package dev.holdfast.exchange;

import dev.holdfast.types.BrokerProfile;
import java.util.function.LongSupplier;

/**
 * The broker's limits, over sliding windows of wall time, for the account as a whole. Placing, modifying and
 * cancelling share the order limits of a second and a minute; the daily limit counts what was asked to be placed.
 */
final class RateLimits {

    private static final int UNLIMITED = Integer.MAX_VALUE;

    private final Window orderSecond;
    private final Window orderMinute;
    private final Window quoteSecond;
    private final Window otherSecond;
    private final int ordersPerDay;

    RateLimits(BrokerProfile profile, LongSupplier wallNanos) {
        boolean kite = switch (profile) {
            case KITE -> true;
            case DRILL -> false;
        };
        long second = Ist.NANOS_PER_SECOND;
        orderSecond = new Window(kite ? 10 : 50, second, wallNanos);
        orderMinute = new Window(kite ? 400 : 3_000, 60 * second, wallNanos);
        quoteSecond = new Window(kite ? 1 : 100, second, wallNanos);
        otherSecond = new Window(kite ? 10 : 100, second, wallNanos);
        ordersPerDay = kite ? 5_000 : UNLIMITED;
    }

    /**
     * @param placing whether this asks for a new order
     * @param placedToday requests to place so far, this one included
     */
    synchronized void order(boolean placing, int placedToday) {
        if (placing && placedToday > ordersPerDay) {
            throw KiteError.tooMany("Maximum allowed order requests exceeded: " + ordersPerDay + " a day");
        }
        if (!orderSecond.hasRoom() || !orderMinute.hasRoom()) {
            throw KiteError.tooMany("Too many requests");
        }
        orderSecond.enter();
        orderMinute.enter();
    }

    synchronized void quote() {
        enter(quoteSecond);
    }

    synchronized void other() {
        enter(otherSecond);
    }

    private static void enter(Window window) {
        if (!window.hasRoom()) {
            throw KiteError.tooMany("Too many requests");
        }
        window.enter();
    }

    /** The times of the last {@code limit} requests in a ring; there is room when the oldest has left the window. */
    private static final class Window {
        private final long[] times;
        private final long lengthNanos;
        private final LongSupplier wallNanos;
        private int next;

        private Window(int limit, long lengthNanos, LongSupplier wallNanos) {
            this.times = new long[limit];
            this.lengthNanos = lengthNanos;
            this.wallNanos = wallNanos;
        }

        private boolean hasRoom() {
            return times[next] == 0 || wallNanos.getAsLong() - times[next] >= lengthNanos;
        }

        private void enter() {
            times[next] = wallNanos.getAsLong();
            next = (next + 1) % times.length;
        }
    }
}
