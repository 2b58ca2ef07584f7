package dev.holdfast.engine;

import dev.holdfast.protocol.Event;
import java.util.ArrayDeque;
import java.util.List;

/** Long while the fast moving average of closes is above the slow one, flat while it is below. Sums, so no rounding. */
final class SmaCross implements Strategy {

    private static final int VERSION = 1;
    static final int MAX_BARS = 500;

    private final int fast;
    private final int slow;
    private final long quantity;
    private final ArrayDeque<Long> closes = new ArrayDeque<>();

    /** -1 fast below slow, 1 above, 0 not known yet. */
    private int side;

    SmaCross(int fast, int slow, long quantity) {
        if (fast < 1 || slow <= fast || slow > MAX_BARS) {
            throw new IllegalArgumentException(
                    "sma-cross: fast is " + fast + " and slow " + slow + ", expected 1 <= fast < slow <= " + MAX_BARS);
        }
        this.fast = fast;
        this.slow = slow;
        this.quantity = quantity;
    }

    @Override
    public List<Wish> onBar(Event.BarApplied bar, View view) {
        closes.addLast(bar.closePaise());
        if (closes.size() > slow) {
            closes.removeFirst();
        }
        if (closes.size() < slow) {
            return List.of();
        }
        long slowSum = 0;
        long fastSum = 0;
        int at = 0;
        for (long close : closes) {
            slowSum = Math.addExact(slowSum, close);
            if (at++ >= slow - fast) {
                fastSum = Math.addExact(fastSum, close);
            }
        }
        // fastSum / fast against slowSum / slow, without the divisions.
        int now = Long.compare(Math.multiplyExact(fastSum, slow), Math.multiplyExact(slowSum, fast));
        if (now == 0 || now == side) {
            return List.of();
        }
        side = now;
        return List.of(
                now > 0
                        ? new Target(quantity, "fast average crossed above slow", false)
                        : new Target(0, "fast average crossed below slow", false));
    }

    @Override
    public String describe() {
        return "fast=" + fast + " slow=" + slow + " side=" + (side == 0 ? "unknown" : side > 0 ? "above" : "below")
                + " closesPaise=" + closes;
    }

    @Override
    public void save(StateWriter out) {
        out.number(VERSION);
        out.number(side);
        out.number(closes.size());
        closes.forEach(out::number);
    }

    @Override
    public void load(StateReader in) {
        in.number();
        side = in.integer();
        for (int n = in.integer(); n > 0; n--) {
            closes.addLast(in.number());
        }
    }
}
