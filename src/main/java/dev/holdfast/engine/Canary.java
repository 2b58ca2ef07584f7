package dev.holdfast.engine;

import dev.holdfast.types.OrderType;
import dev.holdfast.types.Side;
import java.util.List;

/** Buys one lot, sells it, and so on, at a steady rate: the probe by which "trading again" is measured. */
final class Canary implements Strategy {

    private static final int VERSION = 1;

    private final long intervalNanos;
    private long lastWishNanos;

    /** @param perSecond wishes a second, 1 to 10: the engine's timer runs ten times a second */
    Canary(int perSecond) {
        if (perSecond < 1 || perSecond > 10) {
            throw new IllegalArgumentException("canary: perSecond is " + perSecond + ", expected 1 to 10");
        }
        this.intervalNanos = 1_000_000_000L / perSecond;
    }

    @Override
    public List<Wish> onTimer(View view) {
        // Half a timer tick of grace, so that a tick stamped a little early does not skip a turn.
        if (view.nowNanos() - lastWishNanos < intervalNanos - TradingEngine.TIMER_NANOS / 2 || view.hasLiveOrder()) {
            return List.of();
        }
        lastWishNanos = view.nowNanos();
        Side side = view.quantity() > 0 ? Side.SELL : Side.BUY;
        return List.of(new Wish(side, OrderType.MARKET, view.lotSize(), 0, "canary"));
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
