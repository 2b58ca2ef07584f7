package dev.holdfast.engine;

import dev.holdfast.protocol.Event;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Side;
import java.util.Collections;
import java.util.List;

/**
 * Fails on purpose, for drills: it places one order below the market, and at a later tick does what no strategy should. Its
 * state is half-changed by then.
 */
final class Faulty implements Strategy {

    private static final int VERSION = 1;

    /** Below the last price, so that the order works and does not fill. */
    private static final long DISTANCE_PAISE = 5_00;

    private final How how;
    private final int failingTick;
    private int ticks;

    /** What it does in the end. */
    enum How {
        THROW,
        OVERFLOW,
        ASSERT,
        NULL,
        FLOOD,
        NONSENSE
    }

    /** @param after ticks before the failing one, at least 1 */
    Faulty(String how, int after) {
        if (after < 1) {
            throw new IllegalArgumentException("faulty: after is " + after + ", expected 1 or more");
        }
        this.how = How.valueOf(how.toUpperCase(java.util.Locale.ROOT));
        this.failingTick = after + 1;
    }

    @Override
    public List<Wish> onTick(Event.TickApplied tick, View view) {
        ticks++;
        if (ticks == 1) {
            return List.of(new Order(
                    Side.BUY,
                    OrderType.LIMIT,
                    view.lotSize(),
                    tick.lastPricePaise() - DISTANCE_PAISE,
                    "before the fault"));
        }
        return ticks < failingTick ? List.of() : fail(view);
    }

    @SuppressWarnings("NullAway") // to answer null is one of its faults
    private List<Wish> fail(View view) {
        Wish wish = new Order(Side.BUY, OrderType.MARKET, view.lotSize(), 0, "too many");
        return switch (how) {
            case THROW -> throw new IllegalStateException("a fault on purpose, of " + new Object());
            case OVERFLOW -> List.of(deeper(wish));
            case ASSERT -> throw new AssertionError("a fault on purpose");
            case NULL -> null;
            case FLOOD -> Collections.nCopies(Reactions.MAX_WISHES + 1, wish);
            case NONSENSE -> Collections.singletonList(null);
        };
    }

    @SuppressWarnings("InfiniteRecursion") // on purpose
    private Wish deeper(Wish wish) {
        ticks++; // how deep it gets differs from member to member
        return deeper(wish);
    }

    @Override
    public String describe() {
        return "how=" + how + " ticks=" + ticks;
    }

    @Override
    public void save(StateWriter out) {
        out.number(VERSION);
        out.number(ticks);
    }

    @Override
    public void load(StateReader in) {
        in.number();
        ticks = in.integer();
    }
}
