package dev.holdfast.simulation;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.types.OrderState;
import java.util.HashMap;
import java.util.Map;

/**
 * That one odd thing stops only itself. It is asked for in worlds in which nothing else fails: there an instrument that nobody
 * disturbs gets its orders sent within five seconds, counted from the last moment at which leader or sender changed.
 */
final class Continuity {

    static final String TRADING_GOES_ON = "TradingGoesOn";

    private static final long LIMIT_NANOS = 5_000_000_000L;

    /** A sender that cannot reach the broker, or is refused by it, gives way within this: it is silent for five seconds first. */
    private static final long TURNED_AWAY_NANOS = 12_000_000_000L;

    private static final long MOVES_AGAIN_NANOS = 10_000_000_000L;

    private final Scheduler scheduler;
    private final AccountInvariants account;
    private boolean asked;
    private long movedNanos = Long.MIN_VALUE / 2;
    private long excusedUntilNanos;
    private long feedExcusedUntilNanos;
    private long lastTickNanos;
    private boolean senderHeld;

    /** Since when the broker takes no order of the sender's; 0 while it does. */
    private long turnedAwaySinceNanos;

    private final Map<Integer, Integer> uncertain = new HashMap<>();
    private final Map<Integer, Long> concernedUntilNanos = new HashMap<>();
    private final Map<Long, OrderState> states = new HashMap<>();

    Continuity(Scheduler scheduler, AccountInvariants account) {
        this.scheduler = scheduler;
        this.account = account;
    }

    /** Requires trading to go on from now, until {@link #cease}. */
    void ask() {
        asked = true;
        excuse(0);
    }

    void cease() {
        asked = false;
    }

    void logLost() {
        uncertain.clear();
        states.clear();
        senderHeld = false;
        turnedAwaySinceNanos = 0;
        excuse(0);
    }

    /** Allows trading to stand still for this long, because of something that is not odd in one place only. */
    void excuse(long nanos) {
        excusedUntilNanos = Math.max(excusedUntilNanos, scheduler.nowNanos() + nanos);
        excuseFeed(nanos);
    }

    void excuseFeed(long nanos) {
        feedExcusedUntilNanos = Math.max(feedExcusedUntilNanos, scheduler.nowNanos() + nanos);
    }

    /** A grant that has just left one gateway does not leave the next one at once: what befalls that one now may take longer. */
    void excuseIfMovedLately() {
        if (scheduler.nowNanos() - movedNanos < MOVES_AGAIN_NANOS) {
            excuse(MOVES_AGAIN_NANOS);
        }
    }

    /** Something odd concerns this instrument: it alone may stand still. */
    void concern(int symbol, long nanos) {
        concernedUntilNanos.merge(symbol, scheduler.nowNanos() + nanos, Math::max);
    }

    void onEvent(Event event) {
        switch (event) {
            case Event.GrantChanged e -> {
                excuse(0);
                movedNanos = scheduler.nowNanos();
                if (e.kind() == GrantKind.SENDER) {
                    senderHeld = e.session() != 0;
                }
            }
            case Event.TickApplied _ -> lastTickNanos = scheduler.nowNanos();
            case Event.Pulse _ -> {
                requireTicks();
                if (asked) {
                    account.requireNothingRests(
                            scheduler.nowNanos() - excusedUntilNanos,
                            instrument -> !concernedUntilNanos.containsKey(instrument - 1));
                }
            }
            case Event.OrderChanged e -> orderChanged(e);
            default -> {} // of no consequence here
        }
    }

    private void requireTicks() {
        long now = scheduler.nowNanos();
        if (asked && now - Math.max(lastTickNanos, feedExcusedUntilNanos) > LIMIT_NANOS) {
            throw new Violation(
                    TRADING_GOES_ON,
                    "no tick was applied for " + (now - lastTickNanos) / 1_000_000 + " ms while a gateway had them");
        }
    }

    private void orderChanged(Event.OrderChanged order) {
        OrderState before = order.state().isTerminal()
                ? states.remove(order.orderNumber())
                : states.put(order.orderNumber(), order.state());
        if ((before == OrderState.UNCERTAIN) != (order.state() == OrderState.UNCERTAIN)) {
            uncertain.merge(order.instrument(), order.state() == OrderState.UNCERTAIN ? 1 : -1, Integer::sum);
            // Nothing new is sent before a clean read that began later; and to this instrument not before it is
            // certain.
            excuse(0);
            concern(order.instrument() - 1, 0);
        }
        if (before == OrderState.SENDING) {
            answered(order);
        }
        long now = scheduler.nowNanos();
        boolean stopped =
                (order.state() == OrderState.NOT_SENT && order.reason().startsWith("not sent within"))
                        || (order.state() == OrderState.REFUSED && becauseNobodyTrades(order.reason()));
        if (stopped
                && asked
                && senderHeld
                && now - excusedUntilNanos > LIMIT_NANOS
                && uncertain.getOrDefault(order.instrument(), 0) == 0
                && now - concernedUntilNanos.getOrDefault(order.instrument() - 1, Long.MIN_VALUE / 2) > LIMIT_NANOS) {
            throw new Violation(TRADING_GOES_ON, "nothing else failed, and there is " + order);
        }
    }

    /** A sender whose address is refused, or who cannot reach the broker, gives way to one who can. */
    private void answered(Event.OrderChanged order) {
        boolean turnedAway = order.reason().contains(SimulatedGateway.ADDRESS_REFUSED)
                || order.reason().contains(SimulatedGateway.NO_CONNECTION);
        long now = scheduler.nowNanos();
        if (!turnedAway) {
            turnedAwaySinceNanos = 0;
        } else if (turnedAwaySinceNanos == 0) {
            turnedAwaySinceNanos = now;
        } else if (asked && now - Math.max(turnedAwaySinceNanos, excusedUntilNanos) > TURNED_AWAY_NANOS) {
            throw new Violation(TRADING_GOES_ON, "another gateway could have sent it: " + order);
        }
    }

    private static boolean becauseNobodyTrades(String reason) {
        return reason.contains("market is closed")
                || reason.contains("day is not open")
                || reason.contains("stale feed");
    }
}
