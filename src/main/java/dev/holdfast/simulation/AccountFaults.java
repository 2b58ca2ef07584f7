package dev.holdfast.simulation;

import dev.holdfast.protocol.BookList;
import dev.holdfast.simulation.SimulatedGateway.CallFault;
import java.util.List;

/**
 * Oddities of the account, the broker and the feed that are no failures. Each may stop the instrument that it concerns and
 * nothing else.
 */
final class AccountFaults {

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long DAY_NANOS = 86_400 * SECOND_NANOS;

    /** While no gateway may send, one order a minute is tried: trading begins again up to so long after the cause is gone. */
    private static final long TRIED_EVERY_NANOS = 60 * SECOND_NANOS;

    /** A broker that is silent for less may only be slow: no gateway gives way to another for it. */
    private static final long SILENCE_NANOS = 7 * SECOND_NANOS;

    private final World world;
    private final Dice dice;
    private boolean addressWasRefused;

    AccountFaults(World world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    List<Faults.Kind> kinds() {
        return List.of(
                new Faults.Kind("trading by other hands", world.hands::trade),
                new Faults.Kind("a strategy's holding sold by hand", world.hands::sellHolding),
                new Faults.Kind("a strategy's holding sold by hand", world.hands::sellHolding),
                new Faults.Kind("squared off by the broker", world.hands::squareOff),
                new Faults.Kind("position converted", world.hands::convert),
                new Faults.Kind("stranger with our tag", this::strangers),
                new Faults.Kind("odd row", this::oddRow),
                new Faults.Kind("market leaps beyond the cap", this::leapAway),
                new Faults.Kind("price gap", this::gap),
                new Faults.Kind("orders refused", this::refused),
                new Faults.Kind("address refused", this::addressRefused),
                new Faults.Kind("gateway cut off from the broker", this::cutOff),
                new Faults.Kind("feed mute", this::mute),
                new Faults.Kind("tick of another day", this::wrongClock));
    }

    private Continuity continuity() {
        return world.invariants.continuity();
    }

    private void strangers() {
        for (int order = dice.between(1, 3); order > 0; order--) {
            world.hands.stranger();
        }
    }

    private void oddRow() {
        int symbol = dice.between(0, Market.SYMBOLS.size() - 1);
        long nanos = dice.millis(1_000, 40_000);
        world.exchange.showOddRow(dice.any(List.of(BookList.values())), symbol, nanos);
        continuity().concern(symbol, nanos + TRIED_EVERY_NANOS);
    }

    private void leapAway() {
        world.exchange.leapAway(dice.between(1, 3));
    }

    private void gap() {
        int symbol = dice.between(0, Market.CONFIGURED.size() - 1);
        world.market.gap(symbol, dice.between(-4, 4));
        continuity().concern(symbol, 0); // what rests there may need no new price any more
    }

    private void refused() {
        CallFault fault = dice.chance(0.5) ? CallFault.TOO_MANY : CallFault.FORBIDDEN;
        int calls = dice.between(1, 2);
        world.gateways().forEach(gateway -> gateway.fail(fault, calls));
    }

    private void addressRefused() {
        if (world.calm && addressWasRefused) {
            return; // a gateway that was refused is not tried again for minutes
        }
        addressWasRefused = true;
        long nanos = dice.millis(2_000, 20_000);
        harm(nanos, TRIED_EVERY_NANOS, gateway -> gateway.refuseAddress(nanos));
    }

    private void cutOff() {
        long nanos = dice.millis(2_000, 20_000);
        continuity().excuse(SILENCE_NANOS);
        harm(nanos, 10 * SECOND_NANOS, gateway -> gateway.cutOff(nanos));
    }

    private void mute() {
        long nanos = dice.millis(2_000, 20_000);
        harm(nanos, SECOND_NANOS, gateway -> gateway.mute(nanos));
    }

    /** Harms one gateway, so that another must replace it; sometimes both. */
    private void harm(long nanos, long untilNoticedNanos, java.util.function.Consumer<SimulatedGateway> harm) {
        if (dice.chance(0.2)) {
            world.gateways().forEach(harm);
            continuity().excuse(nanos + untilNoticedNanos);
        } else if (!world.calm || world.gateways().stream().allMatch(SimulatedGateway::isWell)) {
            continuity().excuseIfMovedLately();
            harm.accept(dice.any(world.gateways()));
        }
    }

    private void wrongClock() {
        long shift = dice.chance(0.5) ? DAY_NANOS : -world.market.timeNanos() + SECOND_NANOS;
        int symbol = dice.between(0, Market.CONFIGURED.size() - 1);
        int ticks = dice.between(1, 20);
        world.gateways().forEach(gateway -> gateway.shiftTicks(symbol, ticks, shift));
    }
}
