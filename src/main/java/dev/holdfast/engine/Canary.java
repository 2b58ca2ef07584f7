package dev.holdfast.engine;

import java.util.List;

/** Buys one lot, sells it, and so on, at a steady rate: the probe by which "trading again" is measured. */
final class Canary implements Strategy {

    private static final int VERSION = 1;

    /** For a canary without a phase. */
    static final int FREE = -1;

    private final long intervalNanos;
    private final int phase;
    private long lastWishNanos;

    /**
     * @param perSecond wishes a second, 1 to 10: the engine's timer runs ten times a second
     * @param phase 0 to 9: wishes at this tenth of a second, counted within the interval, so that several canaries stay spread
     *     also after an outage that made them all wait; {@link #FREE}: an interval after the last wish
     */
    Canary(int perSecond, int phase) {
        if (perSecond < 1 || perSecond > 10) {
            throw new IllegalArgumentException("canary: perSecond is " + perSecond + ", expected 1 to 10");
        }
        if (phase < FREE || phase > 9) {
            throw new IllegalArgumentException("canary: phase is " + phase + ", expected 0 to 9");
        }
        this.intervalNanos = 1_000_000_000L / perSecond;
        this.phase = phase;
    }

    @Override
    public List<Wish> onTimer(View view) {
        if (!due(view.nowNanos()) || view.hasLiveOrder()) {
            return List.of();
        }
        lastWishNanos = view.nowNanos();
        // One lot at a time, towards none if it holds some.
        long quantity = view.quantity();
        long target = quantity == 0 ? view.lotSize() : quantity - Long.signum(quantity) * view.lotSize();
        return List.of(new Target(target, "canary", true));
    }

    private boolean due(long now) {
        if (phase == FREE) {
            // Half a timer tick of grace, so that a tick stamped a little early does not skip a turn.
            return now - lastWishNanos >= intervalNanos - TradingEngine.TIMER_NANOS / 2;
        }
        return turn(now) > turn(lastWishNanos);
    }

    private long turn(long nanos) {
        return Math.floorDiv(nanos - phase * TradingEngine.TIMER_NANOS, intervalNanos);
    }

    @Override
    public String describe() {
        return "intervalMillis=" + intervalNanos / 1_000_000 + " lastWishMillis=" + lastWishNanos / 1_000_000;
    }

    @Override
    public void save(StateWriter out) {
        out.number(VERSION);
        out.number(lastWishNanos);
    }

    @Override
    public void load(StateReader in) {
        in.number();
        lastWishNanos = in.number();
    }
}
