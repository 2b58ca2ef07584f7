package dev.holdfast.engine;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Event.OrderChanged;
import dev.holdfast.protocol.Event.StrategyChanged;
import dev.holdfast.protocol.Severity;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Side;

/**
 * Works towards what strategies want to hold: wishes the difference, waits until that order has ended, and wishes anew an exit
 * that ended without effect, with growing pauses, until the strategy holds what it wants. An entry is not repeated: the strategy
 * is told how it ended and decides.
 */
final class Pursuit {

    private static final long SECOND_NANOS = 1_000_000_000L;

    /** Pauses after orders without effect. After the last one a person is told of an exit, and it is tried once a minute. */
    private static final long[] PAUSE_SECONDS = {1, 2, 4, 8, 15};

    private static final long LONG_PAUSE_SECONDS = 60;
    private static final long ALARM_AGAIN_NANOS = 600 * SECOND_NANOS;

    private final State state;
    private final OrderDesk desk;

    Pursuit(State state, OrderDesk desk) {
        this.state = state;
        this.desk = desk;
    }

    /** One step: at most one order. */
    void work(String name, Decision decision) {
        Targets.Target target = state.targets.find(name);
        StrategyChanged strategy = state.strategies.find(name);
        if (target == null || strategy == null || state.strategies.running(name) == null) {
            return;
        }
        long share = state.positions.strategyQuantity(name, strategy.instrument(), strategy.product());
        long gap = target.quantity() - share;
        if (gap == 0) {
            if (!target.equals(target.reached())) {
                decision.change(() -> state.targets.put(name, target.reached()));
            }
            return;
        }
        if (underWay(name, gap, decision) || state.now < target.nextTryNanos()) {
            return;
        }
        boolean exit = share != 0 && (share > 0) == (gap < 0);
        if ((!exit && target.entryEnded())
                || !state.wishesWaitBecause(strategy.instrument(), exit).isEmpty()) {
            return;
        }
        // A target on the other side of zero is an exit and, when that has ended, an entry.
        long quantity = exit ? Math.min(Math.abs(gap), Math.abs(share)) : Math.abs(gap);
        desk.wish(
                new Risk.Proposal(
                        name,
                        strategy.instrument(),
                        gap > 0 ? Side.BUY : Side.SELL,
                        strategy.product(),
                        OrderType.MARKET,
                        quantity,
                        0),
                "",
                "",
                target.reason(),
                decision);
    }

    /** Whether an order of the strategy is open. One that leads away from what is wanted now is cancelled. */
    private boolean underWay(String name, long gap, Decision decision) {
        boolean any = false;
        for (OrderEntry entry : state.orders.liveOf(name)) {
            if (entry.order.state() != OrderState.HELD) {
                any = true;
                if ((entry.order.side() == Side.BUY) != (gap > 0)) {
                    desk.wantCancel(entry, "its strategy wants something else now", decision);
                }
            }
        }
        return any;
    }

    /** An order of a strategy ended: what it achieved says how to go on. */
    void ended(OrderChanged order, Decision decision) {
        String name = order.strategy();
        Targets.Target target = state.targets.find(name);
        OrderEntry entry = state.orders.find(order.orderNumber());
        if (target == null || entry == null) {
            return;
        }
        boolean entryEnded = target.entryEnded() || !entry.exit;
        if (order.filledQuantity() > 0) {
            decision.change(() -> state.targets.put(name, target.progressed(entryEnded)));
            return;
        }
        int failures = target.failures() + 1;
        boolean tooOften = failures > PAUSE_SECONDS.length;
        long pause = tooOften ? LONG_PAUSE_SECONDS : PAUSE_SECONDS[failures - 1];
        Targets.Target failed = target.failed(state.now + pause * SECOND_NANOS, entryEnded);
        if (entry.exit
                && tooOften
                && (target.alarmedNanos() == 0 || state.now - target.alarmedNanos() >= ALARM_AGAIN_NANOS)) {
            decision.emit(new Event.Alarm(
                    Severity.CRITICAL,
                    "strategy " + name,
                    "holds "
                            + state.positions.strategyQuantity(name, order.instrument(), order.product()) + " "
                            + state.market.name(order.instrument()) + " and wants " + target.quantity() + ": "
                            + failures
                            + " exits had no effect; tried each minute until you stop it. Last: order "
                            + order.orderNumber() + " " + order.state() + ", " + order.reason()));
            Targets.Target alarmed = failed.alarmed(state.now);
            decision.change(() -> state.targets.put(name, alarmed));
        } else {
            decision.change(() -> state.targets.put(name, failed));
        }
    }
}
